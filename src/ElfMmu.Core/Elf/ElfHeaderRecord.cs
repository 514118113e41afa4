namespace ElfMmu.Elf;

/// <summary>The ELF header's fields after e_ident, raw, widened to 64 bits where the class decides the width.</summary>
internal struct ElfHeaderRecord
{
    public ushort Type;
    public ushort Machine;
    public uint Version;
    public ulong Entry;
    public ulong ProgramHeaderOffset;
    public ulong SectionHeaderOffset;
    public uint Flags;
    public ushort HeaderSize;
    public ushort ProgramHeaderEntrySize;
    public ushort ProgramHeaderCount;
    public ushort SectionHeaderEntrySize;
    public ushort SectionHeaderCount;
    public ushort SectionNameIndex;
}
