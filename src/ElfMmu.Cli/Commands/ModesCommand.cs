using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Paging;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu modes</c>: lists the paging modes.</summary>
internal static class ModesCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Names or aliases of the modes to show; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return CommandFactory.Create(
            "modes",
            "List the paging modes.",
            options,
            terminal,
            [names],
            [options.Format],
            parse =>
            {
                var writer = ReportWriter.Create(parse.GetValue(options.Format), terminal.Output, list: true);
                foreach (PagingMode mode in Chosen(parse.GetValue(names) ?? []))
                {
                    writer.Write(Report(mode));
                }

                writer.End();
                return ExitCode.Done;
            });
    }

    private static IReadOnlyList<PagingMode> Chosen(string[] names) =>
        names.Length == 0 ? PagingModes.All : PagingModes.NamedAny(names);

    private static Report Report(PagingMode mode) => new Report { Title = mode.Name }
        .Add("name", null, mode.Name)
        .Add("description", "Description", mode.Description)
        .Add("aliases", "Aliases", mode.Aliases, string.Join(", ", mode.Aliases))
        .Add("architecture", "Architecture", mode.Architecture.ToString())
        .Add("nested", "Nested", mode.IsNested, mode.IsNested ? "yes" : "no")
        .Add("wordSize", "Word size", mode.WordSize)
        .Add("virtualAddressBits", "Virtual address bits", mode.VirtualAddressBits)
        .Add("physicalAddressBits", "Physical address bits", mode.PhysicalAddressBits)
        .Add("levels", "Levels", LevelNames(mode), Names(LevelNames(mode)))
        .Add("pageSizes", "Page sizes", mode.PageSizes.Select(s => (object)new Size(s)).ToArray(), Names(mode.PageSizes.Select(ByteSize.Exact)))
        .Add("rootRegister", "Root", mode.RootRegister.Name)
        .Add("secondRootRegister", mode.SecondRootRegister == null ? null : "Second root", mode.SecondRootRegister?.Name)
        .Add("controlRegister", mode.ControlRegister == null ? null : "Control", mode.ControlRegister?.Name)
        .Add("otherRegisters", "Other registers", RegisterNames(mode), Names(RegisterNames(mode)))
        .Add("reference", "Reference", mode.Reference);

    private static string[] LevelNames(PagingMode mode) => [.. mode.Levels.Reverse().Select(l => l.Name)];

    private static string[] RegisterNames(PagingMode mode) => [.. mode.OtherRegisters.Select(r => r.Name)];

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
