namespace ElfMmu.Elf;

/// <summary>The fields of an entry of the dynamic section, raw and widened.</summary>
internal struct ElfDynamicRecord
{
    public ulong Tag;
    public ulong Value;
}
