using System.Runtime.InteropServices;

namespace ElfMmu.Elf.Notes;

/// <summary>A note of a file, with what it means (gABI, "Note Section").</summary>
public sealed class ElfNoteItem : ElfItem
{
    private readonly ElfFile _file;
    private readonly ElfNote _note;
    private readonly NoteContent _content;

    internal ElfNoteItem(ElfFile file, ElfNote note, int index, int? section)
        : base(file)
    {
        SectionIndex = section;
        Section = section is { } number ? file.SectionName(number) : null;
        _file = file;
        _note = note;
        Index = index;
        Description = MemoryMarshal.TryGetArray(note.Description, out ArraySegment<byte> bytes) && bytes.Count == bytes.Array!.Length
            ? bytes.Array
            : note.Description.ToArray();
        _content = Decode();
    }

    /// <summary>Its position among the file's notes, from 0.</summary>
    public int Index { get; }

    /// <summary>Who gives the type its meaning, such as CORE; each byte one character.</summary>
    public string Owner => _note.Name;

    /// <summary>What it is, in the owner's numbering (n_type).</summary>
    public uint Type => _note.Type;

    /// <summary>The canonical name of the type, such as NT_GNU_BUILD_ID; NT_0x63 where the owner's number has none.</summary>
    public string TypeName => NoteTypes.Name(Owner, Type, _file.Header.Type == ElfType.Core);

    /// <summary>The name of the section it is in; null where it is in none.</summary>
    public string? Section { get; }

    /// <summary>The index of the section it is in; null where it is in none.</summary>
    public int? SectionIndex { get; }

    /// <summary>The index of the first segment of notes it is in; null where it is in none.</summary>
    public int? SegmentIndex { get; internal init; }

    /// <summary>Where its description starts in the file, in bytes.</summary>
    public ulong Offset => _note.Offset;

    /// <summary>The size of its description in bytes, without padding.</summary>
    public int Size => Description.Length;

    /// <summary>Its description, in the file's byte order.</summary>
    public byte[] Description { get; }

    /// <summary>
    /// What the description says, as an object: for NT_PRSTATUS a <see cref="CoreThreadStatus"/>, for NT_PRPSINFO a
    /// <see cref="CoreProcessInfo"/>, for NT_AUXV a <see cref="CoreAuxiliaryVector"/>, for NT_FILE a <see cref="CoreMappedFiles"/>, for
    /// NT_SIGINFO a <see cref="CoreSignal"/>, for QEMU's note a <see cref="QemuCpuState"/>, for NT_GNU_ABI_TAG a <see cref="GnuAbiTag"/>,
    /// for NT_GNU_PROPERTY_TYPE_0 <see cref="GnuProperties"/>, for NT_STAPSDT a <see cref="SystemTapProbe"/>; for VMCOREINFO and for
    /// JSON dictionaries; for others a text or a number. Null where its layout isn't known.
    /// </summary>
    public object? Value => _content.Value;

    /// <summary>What the description says, in one line; the first bytes in hexadecimal where that isn't known.</summary>
    public string Text => _content.Text;

    private NoteContent Decode()
    {
        try
        {
            return NoteContents.Read(_note, _file.Header);
        }
        catch (FormatException e)
        {
            _file.Diagnostics.Add("NoteInvalid",
                $"The note {TypeName} of {Owner} with 0x{Size:x} bytes at 0x{Offset:x} can't be understood: {e.Message}.", Offset, SectionIndex);
            return new NoteContent(null, NoteContents.Plain(Description));
        }
    }
}
