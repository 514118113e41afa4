using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Inspection;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu info</c>: says what dumps are and what they know of their machines.</summary>
internal static class InfoCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps; of several each is a row.");
        Option<bool> hash = Value.Flag("--hash", "Calculate the SHA-256 of the files.");
        return CommandFactory.Create(
            "info",
            "Say what dumps are and what they know of their machines.",
            options,
            terminal,
            [dumps],
            [.. options.Dump, hash, options.Format],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(dumps);
                DumpOptions opening = new EngineRequest(options, parse).Dump;
                var inspector = new DumpInspector();
                bool hashes = parse.GetValue(hash);
                var writer = new InfoWriter(parse.GetValue(options.Format), paths.Length > 1, hashes, terminal);
                int code = Each.Run(paths, terminal, path =>
                {
                    using MemoryDump dump = terminal.OpenDump(path, opening);
                    MemoryDumpInfo info = inspector.Inspect(dump, hashes ? Hash : null);
                    terminal.About(dump);
                    writer.Write(path, info);
                });
                writer.End();
                return code;
            });

        string Hash(string file)
        {
            using var progress = new ProgressLine(terminal);
            return FileHash.Sha256(file, progress.Report, terminal.Cancellation);
        }
    }
}
