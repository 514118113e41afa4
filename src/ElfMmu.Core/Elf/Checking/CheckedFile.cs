namespace ElfMmu.Elf.Checking;

/// <summary>What several checks ask of a file.</summary>
internal static class CheckedFile
{
    /// <summary>
    /// Whether it is what <c>strip</c> took out of another file: debugging information, beside the headers of a program whose content isn't there.
    /// Code without bytes is the sign. O(sections).
    /// </summary>
    public static bool IsCompanion(ElfFile file)
    {
        foreach (ElfSectionHeader section in file.SectionHeaders)
        {
            if (section.Type == ElfSectionTypes.NoBits && (section.Flags & (ElfSectionFlags.Execute | ElfSectionFlags.Write)) == ElfSectionFlags.Execute)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a program or a library, whose addresses are those of one memory.</summary>
    public static bool IsLinked(ElfFile file) => file.Header.Type is ElfType.Executable or ElfType.SharedObject;

    /// <summary>What to call a segment in a message.</summary>
    public static string Segment(ElfFile file, int index) =>
        $"Segment {index} ({ElfNames.SegmentType(file.ProgramHeaders[index].Type, file.Header.Machine)})";

    /// <summary>What to call a section in a message.</summary>
    public static string Section(ElfFile file, int index) => $"Section {index} ('{file.SectionName(index)}')";
}
