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
        Option<string[]?> name = Value.Texts("--name", "NAME", "List those of this name, * and ? allowed; may be given several times.");
        Option<string[]?> type = Value.Texts("--type", "TYPE", "List those of this type, with or without SHT_, * and ? allowed; may be given several times.");
        Option<int[]?> index = Value.Indexes("--index", "List those of this number; may be given several times.");
        Option<ulong[]?> address = Value.Addresses("--address", "List those that this address is in; may be given several times.");
        Option<string[]?> dump = Value.Texts(
            "--dump", "NAME", "Write the contents of the sections of this name instead, byte by byte; may be given several times.");
        Option<bool> decompress = Value.Flag("--decompress", "Decompress what --dump writes, where it is compressed.");
        Option<bool> entropy = Value.Flag("--entropy", "Calculate how much information a byte of each has, from 0 to 8 bits.");
        return ElfRows.Create(
            "sections", "List the sections of ELF files, or write what is in them.", options, terminal, Columns, [name, type, index, address, dump],
            (file, parse) =>
            {
                Func<string, bool>? names = ElfNameFilter.Names(parse.GetValue(name));
                Func<uint, string, bool>? types = ElfNameFilter.Types(parse.GetValue(type), "SHT_");
                int[] indexes = parse.GetValue(index) ?? [];
                ulong[] addresses = parse.GetValue(address) ?? [];
                string[] dumped = parse.GetValue(dump) ?? [];
                var wanted = new ElfSectionOptions
                {
                    Wanted = s => (indexes.Length == 0 || indexes.Contains(s.Index)) && types?.Invoke(s.Type, s.TypeName) != false
                        && (addresses.Length == 0 || Array.Exists(addresses, s.Contains)) && names?.Invoke(s.Name) != false
                        && (dumped.Length == 0 || dumped.Contains(s.Name)),
                    Content = dumped.Length > 0,
                    Decompress = parse.GetValue(decompress),
                    Entropy = parse.GetValue(entropy),
                };
                return ElfSections.Read(file, wanted, terminal.Cancellation);
            },
            own: [decompress, entropy],
            raw: parse => parse.GetValue(dump) is { Length: > 0 } ? section => terminal.Output.Write(section.Content ?? []) : null)
            .Need(decompress, dump);
    }
}
