namespace ElfMmu.Dwarf;

/// <summary>A variable of a function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Location">Where it is; null if it is nowhere (optimized out).</param>
public sealed record DwarfLocal(string Name, DwarfType Type, DwarfLocation? Location)
{
    /// <summary>The line it is declared in, from 1; 0 if nobody says. The file is the function's.</summary>
    public uint Line { get; init; }
}
