using System.Text;

namespace ElfMmu.Elf.Sections;

/// <summary>Lists the segments of a file.</summary>
public static class ElfSegments
{
    /// <summary>The most bytes of the interpreter's path that are read; what systems allow.</summary>
    public const int MostPathBytes = 4096;

    /// <summary>How often a section is compared with a segment, in all of a file. A core of 65,535 segments has few sections.</summary>
    internal const long MostComparisons = 1 << 24;

    /// <summary>
    /// Lists the segments of a file in the order of its table, with the sections that lie in each. O(segments · sections), up to a stated
    /// limit; a diagnostic says so where it was reached, and the rest have no sections.
    /// </summary>
    /// <param name="file">The file; it must be open while this is enumerated, and needn't be afterwards.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfSegment> Read(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Enumerate(file);
    }

    /// <summary>The path in the first PT_INTERP; null if there is none.</summary>
    internal static string? Interpreter(ElfFile file)
    {
        foreach (ElfProgramHeader header in file.ProgramHeaders)
        {
            if (header.Type == ElfSegmentType.Interpreter && header.FileSize > 0)
            {
                return Interpreter(file, header);
            }
        }

        return null;
    }

    private static IEnumerable<ElfSegment> Enumerate(ElfFile file)
    {
        // Read now, for the names are asked for when the file is closed.
        file.SectionName(0);
        int count = file.ProgramHeaders.Length;
        long comparisons = 0;
        for (int i = 0; i < count; i++)
        {
            ElfProgramHeader header = file.ProgramHeaders[i];
            comparisons += file.SectionHeaders.Length;
            bool tooMany = comparisons > MostComparisons;
            if (tooMany)
            {
                file.Diagnostics.Add("SegmentSectionsLeftOut",
                    $"{count} segments and {file.SectionHeaders.Length} sections are too many to say of each segment which sections lie in it; " +
                    $"from segment {i} on it isn't said.",
                    file.Header.ProgramHeaderOffset);
                comparisons = MostComparisons;
            }

            yield return new ElfSegment(file, i, header)
            {
                Interpreter = header.Type == ElfSegmentType.Interpreter && header.FileSize > 0 ? Interpreter(file, header) : null,
                SectionIndexes = tooMany ? [] : ElfSegmentRule.SectionsOf(file, header),
            };
        }
    }

    /// <summary>The path of the interpreter, up to its NUL and to what was read of it.</summary>
    private static string Interpreter(ElfFile file, in ElfProgramHeader header)
    {
        ulong offset = header.Offset;
        ulong size = Math.Min(header.FileSize, MostPathBytes);
        if (file.IsLoaded)
        {
            if (!file.TryLocate(header.VirtualAddress, out offset, out ulong available))
            {
                return "";
            }

            size = Math.Min(size, available);
        }

        ReadOnlySpan<byte> bytes = file.Read(offset, size, () => "The path of the interpreter");
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
