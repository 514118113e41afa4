using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu strings</c>: lists the texts in ELF files.</summary>
internal static class StringsCommand
{
    private static Columns<ElfString> Columns { get; } = new()
    {
        { "Section", "Section", s => s.Section },
        { "SectionIndex", null, s => s.SectionIndex },
        { "Offset", "Offset", s => new Hex(s.Offset) },
        { "FileOffset", null, s => new Hex(s.FileOffset) },
        { "VirtualAddress", "VirtualAddress", s => Hex.Of(s.VirtualAddress) },
        { "Length", null, s => s.Length },
        { "Text", "Text", s => s.Text },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<string[]?> section = Value.Texts(
            "--section", "NAME", "Look through sections of this name, * and ? allowed; may be given several times. Every table of strings by default.");
        Option<int?> minimum = Value.Some(
            "--minimum-length", "List texts of so many characters or more; 1 by default in tables of strings and 4 elsewhere.");
        return ElfRows.Create(
            "strings", "List the texts in the sections of ELF files.", options, terminal, Columns, [section, minimum],
            (file, parse) =>
            {
                Func<string, bool>? names = ElfNameFilter.Names(parse.GetValue(section));
                var search = new ElfStringOptions
                {
                    Wanted = names == null ? null : s => names(s.Name),
                    MinimumLength = parse.GetValue(minimum),
                };
                return ElfStringSearch.Find(file, search, terminal.Cancellation);
            });
    }
}
