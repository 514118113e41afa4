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
    public static Command Create<T>(
        string name,
        string description,
        OptionSet options,
        Terminal terminal,
        Columns<T> columns,
        IEnumerable<Option> own,
        Func<ElfFile, ParseResult, IEnumerable<T>> read)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        return CommandFactory.Create(name, description, options, terminal, [files], [.. own, options.Format], parse =>
        {
            string[] paths = parse.GetRequiredValue(files);
            var writer = new RowWriter<T>(parse.GetValue(options.Format), terminal.Output, columns, severalDumps: paths.Length > 1);
            int code = Each.Run(paths, terminal, path => Read(path, file => read(file, parse), writer, terminal));
            writer.End();
            return code;
        });
    }

    private static void Read<T>(string path, Func<ElfFile, IEnumerable<T>> read, RowWriter<T> writer, Terminal terminal)
    {
        using ElfFile file = ElfFile.Open(Path.GetFullPath(path));
        foreach (T item in read(file))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            writer.Write(path, path, item);
        }

        foreach (ElfDiagnostic diagnostic in file.Diagnostics)
        {
            terminal.Warn($"{path}: {diagnostic.Message}");
        }
    }
}
