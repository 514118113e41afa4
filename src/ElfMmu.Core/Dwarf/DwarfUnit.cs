namespace ElfMmu.Dwarf;

/// <summary>A compilation unit: what debug information is to say.</summary>
public sealed class DwarfUnit
{
    /// <summary>Its name, usually that of its source file.</summary>
    public string Name { get; set; } = "";

    /// <summary>The directory relative file names are below; empty if there is none.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The program the unit comes from.</summary>
    public string Producer { get; set; } = "ElfMmu";

    /// <summary>Its language.</summary>
    public DwarfLanguage Language { get; set; } = DwarfLanguage.C11;

    /// <summary>
    /// The addresses of its code. Left empty, they are those of its functions and lines, fused; functions must lie within them.
    /// </summary>
    public List<DwarfRange> Ranges { get; } = [];

    /// <summary>
    /// Its types. Those its variables, functions and other types refer to come along, so only those that nothing refers to need to be here;
    /// more do no harm.
    /// </summary>
    public List<DwarfType> Types { get; } = [];

    /// <summary>Its variables.</summary>
    public List<DwarfVariable> Variables { get; } = [];

    /// <summary>Its constants.</summary>
    public List<DwarfConstant> Constants { get; } = [];

    /// <summary>Its functions.</summary>
    public List<DwarfFunction> Functions { get; } = [];

    /// <summary>The rows of its line table: sequences, each with rising addresses and ended by <see cref="DwarfLine.End"/>.</summary>
    public List<DwarfLine> Lines { get; } = [];
}
