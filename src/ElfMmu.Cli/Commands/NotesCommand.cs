using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu notes</c>: lists the notes of ELF files.</summary>
internal static class NotesCommand
{
    private static Columns<ElfNoteItem> Columns { get; } = new()
    {
        { "Index", null, n => n.Index },
        { "Owner", "Owner", n => n.Owner },
        { "Type", null, n => new Hex(n.Type) },
        { "TypeName", "Type", n => n.TypeName },
        { "Size", "Size", n => n.Size },
        { "Offset", "Offset", n => new Hex(n.Offset) },
        { "Section", null, n => n.Section },
        { "SectionIndex", null, n => n.SectionIndex },
        { "SegmentIndex", null, n => n.SegmentIndex },
        { "Text", "Text", n => n.Text },
        { "Value", n => NoteReport.Of(n.Value)! },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<string[]?> owner = Value.Texts("--owner", "NAME", "List those of this owner, * for any characters; may be given several times.");
        Option<string[]?> type = Value.Texts("--type", "TYPE", "List those of this type: a number, or a name with or without NT_, * for any characters; may be given several times.");
        return ElfRows.Create(
            "notes", "List the notes of ELF files, and what they say.", options, terminal, Columns, [owner, type],
            (file, parse) =>
            {
                Func<string, bool>? owners = ElfNameFilter.Names(parse.GetValue(owner));
                Func<uint, string, bool>? types = ElfNameFilter.Types(parse.GetValue(type), "NT_");
                return ElfNoteItems.Read(file).Where(n => owners?.Invoke(n.Owner) != false && types?.Invoke(n.Type, n.TypeName) != false);
            });
    }
}
