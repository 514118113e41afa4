using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Intervals;

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
        Option<string[]?> type = Value.Texts(
            "--type", "TYPE", "List those of this type: a number, or a name with or without R_, * for any characters; may be given several times.");
        Option<string[]?> symbol = Value.Texts("--symbol", "NAME", "List those that name a symbol of this name, * for any characters; may be given several times.");
        Option<Interval[]?> address = Value.Ranges("--address", "List those whose place is at an address, or in a range; may be given several times.", single: true);
        Option<Interval[]?> offset = Value.Ranges("--offset", "List those whose offset is this, or in a range; may be given several times.", single: true);
        return ElfRows.Create(
            "relocations", "List the relocations of ELF files.", options, terminal, Columns, [section, type, symbol, address, offset],
            (file, parse) =>
            {
                Func<uint, string, bool>? types = ElfNameFilter.Types(parse.GetValue(type), "R_");
                Func<string, bool>? symbols = ElfNameFilter.Names(parse.GetValue(symbol));
                Interval[]? addresses = parse.GetValue(address);
                Interval[]? offsets = parse.GetValue(offset);
                return ElfRelocations.Read(file, ElfNameFilter.Names(parse.GetValue(section)) ?? (_ => true)).Where(r =>
                    (types == null || IsType(r, types)) && (symbols == null || (r.Symbol is { } s && (symbols(s.Name) || symbols(s.FullName))))
                    && (addresses is not { Length: > 0 } || (r.Address is { } place && Array.Exists(addresses, a => a.Contains(place))))
                    && (offsets is not { Length: > 0 } || Array.Exists(offsets, o => o.Contains(r.Offset))));
            });
    }

    // Some processors have up to three types in one.
    private static bool IsType(ElfRelocation relocation, Func<uint, string, bool> types) => types(relocation.Type, relocation.TypeName)
        || (relocation is { Type2: > 0 and { } second, Type2Name: { } name2 } && types(second, name2))
        || (relocation is { Type3: > 0 and { } third, Type3Name: { } name3 } && types(third, name3));
}
