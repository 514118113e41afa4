using ElfMmu.Elf;
using ElfMmu.Intervals;

namespace ElfMmu.Companions;

/// <summary>A range of addresses that becomes a section.</summary>
/// <param name="Name">Its name, such as <c>.text</c>; null to have one made from its rights.</param>
/// <param name="Addresses">Where it is.</param>
/// <param name="Rights">What may be done there; it makes the flags of the section.</param>
public sealed record CompanionRange(string? Name, Interval Addresses, Rights Rights)
{
    /// <summary>The rights that a section of some name usually has: those of code for .text and .init, reading for .rodata, else data's.</summary>
    public static Rights RightsOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Starts(".text", ".init", ".fini", ".plt", ".exit") && !Starts(".init_array", ".init.data", ".fini_array", ".init.rodata")
            ? Rights.Read | Rights.Execute
            : Starts(".rodata", ".eh_frame", ".note", ".rel", ".dynsym", ".dynstr", ".hash", ".gnu.", "__ksymtab") ? Rights.Read
            : Rights.Read | Rights.Write;

        bool Starts(params ReadOnlySpan<string> starts)
        {
            foreach (string start in starts)
            {
                if (name.StartsWith(start, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The loaded ranges of an ELF file, neighbours with the same rights fused, in ascending order. O(segments × log segments).</summary>
    public static IReadOnlyList<CompanionRange> Of(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<(Interval Addresses, Rights Rights)> loads = [];
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            if (segment.Type == ElfSegmentType.Load && segment.MemorySize > 0)
            {
                ulong last = segment.VirtualAddress + Math.Min(segment.MemorySize - 1, ulong.MaxValue - segment.VirtualAddress);
                loads.Add((Interval.FromStartAndLast(segment.VirtualAddress, last), (Rights)((uint)segment.Flags & 7)));
            }
        }

        loads.Sort((a, b) => a.Addresses.CompareTo(b.Addresses));
        List<CompanionRange> ranges = [];
        foreach ((Interval addresses, Rights rights) in loads)
        {
            if (ranges.Count > 0 && ranges[^1] is var before && before.Addresses.Touches(addresses))
            {
                ulong last = Math.Max(before.Addresses.Last, addresses.Last);
                if (before.Rights == rights)
                {
                    ranges[^1] = before with { Addresses = Interval.FromStartAndLast(before.Addresses.Start, last) };
                    continue;
                }

                if (before.Addresses.Overlaps(addresses))
                {
                    // Whichever comes first has what both have.
                    if (last > before.Addresses.Last)
                    {
                        ranges.Add(new CompanionRange(null, Interval.FromStartAndLast(before.Addresses.Last + 1, last), rights));
                    }

                    continue;
                }
            }

            ranges.Add(new CompanionRange(null, addresses, rights));
        }

        return ranges;
    }
}
