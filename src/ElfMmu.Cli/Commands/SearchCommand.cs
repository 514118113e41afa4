using System.CommandLine;
using System.CommandLine.Parsing;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Searching;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu search</c>: searches address spaces, or physical memory.</summary>
internal static class SearchCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        var own = new SearchOptionSet();
        Argument<string[]> dumps = Value.Files<string[]>("DUMP", "The dumps.");
        Command command = CommandFactory.Create(
            "search",
            "Search address spaces, or physical memory, for bytes, text, values or pointers.",
            options,
            terminal,
            [dumps],
            [.. own.All, .. options.Space, options.AllRoots, options.Format],
            parse =>
            {
                string[] paths = parse.GetRequiredValue(dumps);
                var engine = new EngineRequest(options, parse);
                IReadOnlyList<SearchPattern> patterns = own.Patterns(parse.CommandResult);
                int? context = parse.GetValue(own.Context) is { } bytes ? (int)bytes : null;
                var request = new SearchRequest
                {
                    Patterns = patterns,
                    Filter = engine.Filter,
                    MinimumAddress = parse.GetValue(options.MinimumAddress) ?? 0,
                    MaximumAddress = parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue,
                };
                request = context is { } around ? request with { ContextBefore = around, ContextAfter = around } : request;
                ulong most = parse.GetValue(own.MaximumCount) ?? ulong.MaxValue;
                bool isPhysical = parse.GetValue(own.Physical);
                var writer = new HitWriter(
                    terminal.Output, parse.GetValue(options.Format), paths.Length > 1, patterns.Count > 1);
                int code = Each.Run(paths, terminal, path => isPhysical
                    ? SearchPhysical(path, engine, request, most, writer, terminal)
                    : Search(path, engine, request, most, writer, terminal));
                writer.End();
                code = ExitCode.OfSearch(code, writer.Any || most == 0);
                if (code == ExitCode.NothingFound)
                {
                    terminal.Warn("nothing was found.");
                }

                return code;
            }).WithAddressRange(options)
            .Refuse(own.Physical, options.SpaceAlone)
            .Need(own.Encoding, own.Text)
            .Need(own.IgnoreCase, own.Text, own.Regex)
            .Need(own.MaximumLength, own.Regex)
            .Need(own.Type, own.Values);
        command.Validators.Add(result => Check(own, result));
        return command;
    }

    /// <summary>What is wrong with the options is a usage error, said before anything is opened.</summary>
    private static void Check(SearchOptionSet own, CommandResult result)
    {
        try
        {
            own.Patterns(result);
        }
        catch (ElfMmuException e)
        {
            result.AddError(e.Message);
        }
        catch (InvalidOperationException)
        {
            // An option can't be read; the parser says which.
        }

        if (result.TryGet(own.Context, out ulong? context) && context > SearchRequest.MostContext)
        {
            result.AddError($"{own.Context.Name} is at most {SearchRequest.MostContext}.");
        }
    }

    private static int Search(
        string path, EngineRequest engine, SearchRequest request, ulong most, HitWriter writer, Terminal terminal)
    {
        using SpaceSource source = SpaceOpening.Open(path, engine, terminal);
        return Each.Run(source.Requests, terminal, wanted =>
        {
            AddressSpace space = source.OpenSpace(wanted, terminal.Cancellation);
            terminal.Remark(space.Origin);
            SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
            terminal.About([map.Remark], map.Warnings);
            using var progress = new ProgressLine(terminal);
            Write(
                path,
                MemorySearch.Find(space, request with { Progress = progress.Report }, terminal.Cancellation),
                most,
                writer);
        });
    }

    private static int SearchPhysical(
        string path, EngineRequest engine, SearchRequest request, ulong most, HitWriter writer, Terminal terminal)
    {
        using MemoryDump dump = terminal.OpenDump(path, engine.Dump);
        terminal.About(dump);
        using var progress = new ProgressLine(terminal);
        Write(path, MemorySearch.FindPhysical(dump, request with { Progress = progress.Report }, terminal.Cancellation), most, writer);
        return ExitCode.Done;
    }

    private static void Write(string path, IEnumerable<SearchHit> hits, ulong most, HitWriter writer)
    {
        if (most == 0)
        {
            return;
        }

        foreach (SearchHit hit in hits)
        {
            writer.Write(path, hit);
            if (--most == 0)
            {
                return;
            }
        }
    }
}
