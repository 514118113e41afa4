namespace ElfMmu.Dwarf;

/// <summary>Reads types from text: a small C, or JSON. docs/types.md describes both.</summary>
public static class DwarfTypes
{
    /// <summary>
    /// Reads types written in C, and lays them out as GCC does for the target. O(length) in time and memory.
    /// </summary>
    /// <param name="text">The text: declarations of structures, unions, enumerations, typedefs, variables and functions.</param>
    /// <param name="target">What the types are for.</param>
    /// <returns>The types by name.</returns>
    /// <exception cref="ElfMmuException"><c>TypeTextInvalid</c>, with the line and column of what is wrong.</exception>
    public static DwarfTypeLibrary ParseC(string text, DwarfTarget target)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(target);
        var library = new DwarfTypeLibrary(target);
        CParser.Declarations(text, library);
        return library;
    }

    /// <summary>
    /// Reads types written in JSON: of the form docs/types.md describes, or an intermediate symbol file of Volatility 3, whose symbols
    /// become <see cref="DwarfTypeLibrary.Declarations"/>. O(length) in time and memory.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="target">What the types are for.</param>
    /// <returns>The types by name.</returns>
    /// <exception cref="ElfMmuException"><c>TypeJsonInvalid</c>, with the place of what is wrong.</exception>
    public static DwarfTypeLibrary ParseJson(string text, DwarfTarget target)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(target);
        var library = new DwarfTypeLibrary(target);
        DwarfJson.Read(text, library);
        return library;
    }
}
