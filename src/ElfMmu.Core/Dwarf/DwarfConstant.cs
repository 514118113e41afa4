namespace ElfMmu.Dwarf;

/// <summary>A name for a number (DW_AT_const_value): what a macro or a <c>static const</c> is in the source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value: from -2⁶³ to 2⁶⁴ - 1.</param>
/// <param name="Type">Its type, which debuggers need to show it.</param>
public sealed record DwarfConstant(string Name, Int128 Value, DwarfType Type);
