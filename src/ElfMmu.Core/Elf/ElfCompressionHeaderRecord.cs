namespace ElfMmu.Elf;

/// <summary>The header of a compressed section's content, raw (gABI, "Section Compression").</summary>
internal struct ElfCompressionHeaderRecord
{
    public uint Type;
    public uint Reserved;
    public ulong Size;
    public ulong Alignment;
}
