using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Checking;

/// <summary>
/// The symbol tables: local symbols first, sections and names that there are, versions that are defined or needed (gABI, "Symbol Table"; LSB,
/// "Symbol Versioning"). O(symbols).
/// </summary>
internal sealed class SymbolTableCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        foreach (ElfSymbolTable table in ElfSymbolTables.Of(file))
        {
            Check(file, table, cancellation);
        }
    }

    private static void Check(ElfFile file, ElfSymbolTable table, CancellationToken cancellation)
    {
        uint? firstGlobal = table.Section is { } index ? file.SectionHeaders[index].Info : null;
        for (int i = 1; i < table.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ElfSymbolEntry entry = table[i];
            if (firstGlobal is { } first && entry.Binding == ElfSymbolBinding.Local && (uint)i >= first)
            {
                Add("SymbolOrder", $"is local, and sh_info says that the local ones end at {first}");
            }
            else if (firstGlobal is { } after && entry.Binding != ElfSymbolBinding.Local && (uint)i < after)
            {
                Add("SymbolOrder", $"isn't local, and sh_info says that those up to {after} are");
            }

            if (entry.NameOffset >= (uint)table.Strings.Size && entry.NameOffset != 0)
            {
                Add("SymbolNameOutside", $"has its name at 0x{entry.NameOffset:x}, and the table of names has 0x{table.Strings.Size:x} bytes");
            }

            // Without sections, or in an image in memory, a symbol's section says nothing but whether it is defined.
            if (table.Section != null && table.SectionOf(i, entry) is { } section && section >= (uint)file.SectionHeaders.Length)
            {
                Add("SymbolSectionMissing", $"is in section {section}, and there are {file.SectionHeaders.Length}");
            }

            if (table.Versions?.IsUnknown(i) == true)
            {
                Add("SymbolVersionUnknown", $"has version {table.Versions.Entry(i) & ~ElfSymbolVersions.Hidden}, which the file neither defines nor needs");
            }

            void Add(string id, string what) => file.Diagnostics.Add(
                id, $"Symbol {i} of {table.Name} {what}.", table.Offset + ((ulong)i * (ulong)ElfSymbolTable.EntrySize(file.Header.Class)), table.Section);
        }
    }
}
