using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Commands;

/// <summary>Puts a command together that lists what is in ELF files, a row each.</summary>
internal static class ElfRows
{
    /// <summary>Makes the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="options">All options.</param>
    /// <param name="terminal">Where results and messages go.</param>
    /// <param name="columns">What is said of each thing.</param>
    /// <param name="own">Its options apart from the format and those every command has.</param>
    /// <param name="read">Lists the things of a file.</param>
    /// <param name="isRaw">Whether it writes bytes itself and lists nothing; null for never.</param>
    /// <param name="warns">Whether what was found wrong becomes warnings; not where it is what is listed.</param>
    /// <param name="found">The exit code if there was anything to list, and nothing failed.</param>
    public static Command Create<T>(
        string name,
        string description,
        OptionSet options,
        Terminal terminal,
        Columns<T> columns,
        IEnumerable<Option> own,
        Func<ElfFile, ParseResult, IEnumerable<T>> read,
        Func<ParseResult, bool>? isRaw = null,
        bool warns = true,
        int found = ExitCode.Done)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        return CommandFactory.Create(name, description, options, terminal, [files], [.. own, options.Format], parse =>
        {
            string[] paths = parse.GetRequiredValue(files);
            OutputFormat format = isRaw?.Invoke(parse) == true ? OutputFormat.Table : parse.GetValue(options.Format);
            var writer = new RowWriter<T>(
                format, terminal.Output, columns, severalDumps: paths.Length > 1 || ElfPaths.HoldsSeveral(paths[0]));
            int code = ElfPaths.Run(paths, terminal, (path, file) => Read(path, file, read(file, parse), writer, warns, terminal));
            writer.End();
            return code == ExitCode.Done && writer.Count > 0 ? found : code;
        });
    }

    private static void Read<T>(string path, ElfFile file, IEnumerable<T> items, RowWriter<T> writer, bool warns, Terminal terminal)
    {
        foreach (T item in items)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            writer.Write(path, path, item);
        }

        if (!warns)
        {
            return;
        }

        foreach (ElfDiagnostic diagnostic in file.Diagnostics)
        {
            terminal.Warn($"{path}: {diagnostic.Message}");
        }
    }
}
