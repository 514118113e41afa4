namespace ElfMmu.Elf.Sections;

/// <summary>A text in a section of a file.</summary>
public sealed class ElfString : ElfItem
{
    private readonly ElfSection _section;

    internal ElfString(ElfFile file, ElfSection section, ulong offset, int length, string text)
        : base(file)
    {
        _section = section;
        Offset = offset;
        Length = length;
        Text = text;
    }

    /// <summary>The text; at most <see cref="ElfStringSearch.MostTextBytes"/> bytes of it.</summary>
    public string Text { get; }

    /// <summary>Its bytes in the file, without its end.</summary>
    public int Length { get; }

    /// <summary>Its first byte, counted from the start of its section: that is how symbols and others refer to it.</summary>
    public ulong Offset { get; }

    /// <summary>Its first byte in the file.</summary>
    public ulong FileOffset => _section.Offset + Offset;

    /// <summary>Its virtual address, as the file counts them; null where its section isn't loaded.</summary>
    public ulong? VirtualAddress => _section.VirtualAddress + Offset;

    /// <summary>The name of its section.</summary>
    public string Section => _section.Name;

    /// <summary>The index of its section.</summary>
    public int SectionIndex => _section.Index;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
