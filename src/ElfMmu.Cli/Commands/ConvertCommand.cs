using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Images.Loading;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu convert</c>: writes a dump in another container.</summary>
internal static class ConvertCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string> dump = Value.Files<string>("DUMP", "The dump.");
        Argument<string> output = Value.Files<string>("OUT", "The file to write, or a folder; it replaces a file of that name.");
        var own = new ConvertOptionSet();
        return CommandFactory.Create(
            "convert",
            "Write a dump as an ELF core, in LiME's format or as a raw image.",
            options,
            terminal,
            [dump, output],
            [own.Format, own.MachineOut, own.Split, own.FromZero, own.Plain, .. options.Dump, options.Force, options.NoClobber, own.Json],
            parse =>
            {
                string from = parse.GetRequiredValue(dump);
                string name = parse.GetRequiredValue(output);
                bool split = parse.GetValue(own.Split);
                bool isFolder = ImageDestination.IsFolder(name);
                DumpFormat format = ConversionDestination.FormatOf(parse.GetValue(own.Format), split || parse.GetValue(own.FromZero), isFolder ? null : name);
                try
                {
                    if (name == "-")
                    {
                        throw new ElfMmuException(
                            "OutputInvalid", ErrorKind.InvalidArgument, "A converted dump can't go to standard output, for its headers are written last. Give a file's name.");
                    }

                    using MemoryDump opened = MemoryDump.Open(from, new EngineRequest(options, parse).Dump, terminal.Cancellation);
                    terminal.About(opened);
                    string path = Path.GetFullPath(name);
                    string? folder = isFolder ? path : null;
                    path = isFolder ? ConversionDestination.Of(from, format, path) : path;
                    using var progress = new ProgressLine(terminal);
                    var how = new ConversionOptions
                    {
                        Path = path,
                        Format = format,
                        Plain = parse.GetValue(own.Plain),
                        FromZero = parse.GetValue(own.FromZero),
                        Split = split,
                        MachinePath = parse.GetValue(own.MachineOut) is { } machine ? Path.GetFullPath(machine)
                            : split ? ConversionDestination.MachineOf(path)
                            : null,
                        Force = parse.GetValue(options.Force),
                        NoClobber = parse.GetValue(options.NoClobber),
                        Progress = progress.Report,
                        Cancellation = terminal.Cancellation,
                    };
                    DumpConverter.Check(opened, how);
                    if (folder != null)
                    {
                        ImageDestination.MakeFolder(folder);
                    }

                    ConvertedDump done = DumpConverter.Convert(opened, how);
                    progress.Dispose();
                    Tell(done, parse.GetValue(own.Json), terminal);
                    return ExitCode.Done;
                }
                catch (OperationCanceledException)
                {
                    terminal.Line("cancelled; nothing is written, and what was there is as it was");
                    return ExitCode.Cancelled;
                }
            });
    }

    private static void Tell(ConvertedDump done, bool json, Terminal terminal)
    {
        foreach (string warning in done.Warnings)
        {
            terminal.Warn(warning);
        }

        if (json || terminal.Verbosity > Verbosity.Quiet)
        {
            var writer = ReportWriter.Create(json ? OutputFormat.Json : OutputFormat.Table, terminal.Output, list: false);
            writer.Write(Report(done));
            writer.End();
        }
    }

    private static Report Report(ConvertedDump done) => new Report { Title = done.Path }
        .Add("path", null, done.Path)
        .Add("format", "Format", done.Format.ToString())
        .Add("files", done.Files.Count > 1 ? "Files" : null, done.Files)
        .Add("sourcePath", "Made of", done.SourcePath)
        .Add("sourceContainer", "Container", done.SourceContainer)
        .Add("sourceSha256", "SHA-256 of it", done.SourceSha256)
        .Add("sources", null, done.Sources.Select(s => new Report()
            .Add("path", null, s.Path)
            .Add("length", null, s.Length)
            .Add("sha256", null, s.Sha256)).ToArray())
        .Add("memorySha256", "SHA-256 of the memory", done.MemorySha256)
        .Add("memorySize", "Memory", done.MemorySize, $"{ByteSize.Rounded(done.MemorySize)} in {done.Runs} {(done.Runs == 1 ? "stretch" : "stretches")}")
        .Add("runs", null, done.Runs)
        .Add("length", "Length", done.Length)
        .Add("writtenSize", "Written", done.WrittenSize, $"{ByteSize.Rounded(done.WrittenSize)}, and the rest holes")
        .Add("damagedBlocks", done.DamagedBlocks > 0 ? "Damaged blocks" : null, done.DamagedBlocks)
        .Add("damagedSize", null, done.DamagedSize)
        .Add("warnings", null, done.Warnings);
}
