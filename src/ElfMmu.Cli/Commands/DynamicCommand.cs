using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu dynamic</c>: lists the entries of dynamic sections.</summary>
internal static class DynamicCommand
{
    private static Columns<ElfDynamicEntry> Columns { get; } = new()
    {
        { "Index", "Nr", e => e.Index },
        { "Tag", null, e => new Hex(e.Tag) },
        { "TagName", "Tag", e => e.TagName },
        { "Value", "Value", e => new Hex(e.Value) },
        { "Name", null, e => e.Name },
        { "Text", "Text", e => e.Text },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<string[]?> tag = Value.Texts("--tag", "TAG", "Only entries of this tag, with or without DT_, or of this number, * and ? allowed; may be given several times.");
        return ElfRows.Create(
            "dynamic", "List the entries of the dynamic section of ELF files.", options, terminal, Columns, [tag],
            (file, parse) =>
            {
                IEnumerable<ElfDynamicEntry> entries = ElfDynamicTable.Of(file)?.Entries ?? [];
                return ElfNameFilter.Types(parse.GetValue(tag), "DT_") is { } wanted
                    ? entries.Where(e => wanted((uint)Math.Min(e.Tag, uint.MaxValue), e.TagName))
                    : entries;
            });
    }
}
