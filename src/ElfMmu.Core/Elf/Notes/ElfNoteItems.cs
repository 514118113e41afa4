namespace ElfMmu.Elf.Notes;

/// <summary>Lists the notes of a file.</summary>
public static class ElfNoteItems
{
    private const uint NoteSection = 7;

    /// <summary>The owners whose types have names. O(owners).</summary>
    public static IEnumerable<string> OwnerNames => NoteTypes.OwnerNames;

    /// <summary>The names of all owners' types, each once. O(names).</summary>
    public static IEnumerable<string> TypeNames => NoteTypes.TypeNames;

    /// <summary>
    /// All notes, each once, though sections and segments name most of them twice: those of the sections (SHT_NOTE) first, then what only
    /// segments (PT_NOTE) have. They are read while enumerating. O(bytes of notes).
    /// </summary>
    /// <param name="file">The file, which stays open while enumerating. What isn't sound becomes a diagnostic of it.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfNoteItem> Read(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new NoteAreas(file).Notes();
    }

    internal static bool IsNote(in ElfSectionHeader section) => section.Type == NoteSection;
}
