namespace ElfMmu.Elf.Writing;

/// <summary>A section on its way into a file: what the layout found out about it.</summary>
internal sealed class ElfPlacedSection(ElfModelSection section)
{
    public ElfModelSection Section => section;

    public ElfContent Content { get; set; } = section.Source;

    public ulong Size { get; set; } = section.Size;

    public ulong Offset { get; set; }

    public bool IsPlaced { get; set; }

    public uint Link { get; set; } = section.Link;

    public uint Info { get; set; } = section.Info;

    /// <summary>The first byte in the file behind it.</summary>
    public ulong End => Offset + (section.HasContent ? Content.Length : 0);

    public void Set(byte[] bytes)
    {
        Content = new ElfContent(bytes);
        Size = (ulong)bytes.Length;
    }
}
