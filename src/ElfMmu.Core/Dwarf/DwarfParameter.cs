namespace ElfMmu.Dwarf;

/// <summary>A parameter, of a function or of the type of one.</summary>
/// <param name="Name">Its name; null if nobody says.</param>
/// <param name="Type">Its type.</param>
public sealed record DwarfParameter(string? Name, DwarfType Type)
{
    /// <summary>Where it is while the function runs; null if nobody says. The type of a function alone has no use for it.</summary>
    public DwarfLocation? Location { get; init; }
}
