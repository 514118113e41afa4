using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu export</c>: writes an address space as an ELF core.</summary>
internal static class ExportCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string> dump = Value.Files<string>("DUMP", "The dump.");
        Argument<string> output = Value.Files<string>("OUT", "The core to write; it replaces a file of that name.");
        return CommandFactory.Create(
            "export",
            "Write an address space as an ELF core.",
            options,
            terminal,
            [dump, output],
            [.. options.Space, options.Ranges, options.Images, options.SegmentOrder, options.Force, options.NoClobber, options.Format],
            parse =>
            {
                string name = parse.GetRequiredValue(output);
                try
                {
                    using var progress = new ProgressLine(terminal);
                    var request = new EngineRequest(options, parse);
                    Interval[] ranges = parse.GetValue(options.Ranges) ?? [];
                    ulong[] images = parse.GetValue(options.Images) ?? [];
                    ExportSummary summary = Export(parse.GetRequiredValue(dump), request, ranges, images, terminal, new ExportOptions
                    {
                        Path = Path.GetFullPath(name),
                        Order = parse.GetValue(options.SegmentOrder),
                        NoClobber = parse.GetValue(options.NoClobber),
                        Force = parse.GetValue(options.Force),
                        Progress = progress.Report,
                        Cancellation = terminal.Cancellation,
                    });
                    progress.Dispose();
                    WriteSummary(summary, parse.GetValue(options.Format), terminal);
                    return ExitCode.Done;
                }
                catch (OperationCanceledException)
                {
                    terminal.Line($"cancelled; {name} is as it was");
                    return ExitCode.Cancelled;
                }
            }).WithAddressRange(options);
    }

    private static ExportSummary Export(
        string path, EngineRequest request, Interval[] ranges, ulong[] images, Terminal terminal, ExportOptions export)
    {
        using SpaceSource source = SpaceOpening.Open(path, request, terminal);
        AddressSpace space = source.OpenSpace(source.Requests[0], terminal.Cancellation);
        terminal.Remark(space.Origin);
        var segments = new CoreSegments(request.Filter);
        WalkRequest walk = request.Walk(space, terminal.Cancellation);
        export = export with { Walk = walk };
        if (ranges.Length == 0 && images.Length == 0)
        {
            var sink = new CoreSegmentSink(segments);
            terminal.About(space.Walk(walk, ref sink), walk, space);
        }
        else
        {
            export = export with
            {
                Ranges = new IntervalSet(
                    ranges.Select(space.Untag).Concat(images.Select(i => Place(Image(space, i, terminal))))),
            };
            WalkRequest narrow = CutSegments.Narrow(walk, export.Ranges);
            if (narrow.MinimumAddress <= narrow.MaximumAddress)
            {
                var sink = new CutSegments(segments, export.Ranges);
                terminal.About(space.Walk(narrow, ref sink), narrow, space);
            }
        }

        return ElfCoreExporter.Export(space.Dump, space.Identity, segments, export);
    }

    private static Interval Place(MappedImage image) => Interval.FromStartAndSize(image.Address, image.Size);

    /// <summary>The executable whose header is at an address.</summary>
    internal static MappedImage Image(AddressSpace space, ulong address, Terminal terminal) =>
        ImageFinder.At(space, address, terminal.Cancellation)
            ?? throw new ElfMmuException(
                "ImageNotFound",
                ErrorKind.NotFound,
                $"There is no executable's header at 0x{address:x} in root 0x{space.Identity.Root:x} of '{space.Dump.Identity.Path}'. "
                + "'elfmmu images' lists those there are.")
            { Path = space.Dump.Identity.Path };

    private static void WriteSummary(ExportSummary summary, OutputFormat format, Terminal terminal)
    {
        foreach (string warning in summary.Warnings)
        {
            terminal.Warn(warning);
        }

        if (format != OutputFormat.Table)
        {
            var writer = ReportWriter.Create(format, terminal.Output, list: false);
            writer.Write(new Report()
                .Add("path", null, summary.Path)
                .Add("class", null, ElfNames.Class(summary.Class))
                .Add("segments", null, summary.Segments)
                .Add("length", null, summary.Length)
                .Add("dataSize", null, summary.DataSize)
                .Add("writtenSize", null, summary.WrittenSize)
                .Add("cpus", null, summary.Cpus)
                .Add("warnings", null, summary.Warnings));
            writer.End();
        }
        else if (terminal.Verbosity > Verbosity.Quiet)
        {
            string sizes = $"{summary.DataSize} bytes of memory ({ByteSize.Rounded(summary.DataSize)}), "
                + $"{ByteSize.Rounded(summary.WrittenSize)} of it written and the rest holes";
            terminal.Output.Write(DisplayText.Clean($"{summary.Path}: {summary.Segments} segments, {sizes}") + "\n");
        }
    }
}
