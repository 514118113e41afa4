using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Images.Loading;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu expand</c>: writes executables as flat images of memory.</summary>
internal static class ExpandCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF and PE files; with --image, dumps.");
        var own = new ExpandOptionSet();
        Command command = CommandFactory.Create(
            "expand",
            "Lay executables, libraries and cores out as flat images of memory.",
            options,
            terminal,
            [files],
            [
                own.Output, own.Base, own.LoadAddress, own.AddressKind, options.MinimumAddress, options.MaximumAddress, own.MaximumSize,
                own.NoDescription, own.Images, .. options.SpaceOnly, options.Force, options.NoClobber, options.Format,
            ],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(files);
                ulong[] images = parse.GetValue(own.Images) ?? [];
                var request = new EngineRequest(options, parse);
                var writer = ReportWriter.Create(parse.GetValue(options.Format), terminal.Output, list: true);
                var written = new HashSet<string>();
                string? output = parse.GetValue(own.Output);
                bool isFolder = output != null && ImageDestination.IsFolder(output);
                if (output != null && !isFolder && (long)paths.Length * Math.Max(images.Length, 1) > 1)
                {
                    throw ImageDestination.Repeated(Path.GetFullPath(output), new ElfFileSource(Path.GetFullPath(paths[^1])));
                }

                try
                {
                    int code = Each.Run(paths, terminal, path =>
                    {
                        if (images.Length == 0)
                        {
                            Expand(new ElfFileSource(Path.GetFullPath(path)));
                            return ExitCode.Done;
                        }

                        using SpaceSource source = SpaceOpening.Open(path, request, terminal);
                        AddressSpace space = source.OpenSpace(source.Requests[0], terminal.Cancellation);
                        terminal.Remark(space.Origin);
                        return Each.Run(images, terminal, address => Expand(ExportCommand.Image(space, address, terminal)));
                    });
                    writer.End();
                    return code;
                }
                catch (OperationCanceledException)
                {
                    terminal.Line("cancelled; the image that was being written is as it was");
                    return ExitCode.Cancelled;
                }

                void Expand(IElfSource source)
                {
                    string to = output == null || isFolder
                        ? ImageDestination.Of(source, Path.GetFullPath(output ?? "."))
                        : Path.GetFullPath(output);
                    if (!written.Add(to))
                    {
                        throw ImageDestination.Repeated(to, source);
                    }

                    if (isFolder)
                    {
                        ImageDestination.MakeFolder(Path.GetDirectoryName(to)!);
                    }

                    using var progress = new ProgressLine(terminal);
                    MemoryImage image = ImageExpander.Expand(source, new ExpandOptions
                    {
                        Path = to,
                        Base = parse.GetValue(own.Base),
                        LoadAddress = parse.GetValue(own.LoadAddress),
                        AddressKind = parse.GetValue(own.AddressKind),
                        MinimumAddress = parse.GetValue(options.MinimumAddress) ?? 0,
                        MaximumAddress = parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue,
                        MaximumSize = parse.GetValue(own.MaximumSize) ?? ExpandOptions.DefaultMaximumSize,
                        WithDescription = !parse.GetValue(own.NoDescription),
                        Force = parse.GetValue(options.Force),
                        NoClobber = parse.GetValue(options.NoClobber),
                        Progress = progress.Report,
                        Cancellation = terminal.Cancellation,
                    });
                    progress.Dispose();
                    Tell(image, parse.GetValue(options.Format), writer, terminal);
                }
            }).WithAddressRange(options);
        foreach (Option option in options.SpaceOnly)
        {
            command.Need(option, own.Images);
        }

        return command;
    }

    private static void Tell(MemoryImage image, OutputFormat format, ReportWriter writer, Terminal terminal)
    {
        foreach (ElfDiagnostic diagnostic in image.Diagnostics)
        {
            terminal.Warn($"{image.Source}: {diagnostic.Message}");
        }

        if (image.AbsentBytes > 0)
        {
            terminal.Warn($"{image.Source}: {new Hex(image.AbsentBytes)} bytes aren't there and are zeros in {image.Path}, the first at "
                + $"{new Hex(image.Absent[0].Address)}: {image.Absent[0].Why}.");
        }

        if (format != OutputFormat.Table || terminal.Verbosity > Verbosity.Quiet)
        {
            writer.Write(Report(image));
        }
    }

    private static Report Report(MemoryImage image) => new Report { Title = image.Path }
        .Add("path", null, image.Path)
        .Add("descriptionPath", "Description", image.DescriptionPath)
        .Add("source", "Made of", image.Source)
        .Add("kind", null, image.Kind.ToString())
        .Add("type", "Type", image.Type)
        .Add("machine", "Machine", image.Machine)
        .Add("class", null, image.Class)
        .Add("byteOrder", null, image.ByteOrder.ToString())
        .Add("addressKind", "Addresses", image.AddressKind.ToString())
        .Add("baseAddress", "Base", new Hex(image.BaseAddress))
        .Add("size", "Size", new Size(image.Size))
        .Add("entryPoint", "Entry", image.EntryPoint is { } entry ? new Hex(entry) : null)
        .Add("loadBias", null, new Hex(image.LoadBias))
        .Add("isFromMemory", null, image.IsFromMemory)
        .Add("writtenBytes", null, image.WrittenBytes)
        .Add("absentBytes", "Absent bytes", image.AbsentBytes)
        .Add("regions", "Regions", image.Regions.Select(r => new Report()
            .Add("index", null, r.Index)
            .Add("name", "Name", r.Name)
            .Add("virtualAddress", "Address", new Hex(r.VirtualAddress))
            .Add("size", "Size", new Size(r.Size))
            .Add("linkedAddress", null, new Hex(r.LinkedAddress))
            .Add("offset", "Offset", new Hex(r.Offset))
            .Add("fileBytes", null, r.FileBytes)
            .Add("rights", "Rights", r.Rights)).ToArray(), $"{image.Regions.Count}")
        .Add("absent", null, image.Absent.Select(a => new Report()
            .Add("address", null, new Hex(a.Address))
            .Add("size", null, new Size(a.Size))
            .Add("reason", null, a.Reason.ToString())).ToArray());
}
