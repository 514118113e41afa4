using System.Text;

namespace ElfMmu.Elf.Writing;

/// <summary>Turns the notes of a section into bytes and back (gABI, "Note Section"). O(bytes).</summary>
internal static class ElfNoteCode
{
    public static int Alignment(ElfModelSection section) => section.Alignment == 8 ? 8 : 4;

    public static byte[] Encode(List<ElfModelNote> notes, ElfClass elfClass, ElfData data, int alignment)
    {
        var words = new ElfWords(elfClass, data);
        var bytes = new MemoryStream();
        Span<byte> header = stackalloc byte[ElfNotes.HeaderSize];
        foreach (ElfModelNote note in notes)
        {
            if (note.Name.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00ff'))
            {
                throw new ElfMmuException("ElfModelInvalid", ErrorKind.InvalidArgument,
                    $"The note's name '{note.Name}' has characters other than U+0001 to U+00FF; choose another.");
            }

            byte[] name = note.Name.Length == 0 ? [] : [.. Encoding.Latin1.GetBytes(note.Name), 0];
            words.Word(header, (uint)name.Length);
            words.Word(header[4..], (uint)note.Description.Length);
            words.Word(header[8..], note.Type);
            bytes.Write(header);
            bytes.Write(name);
            Pad(bytes, alignment);
            bytes.Write(note.Description.Span);
            Pad(bytes, alignment);
        }

        return bytes.ToArray();
    }

    /// <summary>The notes in bytes; null if they don't end where the bytes do.</summary>
    public static List<ElfModelNote>? Decode(ReadOnlyMemory<byte> bytes, ElfClass elfClass, ElfData data, int alignment, ElfModelSection section)
    {
        var words = new ElfWords(elfClass, data);
        var notes = new List<ElfModelNote>();
        ulong at = 0;
        ulong length = (ulong)bytes.Length;
        while (length - at >= ElfNotes.HeaderSize)
        {
            ReadOnlySpan<byte> rest = bytes.Span[(int)at..];
            ulong name = words.Word(rest);
            ulong description = Up(at + ElfNotes.HeaderSize + name, alignment);
            ulong end = description + words.Word(rest[4..]);
            if (end > length || (name != 0 && rest[(int)(ElfNotes.HeaderSize + name - 1)] != 0))
            {
                return null;
            }

            string text = name == 0 ? "" : Encoding.Latin1.GetString(rest.Slice(ElfNotes.HeaderSize, (int)name - 1));
            notes.Add(new ElfModelNote(section, text, words.Word(rest[8..]), bytes[(int)description..(int)end]));
            at = Math.Min(Up(end, alignment), length);
        }

        return at == length ? notes : null;
    }

    private static ulong Up(ulong value, int alignment) => (value + (ulong)alignment - 1) & ~((ulong)alignment - 1);

    private static void Pad(MemoryStream bytes, int alignment)
    {
        while (bytes.Length % alignment != 0)
        {
            bytes.WriteByte(0);
        }
    }
}
