using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The symbols of all tables with their versions (-s).</summary>
internal sealed class SymbolArea : IReadelfArea
{
    private const ulong LargestDecimal = 99_999;

    public string Option => "-s";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        if (file.SectionHeaders.Length == 0)
        {
            yield return new("Dynamic symbol information is not available for displaying symbols.");
            yield break;
        }

        foreach (ElfSymbolTable table in ElfSymbolTables.Of(file))
        {
            // A file of debugging information has the headers of tables that it hasn't: readelf heads an empty list then.
            ulong count = file.SectionHeaders[table.Section!.Value].Size / (ulong)ElfSymbolTable.EntrySize(file.Header.Class);
            yield return new($"Symbol table '{ReadelfText.Name(table.Name)}' contains {count} {(count == 1 ? "entry" : "entries")}:", 2);
            yield return new(file.Header.Class == ElfClass.Elf64
                ? "   Num:    Value          Size Type    Bind   Vis      Ndx Name"
                : "   Num:    Value  Size Type    Bind   Vis      Ndx Name");
            foreach (ElfSymbol s in table.Symbols)
            {
                string size = s.Size <= LargestDecimal ? $"{s.Size,5}" : $"0x{s.Size:x}";
                string other = s.Other > 3 ? $" [{SymbolOther.Of(file.Header.Machine, s.Other & ~3)}] " : "";
                string version = s.Version == null ? "" : s.VersionFile != null ? $"@{s.Version} ({s.VersionIndex})" : (s.IsDefaultVersion ? "@@" : "@") + s.Version;
                yield return new(
                    $"{s.Index,6}: {ReadelfText.Address(file, s.Value)} {size} {Type(file, s),-7} {Binding(file, s),-6} {s.VisibilityName[4..],-7}{other} {s.SectionText,4} " +
                    ReadelfText.Name(s.Name) + version,
                    version.Length > 0 ? 9 : 8);
            }
        }
    }

    private static string Type(ElfFile file, ElfSymbol symbol) => symbol.TypeName switch
    {
        "STT_GNU_IFUNC" => file.Header.OsAbi is ElfOsAbi.Gnu or ElfOsAbi.FreeBsd ? "IFUNC" : "<OS specific>: 10",
        "STT_ARM_TFUNC" => "THUMB_FUNC",
        "STT_SPARC_REGISTER" => "REGISTER",
        var name when name.StartsWith("STT_LOPROC", StringComparison.Ordinal) => $"<processor specific>: {(int)symbol.Type}",
        var name when name.StartsWith("STT_LOOS", StringComparison.Ordinal) => $"<OS specific>: {(int)symbol.Type}",
        var name => ReadelfText.Without("STT_", name),
    };

    private static string Binding(ElfFile file, ElfSymbol symbol) => symbol.BindingName switch
    {
        "STB_GNU_UNIQUE" => file.Header.OsAbi == ElfOsAbi.Gnu ? "UNIQUE" : "<OS specific>: 10",
        var name when name.StartsWith("STB_LOPROC", StringComparison.Ordinal) => $"<processor specific>: {(int)symbol.Binding}",
        var name when name.StartsWith("STB_LOOS", StringComparison.Ordinal) => $"<OS specific>: {(int)symbol.Binding}",
        var name => ReadelfText.Without("STB_", name),
    };
}
