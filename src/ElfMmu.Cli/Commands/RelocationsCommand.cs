using System.CommandLine;
using System.IO.Enumeration;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf.Relocations;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu relocations</c>: lists the relocations of ELF files.</summary>
internal static class RelocationsCommand
{
    private static Columns<ElfRelocation> Columns { get; } = new()
    {
        { "Section", "Section", r => r.Section },
        { "SectionIndex", null, r => r.SectionIndex },
        { "Index", null, r => r.Index },
        { "Offset", "Offset", r => new Hex(r.Offset) },
        { "Address", null, r => Hex.Of(r.Address) },
        { "Info", null, r => new Hex(r.Info) },
        { "Format", null, r => r.Format.ToString() },
        { "Type", null, r => new Hex(r.Type) },
        { "TypeName", "Type", r => r.TypeName },
        { "Type2Name", null, r => r.Type2Name },
        { "Type3Name", null, r => r.Type3Name },
        { "TypeData", null, r => r.TypeData },
        { "SymbolIndex", null, r => r.SymbolIndex },
        { "SymbolValue", "SymbolValue", r => Hex.Of(r.SymbolValue) },
        { "SymbolName", "Symbol", r => r.SymbolName },
        { "Addend", "Addend", r => r.Addend, r => r.Addend is { } addend ? (addend < 0 ? "-" : "") + new Hex(addend < 0 ? 0 - (ulong)addend : (ulong)addend) : "" },
        { "TargetSection", null, r => r.TargetSection },
        { "TargetSectionIndex", null, r => r.TargetSectionIndex },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<string[]?> section = Value.Texts("--section", "NAME", "List those of the sections of this name, * for any characters; may be given several times.");
        Option<string[]?> type = Value.Texts("--type", "NAME", "List those of the type of this name, * for any characters; may be given several times.");
        Option<string[]?> symbol = Value.Texts("--symbol", "NAME", "List those that name a symbol of this name, * for any characters; may be given several times.");
        return ElfRows.Create(
            "relocations", "List the relocations of ELF files.", options, terminal, Columns, [section, type, symbol],
            (file, parse) =>
            {
                string[]? sections = parse.GetValue(section);
                string[]? types = parse.GetValue(type);
                string[]? symbols = parse.GetValue(symbol);
                return ElfRelocations.Read(file, name => Matches(sections, name, ignoreCase: false)).Where(r =>
                    (Matches(types, r.TypeName, ignoreCase: true)
                        || (r is { Type2: > 0, Type2Name: { } second } && Matches(types, second, ignoreCase: true))
                        || (r is { Type3: > 0, Type3Name: { } third } && Matches(types, third, ignoreCase: true)))
                    && (symbols is null or { Length: 0 } || (r.Symbol is { } s && (Matches(symbols, s.Name, ignoreCase: false) || Matches(symbols, s.FullName, ignoreCase: false)))));
            });
    }

    /// <summary>Whether a name is one of those wanted, in which * stands for any characters and ? for one; all names are if none is.</summary>
    internal static bool Matches(string[]? patterns, string name, bool ignoreCase) =>
        patterns is null or { Length: 0 } || Array.Exists(patterns, p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase));
}
