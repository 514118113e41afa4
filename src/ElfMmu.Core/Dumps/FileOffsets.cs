using ElfMmu.Intervals;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Where the bytes of a dump's files are in physical memory.</summary>
internal sealed class FileOffsets
{
    private readonly string _path;
    private readonly Dictionary<string, OverlapIndex> _byFile;

    /// <summary>Makes the look-up. O(runs log runs).</summary>
    public FileOffsets(MemoryDump dump)
    {
        _path = dump.Identity.Path;
        _byFile = dump.Memory.Runs.GroupBy(r => r.Source.Name).ToDictionary(
            g => g.Key, g => new OverlapIndex([.. g.Select(r => new TargetInterval(Interval.FromStartAndLast(r.Start, r.Last), r.Offset))]));
    }

    /// <summary>The physical addresses of the byte at an offset, ascending; see <see cref="MemoryDump.AddressesAt"/>.</summary>
    public IReadOnlyList<ulong> Find(ulong offset, string? file)
    {
        List<ulong> addresses = [];
        foreach (OverlapMatch match in Of(file).Find(offset))
        {
            addresses.Add(match.Interval.Start);
        }

        addresses.Sort();
        return addresses;
    }

    private OverlapIndex Of(string? file)
    {
        if (file != null && _byFile.TryGetValue(file, out OverlapIndex? index))
        {
            return index;
        }

        string[] named = [.. _byFile.Keys.Where(k => file == null || Path.GetFileName(k) == file)];
        return named switch
        {
            [var one] => _byFile[one],
            [] => throw new ElfMmuException(
                "FileNotOfDump",
                ErrorKind.NotFound,
                $"None of the memory of '{_path}' is in '{file}'; it is in {Names(_byFile.Keys)}.")
            { Path = _path },
            _ => throw new ElfMmuException(
                "FileAmbiguous",
                ErrorKind.InvalidArgument,
                $"The memory of '{_path}' is in several files. Say which of them the offset is in: {Names(named)}.")
            { Path = _path },
        };
    }

    private static string Names(IEnumerable<string> files) => string.Join(", ", files.Select(f => $"'{f}'"));
}
