namespace ElfMmu.Elf.Writing;

/// <summary>Bytes of a file that are no section's and no header's, such as what a segment has between its sections.</summary>
public sealed class ElfModelPiece
{
    /// <summary>Makes a piece.</summary>
    /// <param name="offset">Its first byte in the file.</param>
    /// <param name="content">Its bytes.</param>
    public ElfModelPiece(ulong offset, ReadOnlyMemory<byte> content)
    {
        Offset = offset;
        Source = new ElfContent(content);
    }

    internal ElfModelPiece(ulong offset, ElfContent source)
    {
        Offset = offset;
        Source = source;
    }

    /// <summary>Its first byte in the file.</summary>
    public ulong Offset { get; }

    /// <summary>Its size in bytes.</summary>
    public ulong Size => Source.Length;

    internal ElfContent Source { get; }
}
