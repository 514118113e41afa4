using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Companions;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu export-symbols</c>: writes what a debugger opens beside a core.</summary>
internal static class ExportSymbolsCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        var own = new ExportSymbolsOptions();
        Option<string?> output = Value.RequiredPath("--output", "FILE", "The file to write; it replaces a file of that name.", "-o");
        Command command = CommandFactory.Create(
            "export-symbols",
            "Write symbols, sections and debug information as an ELF file to open beside a core.",
            options,
            terminal,
            [],
            [.. own.All, output, options.Force, options.NoClobber, options.Format],
            parse =>
            {
                string name = parse.GetRequiredValue(output)!;
                try
                {
                    Write(Export(own, parse, Path.GetFullPath(name), options, terminal), parse.GetValue(options.Format), terminal);
                    return ExitCode.Done;
                }
                catch (OperationCanceledException)
                {
                    terminal.Line($"cancelled; {name} is as it was");
                    return ExitCode.Cancelled;
                }
            });
        Option[] debug = [own.Types, own.Lines, own.Constants, own.Frame];
        foreach (Option option in debug)
        {
            command.Need(option, own.Dwarf);
        }

        command.Validators.Add(result =>
        {
            if (!result.Has(own.Core) && !result.Has(own.Machine))
            {
                result.AddError($"Nothing says which machine the symbols are of; give {own.Core.Name} or {own.Machine.Name}.");
            }
        });
        return command;
    }

    private static CompanionSummary Export(ExportSymbolsOptions own, ParseResult parse, string path, OptionSet options, Terminal terminal)
    {
        var notes = new SourceNotes();
        string? core = parse.GetValue(own.Core) is { } given ? Path.GetFullPath(given) : null;
        string[] files = Full(parse.GetValue(own.Symbols));
        string[] types = Full(parse.GetValue(own.Types));
        string[] lines = Full(parse.GetValue(own.Lines));
        (CompanionTarget target, IReadOnlyList<CompanionRange>? ranges) = Target(own, parse, core);
        SymbolFormat format = parse.GetValue(own.InputFormat);
        try
        {
            List<CompanionSymbol> symbols = [];
            foreach (string file in files)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                symbols.AddRange(SymbolReader.ReadFile(file, format, notes));
            }

            return CompanionExporter.Export(
                symbols,
                new CompanionOptions
                {
                    Path = path,
                    Target = target,
                    CoreRanges = ranges,
                    Sections = parse.GetValue(own.Sections) ?? [],
                    InferSizes = !parse.GetValue(own.NoSizeInference),
                    Thumb = parse.GetValue(own.Thumb),
                    Dwarf = parse.GetValue(own.Dwarf),
                    Types = [.. types.Select(CompanionTypes.ReadFile)],
                    Constants = parse.GetValue(own.Constants) ?? [],
                    Lines = [.. lines.SelectMany(l => LineReader.ReadFile(l, notes))],
                    SourceFolder = parse.GetValue(own.SourceFolder) is { } folder ? Path.GetFullPath(folder) : "",
                    Frame = parse.GetValue(own.Frame) ?? CompanionFrame.None,
                    PrologueSize = parse.GetValue(own.PrologueSize) ?? 0,
                    FrameSize = parse.GetValue(own.FrameSize) ?? 0,
                    Inputs = [.. files, .. types, .. lines, .. core == null ? [] : new[] { core }],
                    NoClobber = parse.GetValue(options.NoClobber),
                    Force = parse.GetValue(options.Force),
                    Cancellation = terminal.Cancellation,
                },
                notes);
        }
        finally
        {
            foreach (string warning in notes.Warnings)
            {
                terminal.Warn(warning);
            }
        }
    }

    private static (CompanionTarget Target, IReadOnlyList<CompanionRange>? Ranges) Target(
        ExportSymbolsOptions own, ParseResult parse, string? core)
    {
        (ElfMachine Machine, ElfClass? Class)? named = parse.GetValue(own.Machine);
        ElfClass? width = parse.GetValue(own.Class) ?? named?.Class;
        ByteOrder? order = parse.GetValue(own.ByteOrder);
        if (core == null)
        {
            return (CompanionTarget.For(named!.Value.Machine, width, order), null);
        }

        using ElfFile file = ElfFile.Open(core);
        var target = CompanionTarget.Of(file.Header);
        IReadOnlyList<CompanionRange> ranges = CompanionRange.Of(file);
        ElfData data = order switch
        {
            null => target.Data,
            ByteOrder.Big => ElfData.BigEndian,
            _ => ElfData.LittleEndian,
        };
        return (
            target with { Machine = named?.Machine ?? target.Machine, Class = width ?? target.Class, Data = data },
            ranges.Count > 0 ? ranges : null);
    }

    private static string[] Full(string[]? paths) => [.. (paths ?? []).Select(Path.GetFullPath)];

    private static void Write(CompanionSummary summary, OutputFormat format, Terminal terminal)
    {
        if (format != OutputFormat.Table)
        {
            var writer = ReportWriter.Create(format, terminal.Output, list: false);
            writer.Write(new Report()
                .Add("path", null, summary.Path)
                .Add("machine", null, summary.Machine)
                .Add("class", null, summary.Class)
                .Add("data", null, summary.Data)
                .Add("length", null, summary.Length)
                .Add("symbols", null, summary.Symbols)
                .Add("sections", null, summary.Sections)
                .Add("dwarf", null, summary.Dwarf)
                .Add("types", null, summary.Types)
                .Add("variables", null, summary.Variables)
                .Add("functions", null, summary.Functions)
                .Add("lines", null, summary.Lines)
                .Add("warnings", null, summary.Warnings));
            writer.End();
        }
        else if (terminal.Verbosity > Verbosity.Quiet)
        {
            string debug = summary.Dwarf is { } version
                ? $", DWARF {version} with {summary.Types} types, {summary.Variables} variables, {summary.Functions} functions and {summary.Lines} lines"
                : "";
            terminal.Output.Write(DisplayText.Clean(
                $"{summary.Path}: {summary.Symbols} symbols in {summary.Sections} sections{debug}") + "\n");
        }
    }
}
