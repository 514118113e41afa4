using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Companions;

/// <summary>The names that tables and objects have for what is said of a symbol.</summary>
public static class SymbolColumns
{
    // The first name that has a value counts.
    private static readonly (SymbolColumn Column, string[] Names)[] All =
    [
        (SymbolColumn.Name, ["Name", "SymbolName", "Symbol"]),
        (SymbolColumn.Address, ["Address", "Value", "VirtualAddress", "VA"]),
        (SymbolColumn.Size, ["Size", "Length"]),
        (SymbolColumn.DataType, ["DataType", "CType", "TypeName"]),
        (SymbolColumn.Type, ["SymbolType", "TypeName", "Type", "Kind", "Letter"]),
        (SymbolColumn.Binding, ["BindingName", "Binding", "Bind"]),
        (SymbolColumn.Visibility, ["VisibilityName", "Visibility"]),
        (SymbolColumn.Section, ["SectionName", "Section"]),
        (SymbolColumn.Module, ["Module"]),
        (SymbolColumn.File, ["File", "SourceFile"]),
        (SymbolColumn.Line, ["Line", "LineNumber"]),
        (SymbolColumn.Frame, ["Frame"]),
    ];

    private static readonly Dictionary<string, string> Names =
        All.SelectMany(c => c.Names).Distinct().ToDictionary(n => n, n => n, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of a column, the one that counts most first; letters' case doesn't matter.</summary>
    /// <param name="column">The column.</param>
    public static IReadOnlyList<string> NamesOf(SymbolColumn column) => Array.Find(All, c => c.Column == column).Names;

    /// <summary>Whether a name is one of them.</summary>
    /// <param name="name">A name in any case; blanks around it don't matter.</param>
    /// <param name="known">The name as <see cref="NamesOf"/> has it.</param>
    public static bool TryFind(string name, [NotNullWhen(true)] out string? known) => Names.TryGetValue(name.Trim(), out known);
}
