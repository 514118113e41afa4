namespace ElfMmu.Elf.Sections;

/// <summary>How a section's content is compressed (gABI, "Section Compression").</summary>
public sealed class ElfCompression
{
    internal const uint Zlib = 1;
    internal const uint Zstandard = 2;

    internal ElfCompression(uint type, ulong size, ulong alignment, int headerSize, bool isOld)
    {
        Type = type;
        Size = size;
        Alignment = alignment;
        HeaderSize = headerSize;
        TypeName = (type, isOld) switch
        {
            (_, true) => "ZLIB",
            (Zlib, _) => "ELFCOMPRESS_ZLIB",
            (Zstandard, _) => "ELFCOMPRESS_ZSTD",
            (>= 0x70000000 and <= 0x7fffffff, _) => $"ELFCOMPRESS_LOPROC+0x{type - 0x70000000:x}",
            (>= 0x60000000 and <= 0x6fffffff, _) => $"ELFCOMPRESS_LOOS+0x{type - 0x60000000:x}",
            _ => $"ELFCOMPRESS_0x{type:x}",
        };
    }

    /// <summary>The algorithm (ch_type): 1 is zlib, 2 Zstandard.</summary>
    public uint Type { get; }

    /// <summary>The canonical name of it, such as ELFCOMPRESS_ZLIB; ZLIB of .zdebug sections, which have no number.</summary>
    public string TypeName { get; }

    /// <summary>The size of the content when it is decompressed, in bytes, as the file says.</summary>
    public ulong Size { get; }

    /// <summary>The alignment of the content when it is decompressed; 0 where it isn't said.</summary>
    public ulong Alignment { get; }

    /// <summary>The bytes before the compressed ones.</summary>
    internal int HeaderSize { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{TypeName} 0x{Size:x}";
}
