using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The files of a suspended VMware machine or a snapshot, which have one name and different extensions: <c>x.vmem</c> is the memory, and
/// <c>x.vmss</c> (suspended) or <c>x.vmsn</c> (a snapshot) the state. Each may be packed with gzip.
/// </summary>
internal static class VmwareFiles
{
    private const string Packed = ".gz";
    private const string Memory = ".vmem";

    // In the order of choice: a machine that is suspended has a .vmss, and its memory is that of the suspension.
    private static readonly string[] States = [".vmss", ".vmsn"];

    // Where a PC of VMware's has its hole below 4 GiB, when it has more memory than that.
    private const ulong HoleStart = 0xc000_0000;
    private const ulong HoleEnd = 0x1_0000_0000;

    /// <summary>Whether a file is the memory by its name.</summary>
    public static bool IsMemory(string path) => Stem(path, Memory) != null;

    /// <summary>The first state beside a memory file that starts like one; null for none.</summary>
    /// <param name="path">The memory file.</param>
    /// <param name="others">Takes the other files beside it by the names of states.</param>
    public static string? StateOf(string path, List<string> others)
    {
        string? found = null;
        foreach (string candidate in Stem(path, Memory) is { } stem ? States.SelectMany(e => Beside(stem, e)) : [])
        {
            if (found == null && IsState(candidate))
            {
                found = candidate;
            }
            else
            {
                others.Add(candidate);
            }
        }

        return found;
    }

    /// <summary>The memory file beside a state; null for none.</summary>
    public static string? MemoryOf(string path) =>
        States.Select(e => Stem(path, e)).OfType<string>().SelectMany(s => Beside(s, Memory)).FirstOrDefault();

    /// <summary>Whether a PC with as much memory has a hole below 4 GiB, so that its memory isn't one stretch.</summary>
    public static bool MayHaveHole(ulong length) => length > HoleStart;

    /// <summary>What to say when a memory file is read without a state; null when there is nothing to say.</summary>
    public static string? WithoutState(string path, ulong length)
    {
        if (!IsMemory(path))
        {
            return null;
        }

        string name = Path.GetFileName(path);
        string stem = Path.GetFileName(Stem(path, Memory)!);
        string start = $"'{path}' is the memory of a VMware machine, and no state ({stem}.vmss or {stem}.vmsn) is beside it that says where it "
            + "belongs and what the processors' registers are: it is taken to start at physical 0.";
        return !MayHaveHole(length)
            ? start
            : $"{start} It has more than 3 GiB, and such a machine has a hole below 4 GiB: what follows offset 0x{HoleStart:x} is most likely at "
                + $"physical 0x{HoleEnd:x}. Put the state beside it, or say where it was in a machine description (two ranges of RAM, whose dumpfiles "
                + $"are the two parts of {name}).";
    }

    private static IEnumerable<string> Beside(string stem, string extension) =>
        new[] { extension, extension.ToUpperInvariant(), extension + Packed }.Select(e => stem + e).Where(File.Exists).DistinctBy(
            f => f, OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private static string? Stem(string path, string extension)
    {
        if (path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase))
        {
            path = path[..^Packed.Length];
        }

        return path.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? path[..^extension.Length] : null;
    }

    private static bool IsState(string path)
    {
        try
        {
            using DataSource source = DataSourceFactory.Open(path);
            Span<byte> head = stackalloc byte[18];
            head = head[..(int)Math.Min(source.Length, 18)];
            source.Read(0, head);

            // What is packed is looked into when it is opened.
            return VmwareState.Matches(head) || Gzip.Matches(head);
        }
        catch (ElfMmuException)
        {
            return false;
        }
    }
}
