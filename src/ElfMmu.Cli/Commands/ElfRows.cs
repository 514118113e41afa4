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
    /// <param name="filters">Its options that choose among the things of a file: where they leave nothing, nothing was found.</param>
    /// <param name="read">Lists the things of a file.</param>
    /// <param name="own">Its other options apart from the format and those every command has.</param>
    /// <param name="raw">Writes a thing's bytes, where they are asked for instead of a list; null for never.</param>
    /// <param name="warns">Whether what was found wrong becomes warnings; not where it is what is listed.</param>
    /// <param name="found">The exit code if there was anything to list, and nothing failed.</param>
    public static Command Create<T>(
        string name,
        string description,
        OptionSet options,
        Terminal terminal,
        Columns<T> columns,
        IReadOnlyList<Option> filters,
        Func<ElfFile, ParseResult, IEnumerable<T>> read,
        IEnumerable<Option>? own = null,
        Func<ParseResult, Action<T>?>? raw = null,
        bool warns = true,
        int found = ExitCode.Done)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        return CommandFactory.Create(name, description, options, terminal, [files], [.. filters, .. own ?? [], options.Format], parse =>
        {
            Action<T>? bytes = raw?.Invoke(parse);
            RowWriter<T> rows = Writer(bytes == null ? parse.GetValue(options.Format) : OutputFormat.Table, terminal, columns);
            bool any = false;
            int code = ElfPaths.Run(parse.GetRequiredValue(files), terminal, (path, file) =>
            {
                foreach (T item in read(file, parse))
                {
                    terminal.Cancellation.ThrowIfCancellationRequested();
                    any = true;
                    if (bytes != null)
                    {
                        bytes(item);
                    }
                    else
                    {
                        rows.Write(path, path, item);
                    }
                }

                if (warns)
                {
                    Warn(path, file, terminal);
                }
            });
            rows.End();
            return any ? (code == ExitCode.Done ? found : code) : Nothing(code, parse, filters, terminal);
        });
    }

    /// <summary>Writes rows; programs are always told of which file, as objects have their path.</summary>
    public static RowWriter<T> Writer<T>(OutputFormat format, Terminal terminal, Columns<T> columns) =>
        new(format, terminal.Output, columns, severalDumps: true, source: "Path");

    /// <summary>Says what is unsound in a file.</summary>
    public static void Warn(string path, ElfFile file, Terminal terminal)
    {
        foreach (ElfDiagnostic diagnostic in file.Diagnostics)
        {
            terminal.Warn($"{path}: {diagnostic.Message}");
        }
    }

    /// <summary>The exit code where nothing was listed: files may have nothing, but what was asked for isn't there.</summary>
    public static int Nothing(int code, ParseResult parse, IEnumerable<Option> filters, Terminal terminal)
    {
        code = filters.Any(parse.CommandResult.Has) ? ExitCode.OfSearch(code, any: false) : code;
        if (code == ExitCode.NothingFound)
        {
            terminal.Warn("nothing was found.");
        }

        return code;
    }
}
