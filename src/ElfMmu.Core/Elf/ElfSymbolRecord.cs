namespace ElfMmu.Elf;

/// <summary>A symbol's fields, raw and widened.</summary>
internal struct ElfSymbolRecord
{
    public uint Name;
    public ulong Value;
    public ulong Size;
    public byte Info;
    public byte Other;
    public ushort Section;
}
