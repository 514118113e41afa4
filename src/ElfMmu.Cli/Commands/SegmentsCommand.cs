using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu segments</c>: lists the segments of ELF files.</summary>
internal static class SegmentsCommand
{
    private static Columns<ElfSegment> Columns { get; } = new()
    {
        { "Index", "Nr", s => s.Index },
        { "Type", null, s => new Hex((uint)s.Type) },
        { "TypeName", "Type", s => s.TypeName },
        { "Flags", null, s => new Hex((uint)s.Flags) },
        { "Rights", "Rights", s => s.Rights },
        { "Offset", "Offset", s => new Hex(s.Offset) },
        { "VirtualAddress", "VirtualAddress", s => new Hex(s.VirtualAddress) },
        { "VirtualAddressField", null, s => new Hex(s.VirtualAddressField) },
        { "PhysicalAddress", null, s => new Hex(s.PhysicalAddress) },
        { "FileSize", "FileSize", s => new Size(s.FileSize) },
        { "MemorySize", "MemorySize", s => new Size(s.MemorySize) },
        { "EndAddress", null, s => new Hex(s.EndAddress) },
        { "Alignment", "Align", s => new Hex(s.Alignment) },
        { "Interpreter", null, s => s.Interpreter },
        { "SectionNames", "Sections", s => s.SectionNames, s => s.Interpreter ?? string.Join(' ', s.SectionNames) },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Option<string[]?> type = Value.Texts("--type", "TYPE", "List those of this type, with or without PT_, * and ? allowed; may be given several times.");
        Option<ulong[]?> address = Value.Addresses("--address", "List those that this address is in; may be given several times.");
        return ElfRows.Create(
            "segments", "List the segments of ELF files, and the sections that lie in each.", options, terminal, Columns, [type, address],
            (file, parse) =>
            {
                Func<uint, string, bool>? types = ElfNameFilter.Types(parse.GetValue(type), "PT_");
                ulong[]? addresses = parse.GetValue(address);
                return ElfSegments.Read(file).Where(s => types?.Invoke((uint)s.Type, s.TypeName) != false
                    && (addresses is not { Length: > 0 } || Array.Exists(addresses, s.Contains)));
            });
    }
}
