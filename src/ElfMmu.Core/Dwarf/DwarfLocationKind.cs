namespace ElfMmu.Dwarf;

/// <summary>What a location is made of.</summary>
internal enum DwarfLocationKind
{
    Address,
    Frame,
    Register,
    Memory,
}
