namespace ElfMmu.Dwarf;

/// <summary>A value of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value: from -2⁶³ to 2⁶⁴ - 1.</param>
public sealed record DwarfEnumerator(string Name, Int128 Value);
