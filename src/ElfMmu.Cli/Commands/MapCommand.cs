using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu map</c>: lists the mappings of an address space.</summary>
internal static class MapCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        return CommandFactory.Create(
            "map",
            "List the mappings of an address space.",
            options,
            terminal,
            [dumps],
            [.. options.Space, options.AllRoots, options.PerPage, options.IncludeAbsent, options.MaximumCount, options.Format],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(dumps);
                var request = new EngineRequest(options, parse);
                ulong maximumCount = parse.GetValue(options.MaximumCount) ?? ulong.MaxValue;
                var writer = MappingWriter.Create(parse.GetValue(options.Format), terminal.Output, several: paths.Length > 1);
                int code = Each.Run(paths, terminal, path => Map(path, request, maximumCount, writer, terminal));
                writer.End();
                return code;
            }).WithAddressRange(options);
    }

    private static int Map(string path, EngineRequest request, ulong maximumCount, MappingWriter writer, Terminal terminal)
    {
        using SpaceSource source = SpaceOpening.Open(path, request, terminal);
        return Each.Run(source.Requests, terminal, wanted =>
        {
            AddressSpace space = source.OpenSpace(wanted, terminal.Cancellation);
            terminal.Remark(space.Origin);
            writer.Begin(path, space);
            if (maximumCount == 0)
            {
                return;
            }

            var sink = new MappingWriterSink(writer, maximumCount);
            WalkRequest walk = request.Walk(space, terminal.Cancellation);
            terminal.About(space.Walk(walk, ref sink), walk, space);
            terminal.Remark($"Listed {sink.Count} mappings.");
        });
    }
}
