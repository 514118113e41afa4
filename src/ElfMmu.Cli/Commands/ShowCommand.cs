using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu show</c>: draws address spaces side by side as a page for a browser.</summary>
internal static class ShowCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        return CommandFactory.Create(
            "show",
            "Draw address spaces side by side, as an HTML page or an SVG.",
            options,
            terminal,
            [dumps],
            [
                options.Output, options.PictureFormat, options.Title, options.Roots, options.AllRoots,
                .. options.Space.Where(o => o != options.Root),
                options.IncludeAbsent, options.Force, options.NoClobber,
            ],
            parse =>
            {
                string name = parse.GetRequiredValue(options.Output)!;
                try
                {
                    return Show(parse.GetRequiredValue(dumps), name, new EngineRequest(options, parse), terminal, new PictureOptions
                    {
                        Path = Path.GetFullPath(name),
                        Format = parse.GetValue(options.PictureFormat),
                        Title = parse.GetValue(options.Title),
                        NoClobber = parse.GetValue(options.NoClobber),
                        Force = parse.GetValue(options.Force),
                        Cancellation = terminal.Cancellation,
                    });
                }
                catch (OperationCanceledException)
                {
                    terminal.Line($"cancelled; {name} is as it was");
                    return ExitCode.Cancelled;
                }
            }).WithAddressRange(options);
    }

    private static int Show(string[] paths, string name, EngineRequest request, Terminal terminal, PictureOptions options)
    {
        if (options.Format == null && PictureExporter.FormatOf(name) == null)
        {
            throw PictureExporter.FormatUnknown(name);
        }

        var picture = new AddressSpacePicture(request.Filter);
        var inputs = new List<string>();
        int code = Each.Run(paths, terminal, path => Gather(path, request, picture, inputs, terminal));

        // A picture without the dump that failed would look like one of all of them.
        if (code != ExitCode.Done)
        {
            terminal.Line($"{name} isn't written, for something of it would be missing");
            return code;
        }

        PictureSummary summary = PictureExporter.Export(picture, options with { Inputs = inputs });
        if (terminal.Verbosity > Verbosity.Quiet)
        {
            terminal.Output.Write(DisplayText.Clean($"{summary.Path}: {summary.Counts}, {ByteSize.Rounded(summary.Length)}") + "\n");
        }

        return ExitCode.Done;
    }

    private static void Gather(
        string path, EngineRequest request, AddressSpacePicture picture, List<string> inputs, Terminal terminal)
    {
        foreach (SpaceRequest wanted in request.Spaces)
        {
            using SpaceSource source = SpaceOpening.Open(path, request, wanted, terminal);
            inputs.AddRange(source.Dump.Inputs);
            foreach (SpaceRequest found in source.Requests)
            {
                AddressSpace space = source.OpenSpace(found, terminal.Cancellation);
                terminal.Remark(space.Origin);
                picture.Add(space.Identity);
                var sink = new PictureSink(picture, space.Identity);
                WalkRequest walk = request.Walk(space, terminal.Cancellation);
                terminal.About(space.Walk(walk, ref sink), walk, space);
            }
        }
    }
}
