namespace ElfMmu.Elf;

/// <summary>A section header's fields, raw and widened.</summary>
internal struct ElfSectionHeaderRecord
{
    public uint Name;
    public uint Type;
    public ulong Flags;
    public ulong Address;
    public ulong Offset;
    public ulong Size;
    public uint Link;
    public uint Info;
    public ulong Alignment;
    public ulong EntrySize;
}
