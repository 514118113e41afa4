using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Images;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu images</c>: lists the executables in an address space.</summary>
internal static class ImagesCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        return CommandFactory.Create(
            "images",
            "List the executables in an address space: ELF and PE.",
            options,
            terminal,
            [dumps],
            [.. options.Space.Where(o => o != options.Rights), options.AllRoots, options.ImageKind, options.AllImages, options.Format],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(dumps);
                var request = new EngineRequest(options, parse);
                var search = new ImageSearchOptions
                {
                    Kind = parse.GetValue(options.ImageKind),
                    Privilege = parse.GetValue(options.Privilege),
                    MinimumAddress = parse.GetValue(options.MinimumAddress) ?? 0,
                    MaximumAddress = parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue,
                    IncludeHeaders = parse.GetValue(options.AllImages),
                };
                var writer = new RowWriter<MappedImage>(
                    parse.GetValue(options.Format), terminal.Output, ImagesReport.Columns, severalDumps: paths.Length > 1);
                int code = Each.Run(paths, terminal, path => Find(path, request, search, writer, terminal));
                writer.End();
                code = ExitCode.OfSearch(code, writer.Count > 0);
                if (code == ExitCode.NothingFound)
                {
                    terminal.Warn("no executable was found.");
                }

                return code;
            }).WithAddressRange(options);
    }

    private static int Find(
        string path, EngineRequest request, ImageSearchOptions options, RowWriter<MappedImage> writer, Terminal terminal)
    {
        using SpaceSource source = SpaceOpening.Open(path, request, terminal);
        return Each.Run(source.Requests, terminal, wanted =>
        {
            AddressSpace space = source.OpenSpace(wanted, terminal.Cancellation);
            terminal.Remark(space.Origin);
            SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
            ImageSearch found = ImageFinder.Find(space, options, terminal.Cancellation);
            terminal.About([map.Remark, found.Remark], [.. map.Warnings, .. found.Warnings]);
            string title = $"{path}, root {new Hex(space.Identity.Root)}";
            foreach (MappedImage image in found.Images)
            {
                writer.Write(path, title, image);
            }
        });
    }
}
