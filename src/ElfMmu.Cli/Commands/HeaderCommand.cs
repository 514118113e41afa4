using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu header</c>: shows ELF headers.</summary>
internal static class HeaderCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        return CommandFactory.Create(
            "header",
            "Show the headers of ELF files.",
            options,
            terminal,
            [files],
            [options.Format],
            parse =>
            {
                var writer = ReportWriter.Create(parse.GetValue(options.Format), terminal.Output, list: true);
                int code = ElfPaths.Run(parse.GetRequiredValue(files), terminal, (path, file) => Show(path, file.Header, writer, terminal));
                writer.End();
                return code;
            });
    }

    private static void Show(string path, ElfHeader header, ReportWriter writer, Terminal terminal)
    {
        writer.Write(HeaderReport.Of(path, header));
        foreach (string warning in header.Warnings)
        {
            terminal.Warn($"{path}: {warning}");
        }
    }
}
