using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The relocations of all sections (-r).</summary>
internal sealed class RelocationArea : IReadelfArea
{
    private const uint Rela = 4;
    private const uint Rel = 9;
    private const uint Relr = 19;

    private static readonly string[] AlphaUses = ["ADDR", "BASE", "BYTOFF", "JSR", "TLSGD", "TLSLDM", "JSRDIRECT"];

    public string Option => "-r";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        bool any = false;
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (section.Type is not (Rela or Rel or Relr) || section.Size == 0)
            {
                continue;
            }

            any = true;
            ulong count = section.Size / section.EntrySize;
            string name = file.SectionName(i);
            yield return new(
                $"Relocation section '{ReadelfText.Name(name)}' at offset 0x{section.Offset:x} contains {count} {(count == 1 ? "entry" : "entries")}:", 3);
            ElfRelocation[] all = [.. ElfRelocations.Read(file, n => n == name).Where(r => r.SectionIndex == i)];
            foreach (ReadelfLine line in section.Type == Relr ? Places(file, all) : Entries(file, all, section.Type == Rela))
            {
                yield return line;
            }
        }

        if (!any)
        {
            yield return new("There are no relocations in this file.");
        }
    }

    public string? Clean(string theirs) => theirs.TrimEnd();

    // A program without section headers has relocations that only its dynamic section knows of.
    public string? Excuse(string theirs, string ours) =>
        theirs == "There are no static relocations in this file." ? "readelf says that the relocations are in the dynamic section alone"
        : Cut.Of(theirs, ours) ? "a section's name of more than 256 characters is cut" : null;

    private static IEnumerable<ReadelfLine> Places(ElfFile file, ElfRelocation[] all)
    {
        yield return new($"  {all.Length} {(all.Length == 1 ? "offset" : "offsets")}", 1);
        foreach (ElfRelocation r in all)
        {
            yield return new(ReadelfText.Address(file, r.Offset), 1);
        }
    }

    private static IEnumerable<ReadelfLine> Entries(ElfFile file, ElfRelocation[] all, bool rela)
    {
        bool wide = file.Header.Class == ElfClass.Elf64;
        bool three = wide && file.Header.Machine == ElfMachine.Mips;
        yield return new((wide
            ? "    Offset             Info             Type               Symbol's Value  Symbol's Name"
            : " Offset     Info    Type                Sym. Value  Symbol's Name") + (rela ? " + Addend" : ""));
        foreach (ElfRelocation r in all)
        {
            string text = $"{ReadelfText.Address(file, r.Offset)}  {ReadelfText.Address(file, r.Info)} {r.TypeName,-22}";
            if (r.TypeName == "R_ALPHA_LITUSE" && rela)
            {
                text += r.Addend is >= 0 and < 7 ? $" ({AlphaUses[r.Addend.Value]})" : $" <unknown addend: {r.Addend:x}>";
            }
            else if (r.SymbolIndex != 0)
            {
                text += r.Symbol is { } symbol ? $" {Symbol(file, symbol)}{(rela ? Signed(r.Addend!.Value, " + ", " - ") : "")}" : "";
            }
            else if (rela)
            {
                text += new string(' ', wide ? 20 : 12) + Signed(r.Addend!.Value, "", "-");
            }

            text += r.TypeName == "R_SPARC_OLO10" && wide ? $" + {(ulong)(r.TypeData ?? 0):x}" : "";
            yield return new(text.TrimEnd(), rela ? 6 : 5);
            if (three)
            {
                yield return new($"                    Type2: {r.Type2Name}", 1);
                yield return new($"                    Type3: {r.Type3Name}", 1);
            }
        }
    }

    private static string Symbol(ElfFile file, ElfSymbol symbol)
    {
        bool wide = file.Header.Class == ElfClass.Elf64;
        string version = symbol.Version == null ? "" : (symbol.IsDefaultVersion ? "@@" : "@") + symbol.Version;
        string name = ReadelfText.Name(symbol.Name);
        string value = ReadelfText.Address(file, symbol.Value) + (wide ? " " : "   ");
        if (symbol.Type == ElfSymbolType.IndirectFunction)
        {
            // The place gets what the function returns, so that its name stands for the value.
            int width = wide ? 14 : 8;
            string called = name.Length == 0 ? "??" : name;
            value = $"{called}{version}(){new string(' ', called.Length <= width ? width + 1 - called.Length : 1)}";
        }

        return value + (name.Length > 0 ? name + version
            : symbol.Type != ElfSymbolType.Section ? "<null>"
            : symbol.SectionText switch { "COM" => "COMMON", "SCOM" => "SCOMMON", "SUND" => "SUNDEF", "LARGE_COM" => "LARGE_COMMON", var special => special });
    }

    private static string Signed(long value, string plus, string minus) => value < 0 ? $"{minus}{(ulong)-value:x}" : $"{plus}{value:x}";
}
