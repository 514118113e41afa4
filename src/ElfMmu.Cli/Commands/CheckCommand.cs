using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf.Checking;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu check</c>: looks for what contradicts itself in ELF files.</summary>
internal static class CheckCommand
{
    private static Columns<ElfFinding> Columns { get; } = new()
    {
        { "Id", "Id", f => f.Id },
        { "SectionIndex", null, f => f.SectionIndex },
        { "SectionName", null, f => f.SectionName },
        { "Offset", "Offset", f => Hex.Of(f.Offset) },
        { "Message", "Message", f => f.Message },
    };

    public static Command Create(OptionSet options, Terminal terminal) => ElfRows.Create(
        "check", "Look for what contradicts itself in ELF files.", options, terminal, Columns, [],
        (file, _) => ElfChecks.Run(file, terminal.Cancellation), warns: false, found: ExitCode.Failed);
}
