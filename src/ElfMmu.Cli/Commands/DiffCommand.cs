using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu diff</c>: compares what two address spaces map.</summary>
internal static class DiffCommand
{
    private const string Heading = "VirtualAddress,Size,Change,BeforePhysicalAddress,AfterPhysicalAddress,"
        + "BeforeSupervisorRights,AfterSupervisorRights,BeforeUserRights,AfterUserRights,BeforePageSize,AfterPageSize";

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
                var writer = ReportWriter.CreateRows(parse.GetValue(options.Format), terminal.Output, Heading);
                int code = Each.Run([path], terminal, _ => Compare(path, parse.GetValue(after), request, writer, terminal));
                writer.End();
                return code;
            }).WithAddressRange(options);
        command.Validators.Add(result =>
        {
            if (result.GetResult(after) is not { Tokens.Count: > 0 }
                && result.GetResult(options.OtherRoot) == null && result.GetResult(options.OtherCpu) == null)
            {
                result.AddError($"There is one side only; give another dump, {options.OtherRoot.Name} or {options.OtherCpu.Name}.");
            }
        });
        return command;
    }

    private static void Compare(string path, string? otherPath, EngineRequest request, ReportWriter writer, Terminal terminal)
    {
        using SpaceSource first = SpaceOpening.Open(path, request, terminal);
        (AddressSpace space, MappingSet before) = Walk(first, request, terminal);

        // Of the same dump, what was found out about the first side counts for the second one too.
        using SpaceSource second = otherPath == null
            ? SpaceOpening.Choose(first.Dump.Identity.Reopen(terminal.Cancellation), request, request.Other(first.Requests[0]), terminal)
            : SpaceOpening.Open(otherPath, request, request.Other(request.Space), terminal);
        (_, MappingSet after) = Walk(second, request, terminal);
        string title = $"{before.Space} -> {after.Space}";
        long count = 0;
        foreach (MappingChange change in MappingComparer.Compare(before, after, request.Comparison(space)))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            writer.Write(Row(title, change));
            count++;
        }

        terminal.Remark($"Listed {count} changes.");
    }

    private static (AddressSpace Space, MappingSet Mappings) Walk(SpaceSource source, EngineRequest request, Terminal terminal)
    {
        AddressSpace space = source.OpenSpace(source.Requests[0], terminal.Cancellation);
        terminal.Remark(space.Origin);
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
        terminal.About([map.Remark], map.Warnings);
        return (space, MappingSet.Of(map, request.IncludeAbsent));
    }

    private static Report Row(string title, MappingChange change) => new Report { Title = title }
        .Add("virtualAddress", "VirtualAddress", new Hex(change.VirtualAddress))
        .Add("size", "Size", change.Size, ByteSize.Exact(change.Size))
        .Add("change", "Change", change.Change.ToString())
        .Add("beforePhysicalAddress", "Before", Hexadecimal(change.BeforePhysicalAddress))
        .Add("afterPhysicalAddress", "After", Hexadecimal(change.AfterPhysicalAddress))
        .Add("beforeSupervisorRights", "Supervisor", change.BeforeSupervisorRights, Both(change.BeforeSupervisorRights, change.AfterSupervisorRights))
        .Add("afterSupervisorRights", null, change.AfterSupervisorRights)
        .Add("beforeUserRights", "User", change.BeforeUserRights, Both(change.BeforeUserRights, change.AfterUserRights))
        .Add("afterUserRights", null, change.AfterUserRights)
        .Add("beforePageSize", null, change.BeforePageSize)
        .Add("afterPageSize", null, change.AfterPageSize);

    private static Hex? Hexadecimal(ulong? value) => value is { } number ? new Hex(number) : null;

    private static string Both(string? before, string? after) =>
        before == null || after == null || before == after ? before ?? after ?? "" : $"{before} > {after}";
}
