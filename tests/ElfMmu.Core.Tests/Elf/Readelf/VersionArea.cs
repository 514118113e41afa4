using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The versions of symbols: which are defined and needed, and which one each symbol has (-V).</summary>
internal sealed partial class VersionArea : IReadelfArea
{
    private const uint VerDef = 0x6ffffffd;
    private const uint VerNeed = 0x6ffffffe;
    private const uint VerSym = 0x6fffffff;

    public string Option => "-V";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        ElfSymbolTable? table = ElfSymbolTables.Of(file).FirstOrDefault(t => t.IsDynamic);
        bool any = false;
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            IEnumerable<ReadelfLine>? lines = section.Type switch
            {
                _ when section.Type is VerDef or VerNeed or VerSym && table?.Versions == null => [new("versions are missing")],
                VerDef => Definitions(table!.Versions!),
                VerNeed => Needs(table!.Versions!),
                VerSym => Entries(table!.Versions!),
                _ => null,
            };
            if (lines == null)
            {
                continue;
            }

            any = true;
            (string what, ulong count) = section.Type switch
            {
                VerDef => ("definition", section.Info),
                VerNeed => ("needs", section.Info),
                _ => ("symbols", section.Size / 2),
            };
            yield return new($"Version {what} section '{file.SectionName(i)}' contains {count} {(count == 1 ? "entry" : "entries")}:", 2);
            yield return new(
                $" Addr: 0x{ReadelfText.Hex(section.Address, 16)}  Offset: 0x{ReadelfText.Hex(section.Offset, 8)}  Link: {section.Link} ({file.SectionName((int)section.Link)})", 4);
            foreach (ReadelfLine line in lines)
            {
                yield return line;
            }
        }

        if (!any)
        {
            yield return new("No version information found in this file.");
        }
    }

    // Our objects don't say where their records lie, nor that the revision is 1, which is the only one there is.
    public string? Clean(string theirs) => Place().Replace(theirs, "  ").Replace("Rev: 1  ", "", StringComparison.Ordinal).Replace("Version: 1  File", "File", StringComparison.Ordinal)
        .TrimEnd();

    private static IEnumerable<ReadelfLine> Definitions(ElfSymbolVersions versions)
    {
        foreach (ElfVersionDefinition d in versions.Definitions)
        {
            yield return new($"  Flags: {Flags(d.Flags)}  Index: {d.Index}  Cnt: {d.Parents.Count + 1}  Name: {d.Name}", 4);
            for (int i = 0; i < d.Parents.Count; i++)
            {
                yield return new($"  Parent {i + 1}: {d.Parents[i]}", 1);
            }
        }
    }

    private static IEnumerable<ReadelfLine> Needs(ElfSymbolVersions versions)
    {
        int at = 0;
        while (at < versions.Needs.Count)
        {
            string file = versions.Needs[at].File;
            int count = versions.Needs.Skip(at).TakeWhile(n => n.File == file).Count();
            yield return new($"  File: {file}  Cnt: {count}", 2);
            foreach (ElfVersionNeed need in versions.Needs.Skip(at).Take(count))
            {
                yield return new($"  Name: {need.Name}  Flags: {Flags(need.Flags)}  Version: {need.Index}", 3);
            }

            at += count;
        }
    }

    private static IEnumerable<ReadelfLine> Entries(ElfSymbolVersions versions)
    {
        for (int row = 0; row < versions.Count; row += 4)
        {
            var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"  {row:x3}:"));
            for (int i = row; i < Math.Min(row + 4, versions.Count); i++)
            {
                ushort entry = versions.Entry(i);
                if (entry < 2)
                {
                    text.Append(entry == 0 ? "   0 (*local*)    " : "   1 (*global*)   ");
                    continue;
                }

                int number = entry & ~ElfSymbolVersions.Hidden;
                string? name = versions.Needs.FirstOrDefault(n => n.Index == entry)?.Name;
                name = entry != 0x8001 && versions.Definitions.FirstOrDefault(d => d.Index == number) is { } definition
                    ? name == null ? definition.Name : "*both*"
                    : name;
                string one = string.Create(CultureInfo.InvariantCulture, $"{number,4:x}{(number != entry ? 'h' : ' ')}");
                one += name == null ? "" : $"({name}{")".PadRight(Math.Max(1, Math.Abs(12 - name.Length)))}";
                text.Append(one.PadRight(18));
            }

            yield return new(text.ToString().TrimEnd(), Math.Min(4, versions.Count - row));
        }
    }

    private static string Flags(ushort flags)
    {
        string[] words = ["BASE", "WEAK", "INFO"];
        string text = string.Join(" | ", words.Where((_, bit) => (flags >> bit & 1) != 0));
        return flags == 0 ? "none" : (flags & ~7) == 0 ? text : text + (text.Length > 0 ? " | " : "") + "<unknown>";
    }

    [GeneratedRegex("^  (0x[0-9a-f]{4,}|0000|000000): +")]
    private static partial Regex Place();
}
