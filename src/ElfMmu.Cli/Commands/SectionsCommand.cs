using System.CommandLine;
using System.Globalization;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu sections</c>: lists the sections of ELF files, or writes the content of some.</summary>
internal static class SectionsCommand
{
    private static Columns<ElfSection> Columns { get; } = new()
    {
        { "Index", "Nr", s => s.Index },
        { "Name", "Name", s => s.Name },
        { "Type", null, s => new Hex(s.Type) },
        { "TypeName", "Type", s => s.TypeName },
        { "Address", "Address", s => new Hex(s.Address) },
        { "Offset", "Offset", s => new Hex(s.Offset) },
        { "Size", "Size", s => new Size(s.Size) },
        { "EntrySize", "Entry", s => new Size(s.EntrySize) },
        { "Flags", null, s => new Hex(s.Flags) },
        { "FlagLetters", "Flags", s => s.FlagLetters },
        { "FlagNames", null, s => s.FlagNames },
        { "Link", "Link", s => s.Link },
        { "LinkName", null, s => s.LinkName },
        { "Info", "Info", s => s.Info },
        { "InfoName", null, s => s.InfoName },
        { "Alignment", "Align", s => s.Alignment },
        { "Group", null, s => s.Group },
        { "GroupName", null, s => s.GroupName },
        { "Compression", null, s => s.Compression?.TypeName },
        { "UncompressedSize", null, s => Size.Of(s.Compression?.Size) },
        { "Entropy", "Entropy", s => s.Entropy, s => s.Entropy?.ToString("0.00", CultureInfo.InvariantCulture) ?? "" },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<bool> entropy = Value.Flag("--entropy", "Calculate how much information a byte of each has, from 0 to 8 bits.");
        Option<string[]?> dump = Value.Texts(
            "--dump", "NAME", "Write the contents of the sections of this name instead, byte by byte; may be given several times.");
        Option<bool> decompress = Value.Flag("--decompress", "Decompress what --dump writes, where it is compressed.");
        return ElfRows.Create(
            "sections", "List the sections of ELF files, or write what is in them.", options, terminal, Columns, [entropy, dump, decompress],
            (file, parse) => parse.GetValue(dump) is { Length: > 0 } names
                ? Write(ElfSections.Read(
                    file,
                    new ElfSectionOptions { Wanted = s => names.Contains(s.Name), Content = true, Decompress = parse.GetValue(decompress) },
                    terminal.Cancellation), file, terminal)
                : ElfSections.Read(file, new ElfSectionOptions { Entropy = parse.GetValue(entropy) }, terminal.Cancellation),
            isRaw: parse => parse.GetValue(dump) is { Length: > 0 });
    }

    /// <summary>Writes contents, and lists nothing.</summary>
    private static IEnumerable<ElfSection> Write(IEnumerable<ElfSection> sections, ElfFile file, Terminal terminal)
    {
        bool any = false;
        foreach (ElfSection section in sections)
        {
            any = true;
            terminal.Output.Write(section.Content ?? []);
        }

        if (!any)
        {
            terminal.Warn($"{file.Source.Path}: no section has that name.");
        }

        return [];
    }
}
