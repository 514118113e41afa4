using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu diff</c>: compares what two address spaces map.</summary>
internal static class DiffCommand
{
    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string> before = Value.Files<string>("BEFORE", "The dump to compare with.");
        Argument<string?> after = Value.Files<string?>("AFTER", "The dump that is compared; the same one by default, with another root.");
        after.Arity = ArgumentArity.ZeroOrOne;
        Command command = CommandFactory.Create(
            "diff",
            "Compare what two address spaces map: of two dumps, or of one. That they differ is no failure, and that they don't is none either.",
            options,
            terminal,
            [before, after],
            [
                options.OtherRoot, options.OtherCpu, .. options.Space,
                options.IncludeAttributes, options.IncludeEqual, options.IncludeAbsent, options.Format,
            ],
            parse =>
            {
                string path = parse.GetRequiredValue(before);
                var request = new EngineRequest(options, parse);
                var writer = new RowWriter<(MappingChange, DiffSide, DiffSide)>(parse.GetValue(options.Format), terminal.Output, DiffReport.Columns);
                int code = Each.Run([path], terminal, _ => Compare(path, parse.GetValue(after), request, writer, terminal));
                writer.End();
                return code;
            }).WithAddressRange(options);
        command.Validators.Add(result =>
        {
            if (result.GetResult(after) is not { Tokens.Count: > 0 }
                && !result.Has(options.OtherRoot) && !result.Has(options.OtherCpu))
            {
                result.AddError($"There is one side only; give another dump, {options.OtherRoot.Name} or {options.OtherCpu.Name}.");
            }
        });
        return command;
    }

    private static void Compare(
        string path,
        string? otherPath,
        EngineRequest request,
        RowWriter<(MappingChange, DiffSide, DiffSide)> writer,
        Terminal terminal)
    {
        using SpaceSource first = SpaceOpening.Open(path, request, terminal);
        (AddressSpace space, DiffSide before) = Walk(path, first, request, terminal);

        // Of the same dump, what was found out about the first side counts for the second one too.
        using SpaceSource second = otherPath == null
            ? SpaceOpening.Choose(first.Dump.Identity.Reopen(terminal.Cancellation), request, request.Other(first.Requests[0]), terminal)
            : SpaceOpening.Open(otherPath, request, request.Other(request.Space), terminal);
        (_, DiffSide after) = Walk(otherPath ?? path, second, request, terminal);
        string title = $"{before.Mappings.Space} -> {after.Mappings.Space}";
        foreach (MappingChange change in MappingComparer.Compare(before.Mappings, after.Mappings, request.Comparison(space)))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            writer.Write(path, title, (change, before, after));
        }

        terminal.Remark($"Listed {writer.Count} changes.");
    }

    private static (AddressSpace Space, DiffSide Side) Walk(string path, SpaceSource source, EngineRequest request, Terminal terminal)
    {
        AddressSpace space = source.OpenSpace(source.Requests[0], terminal.Cancellation);
        terminal.Remark(space.Origin);
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
        terminal.About([map.Remark], map.Warnings);
        return (space, new DiffSide(path, space.Identity.Root, MappingSet.Of(map, request.IncludeAbsent)));
    }
}
