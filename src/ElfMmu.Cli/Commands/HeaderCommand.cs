using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Details;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu header</c>: shows ELF headers.</summary>
internal static class HeaderCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        Option<bool> detailed = Value.Flag("--detailed", "Say what the file is, too: its kind, loader, libraries, identity, and what was stripped.");
        return CommandFactory.Create(
            "header",
            "Show the headers of ELF files.",
            options,
            terminal,
            [files],
            [detailed, options.Format],
            parse =>
            {
                var writer = ReportWriter.Create(parse.GetValue(options.Format), terminal.Output, list: true);
                int code = ElfPaths.Run(
                    parse.GetRequiredValue(files), terminal, (path, file) => Show(path, file, parse.GetValue(detailed), writer, terminal));
                writer.End();
                return code;
            });
    }

    private static void Show(string path, ElfFile file, bool detailed, ReportWriter writer, Terminal terminal)
    {
        Report report = HeaderReport.Of(path, file.Header);
        writer.Write(detailed ? report.AddDetails(ElfDetails.Of(file)) : report);
        foreach (ElfDiagnostic diagnostic in file.Diagnostics)
        {
            terminal.Warn($"{path}: {diagnostic.Message}");
        }
    }
}
