using System.Buffers;
using System.Text;

namespace ElfMmu.Elf;

/// <summary>
/// Puts notes together into the bytes of a note segment, padded to 4 bytes as core files have them in both classes (gABI, "Note
/// Section"); p_align of the segment is then 4.
/// </summary>
/// <param name="data">The byte order of the file.</param>
public sealed class ElfNoteBuilder(ElfData data)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The size of what was added so far, in bytes.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>Appends a note.</summary>
    /// <param name="name">Its name without the NUL it ends with, which is added; characters up to U+00FF, each one byte.</param>
    /// <param name="type">Its type.</param>
    /// <param name="description">Its description, already in the file's byte order; padding is added, and not counted.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name has a character that isn't one byte, or is NUL.</exception>
    public ElfNoteBuilder Add(string name, uint type, ReadOnlySpan<byte> description)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00ff'))
        {
            throw new ArgumentException("A note's name is made of characters from U+0001 to U+00FF.", nameof(name));
        }

        var nameSize = name.Length == 0 ? 0 : name.Length + 1;
        var descriptionAt = ElfNotes.HeaderSize + Align(nameSize);
        var size = descriptionAt + Align(description.Length);
        var bytes = _bytes.GetSpan(size)[..size];
        bytes.Clear();
        uint nameWord = (uint)nameSize, descriptionWord = (uint)description.Length;
        var fields = new ElfFieldWriter(bytes, ElfClass.Elf32, data);
        fields.Word(ref nameWord);
        fields.Word(ref descriptionWord);
        fields.Word(ref type);
        Encoding.Latin1.GetBytes(name, bytes[ElfNotes.HeaderSize..]);
        description.CopyTo(bytes[descriptionAt..]);
        _bytes.Advance(size);
        return this;
    }

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private static int Align(int size) => checked(size + 3) & ~3;
}
