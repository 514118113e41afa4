using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu info</c>: says what a dump is and what it knows of its machine.</summary>
internal static class InfoCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        return CommandFactory.Create(
            "info",
            "Say what a dump is and what it knows of its machine.",
            options,
            terminal,
            [dumps],
            [.. options.Dump, options.NestedFormat],
            parse =>
            {
                var request = new EngineRequest(options, parse);
                var writer = ReportWriter.Create(parse.GetValue(options.NestedFormat), terminal.Output, list: true);
                int code = Each.Run(parse.GetRequiredValue(dumps), terminal, path =>
                {
                    using MemoryDump dump = MemoryDump.Open(path, request.Dump, terminal.Cancellation);
                    terminal.About(dump);
                    writer.Write(InfoReport.Of(dump, registers: terminal.Verbosity == Verbosity.Verbose));
                });
                writer.End();
                return code;
            });
    }
}
