using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Discovery;
using ElfMmu.Dumps;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu roots</c>: searches dumps for the roots of address spaces.</summary>
internal static class RootsCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        return CommandFactory.Create(
            "roots",
            "Search dumps for the roots of address spaces.",
            options,
            terminal,
            [dumps],
            [options.Modes, .. options.Dump, options.Top, options.MinimumScore, options.All, options.Format],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(dumps);
                var request = new EngineRequest(options, parse);
                var writer = new RowWriter<PageTableRoot>(
                    parse.GetValue(options.Format), terminal.Output, RootsReport.Columns, severalDumps: paths.Length > 1);
                int code = Each.Run(paths, terminal, path => Find(path, request, writer, terminal));
                writer.End();
                return code;
            });
    }

    private static void Find(string path, EngineRequest request, RowWriter<PageTableRoot> writer, Terminal terminal)
    {
        RootSearchOptions options = request.Search;
        RootFilter filter = request.Roots;
        using MemoryDump dump = terminal.OpenDump(path, request.Dump);
        terminal.About(dump);
        RootSearch search = terminal.Search(dump, options, terminal.Cancellation);
        terminal.About(search.Remarks, search.Warnings);
        IReadOnlyList<PageTableRoot> roots = filter.Choose(search);
        if (roots.Count == 0)
        {
            string all = search.Roots.Count == 0 ? "" : " --all lists all candidates.";
            throw new ElfMmuException("RootNotFound", ErrorKind.NotFound, filter.Nothing(search, options) + all) { Path = path };
        }

        foreach (PageTableRoot root in roots)
        {
            writer.Write(path, path, root);
        }
    }
}
