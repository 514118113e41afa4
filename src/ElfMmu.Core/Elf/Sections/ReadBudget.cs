namespace ElfMmu.Elf.Sections;

/// <summary>
/// How much content of a file is read in all: eight times its length. Sections of a sound file don't overlap, and thousands of them over the
/// same bytes, each read by itself, would never end.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class ReadBudget(ElfFile file)
{
    private const ulong Times = 8;

    /// <summary>More than a section can become when it is decompressed, and what they can become in all.</summary>
    private ulong _decompressed = 4 * ElfFile.MostBytes;

    private ulong _left = file.Input.Length > ulong.MaxValue / Times ? ulong.MaxValue : file.Input.Length * Times;

    /// <summary>Whether a section's content may be read; a diagnostic says that it may not.</summary>
    /// <param name="section">The section's index.</param>
    public bool TryTake(int section)
    {
        ElfSectionHeader header = file.SectionHeaders[section];
        ulong size = header.Type is ElfSectionTypes.Null or ElfSectionTypes.NoBits ? 0 : Math.Min(header.Size, file.Input.Length);
        return TryTake(ref _left, size, section);
    }

    /// <summary>Whether so much may be made of a section's content by decompressing it.</summary>
    /// <param name="size">The size in bytes.</param>
    /// <param name="section">The section's index.</param>
    public bool TryTakeDecompressed(ulong size, int section) => TryTake(ref _decompressed, size, section);

    private bool TryTake(ref ulong left, ulong size, int section)
    {
        if (size > left)
        {
            file.Diagnostics.Add("ContentLeftOut",
                "The sections lie over one another, and their contents are far more than the file; the contents of some were left out.",
                file.SectionHeaders[section].Offset);
            return false;
        }

        left -= size;
        return true;
    }
}
