using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The dynamic section (-d).</summary>
internal sealed class DynamicArea : IReadelfArea
{
    public string Option => "-d";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        if (ElfDynamicTable.Of(file) is not { Count: > 0 } table)
        {
            yield return new("There is no dynamic section in this file.");
            yield break;
        }

        yield return new($"Dynamic section at offset 0x{table.Offset:x} contains {table.Count} {(table.Count == 1 ? "entry" : "entries")}:", 2);
        yield return new("  Tag        Type                         Name/Value");
        int width = file.Header.Class == ElfClass.Elf64 ? 19 : 27;
        foreach (ElfDynamicEntry entry in table.Entries)
        {
            string name = ReadelfText.Without("DT_", entry.TagName);
            yield return new($" 0x{ReadelfText.Address(file, entry.Tag)} ({name}){new string(' ', Math.Max(1, width - name.Length))}{entry.Text}", 3);
        }
    }

    // Words end with a blank here and there.
    public string? Clean(string theirs) => theirs.TrimEnd();
}
