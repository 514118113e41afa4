namespace ElfMmu.Elf;

/// <summary>A program header's fields, raw and widened.</summary>
internal struct ElfProgramHeaderRecord
{
    public uint Type;
    public uint Flags;
    public ulong Offset;
    public ulong VirtualAddress;
    public ulong PhysicalAddress;
    public ulong FileSize;
    public ulong MemorySize;
    public ulong Alignment;
}
