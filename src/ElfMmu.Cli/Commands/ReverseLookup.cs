using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>Finds what leads to physical addresses, or to offsets in a file, in any number of spaces of one dump.</summary>
/// <param name="wanted">The addresses or offsets.</param>
/// <param name="areOffsets">Whether they are offsets.</param>
/// <param name="file">The file that the offsets are in; null where the dump is one file.</param>
/// <param name="terminal">Where messages go.</param>
internal sealed class ReverseLookup(ulong[] wanted, bool areOffsets, string? file, Terminal terminal)
{
    private readonly bool[] _found = new bool[wanted.Length];

    // What there is to say of each if nothing leads to it; null while nobody has looked.
    private readonly string?[] _nothing = new string?[wanted.Length];

    /// <summary>The virtual addresses of a space that lead there, in the order of what is wanted. O(mappings) for the first, then O(log mappings + found).</summary>
    public IEnumerable<ResolvedAddress> In(AddressSpace space)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
        terminal.About([map.Remark], map.Warnings);
        var index = new PhysicalIndex(map);
        for (int i = 0; i < wanted.Length; i++)
        {
            IReadOnlyList<ulong> addresses = areOffsets ? space.Dump.AddressesAt(wanted[i], file) : [wanted[i]];
            _nothing[i] ??= Nothing(space.Dump, wanted[i], addresses);
            foreach (PhysicalMatch match in addresses.SelectMany(index.Find))
            {
                _found[i] = true;
                yield return match.ToResolved(space.Dump);
            }
        }
    }

    /// <summary>Says what nothing leads to, once all spaces have been looked in.</summary>
    public void WarnOfNothing()
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!_found[i] && _nothing[i] is { } message)
            {
                terminal.Warn(message);
            }
        }
    }

    private string Nothing(MemoryDump dump, ulong address, IReadOnlyList<ulong> addresses)
    {
        if (!areOffsets)
        {
            string held = dump.TryLocate(address, out _, out _) ? "" : ", of which the dump has no bytes";
            return $"no virtual address leads to physical address 0x{address:x}{held}.";
        }

        if (addresses.Count > 0)
        {
            return $"no virtual address leads to the byte at offset 0x{address:x}, physical address 0x{addresses[0]:x}.";
        }

        DataSource source = dump.Memory.Runs.Select(r => r.Source).First(s => file == null || s.Name == file || Path.GetFileName(s.Name) == file);
        return address >= source.Length
            ? $"offset 0x{address:x} is beyond the end of '{source.Name}', which has 0x{source.Length:x} bytes."
            : $"what is at offset 0x{address:x} of '{source.Name}' is no memory.";
    }
}
