using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu resolve</c>: translates addresses, virtual ones to physical ones and back.</summary>
internal static class ResolveCommand
{
    private const string Heading =
        "VirtualAddress,Status,PhysicalAddress,FileOffset,File,PageSize,Level,SupervisorRights,UserRights,Kind,Root";

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string> dump = Value.Files<string>("DUMP", "The dump.");
        Argument<ulong[]> addresses = Value.AddressArguments(
            "ADDRESS", "The addresses: virtual ones, or what --physical or --file-offset says. That there is nothing is an answer, no failure.");
        return CommandFactory.Create(
            "resolve",
            "Translate virtual addresses, or find those that lead to physical addresses or to offsets in the file.",
            options,
            terminal,
            [dump, addresses],
            [
                options.Physical, options.FileOffset, options.File, options.AllRoots,
                .. options.Space.Except([options.Privilege, options.Rights, options.MinimumAddress, options.MaximumAddress]),
                options.Format,
            ],
            parse =>
            {
                string path = parse.GetRequiredValue(dump);
                ulong[] wanted = parse.GetRequiredValue(addresses);
                var writer = ReportWriter.CreateRows(parse.GetValue(options.Format), terminal.Output, Heading);
                bool byOffset = parse.GetValue(options.FileOffset);
                bool backwards = byOffset || parse.GetValue(options.Physical);
                string? file = parse.GetValue(options.File);
                long count = 0;
                int code = Each.Run([path], terminal, _ =>
                {
                    using SpaceSource source = SpaceOpening.Open(path, new EngineRequest(options, parse), terminal);
                    return Each.Run(source.Requests, terminal, request =>
                    {
                        AddressSpace space = source.OpenSpace(request, terminal.Cancellation);
                        terminal.Remark(space.Origin);
                        string title = $"{path}: {space.Origin}";
                        IEnumerable<ResolvedAddress> found = backwards
                            ? Backwards(space, byOffset ? wanted.SelectMany(o => space.Dump.AddressesAt(o, Name(file))) : wanted, terminal)
                            : wanted.Select(space.Resolve);
                        foreach (ResolvedAddress address in found)
                        {
                            terminal.Cancellation.ThrowIfCancellationRequested();
                            writer.Write(Row(title, address));
                            count++;
                        }
                    });
                });
                writer.End();
                terminal.Remark($"Listed {count} virtual addresses.");
                return code;
            });
    }

    private static IEnumerable<ResolvedAddress> Backwards(AddressSpace space, IEnumerable<ulong> wanted, Terminal terminal)
    {
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, terminal.Cancellation);
        terminal.About([map.Remark], map.Warnings);
        var index = new PhysicalIndex(map);
        return wanted.SelectMany(index.Find).Select(m => m.ToResolved(space.Dump));
    }

    /// <summary>A file's full path, or its name if that is all that is given.</summary>
    private static string? Name(string? file) => file == null || Path.GetFileName(file) == file ? file : Path.GetFullPath(file);

    private static Report Row(string title, ResolvedAddress address) => new Report { Title = title }
        .Add("virtualAddress", "VirtualAddress", new Hex(address.VirtualAddress))
        .Add("status", "Status", address.Status.ToString())
        .Add("physicalAddress", "PhysicalAddress", Hexadecimal(address.PhysicalAddress))
        .Add("fileOffset", "FileOffset", Hexadecimal(address.FileOffset))
        .Add("file", null, address.File)
        .Add("pageSize", "PageSize", address.PageSize, address.PageSize is { } size ? ByteSize.Exact(size) : "")
        .Add("level", null, address.Level)
        .Add("supervisorRights", "Supervisor", address.SupervisorRights)
        .Add("userRights", "User", address.UserRights)
        .Add("kind", "Kind", address.Kind?.ToString())
        .Add("root", null, new Hex(address.Root));

    private static Hex? Hexadecimal(ulong? value) => value is { } number ? new Hex(number) : null;
}
