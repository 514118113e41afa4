using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu resolve</c>: translates addresses, virtual ones to physical ones and back.</summary>
internal static class ResolveCommand
{
    private const string Heading =
        "VirtualAddress,Status,PhysicalAddress,FileOffset,File,PageSize,Level,SupervisorRights,UserRights,Kind,Root";

    private const string TraceHeading =
        "Address,Stage,Entry,Index,EntryAddress,Value,Kind,Target,SupervisorRights,UserRights,Flags,Root";

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string> dump = Value.Files<string>("DUMP", "The dump.");
        Argument<ulong[]> addresses = Value.AddressArguments(
            "ADDRESS", "The addresses: virtual ones, or what --physical or --file-offset says. That there is nothing is an answer, no failure.");
        Command command = CommandFactory.Create(
            "resolve",
            "Translate virtual addresses, or find those that lead to physical addresses or to offsets in the file.",
            options,
            terminal,
            [dump, addresses],
            [
                options.Trace, options.Physical, options.FileOffset, options.File, options.AllRoots,
                .. options.Space.Except([options.Privilege, options.Rights, options.MinimumAddress, options.MaximumAddress]),
                options.Format,
            ],
            parse =>
            {
                string path = parse.GetRequiredValue(dump);
                ulong[] wanted = parse.GetRequiredValue(addresses);
                bool trace = parse.GetValue(options.Trace);
                var writer = ReportWriter.CreateRows(parse.GetValue(options.Format), terminal.Output, trace ? TraceHeading : Heading);
                Func<AddressSpace, IEnumerable<Report>> rows = trace ? space => Steps(space, wanted)
                    : parse.GetValue(options.Physical) ? space => Backwards(space, wanted, terminal).Select(a => Row(Title(path, space), a))
                    : parse.GetValue(options.FileOffset) ? space => Backwards(space, Located(space, wanted, parse.GetValue(options.File)), terminal)
                        .Select(a => Row(Title(path, space), a))
                    : space => Forwards(space, wanted).Select(a => Row(Title(path, space), a));
                long count = 0;
                int code = Each.Run([path], terminal, _ =>
                {
                    using SpaceSource source = SpaceOpening.Open(path, new EngineRequest(options, parse), terminal);
                    return Each.Run(source.Requests, terminal, request =>
                    {
                        AddressSpace space = source.OpenSpace(request, terminal.Cancellation);
                        terminal.Remark(space.Origin);
                        foreach (Report row in rows(space))
                        {
                            terminal.Cancellation.ThrowIfCancellationRequested();
                            writer.Write(row);
                            count++;
                        }
                    });
                });
                writer.End();
                terminal.Remark($"Listed {count} {(trace ? "steps" : "addresses")}.");
                return code;
            });
        command.Validators.Add(result =>
        {
            if (result.GetResult(options.File) != null && result.GetResult(options.FileOffset) == null)
            {
                result.AddError($"{options.File.Name} says where an offset is; give {options.FileOffset.Name} too.");
            }
        });
        return command;
    }

    private static string Title(string path, AddressSpace space) => $"{path}: {space.Origin}";

    private static IEnumerable<ResolvedAddress> Forwards(AddressSpace space, ulong[] wanted)
    {
        AddressTranslator translator = space.NewTranslator();
        return wanted.Select(a => new ResolvedAddress(a, translator.Translate(a), space.Identity, space.Dump));
    }

    private static IEnumerable<ulong> Located(AddressSpace space, ulong[] offsets, string? file) =>
        offsets.SelectMany(o => space.Dump.AddressesAt(o, Name(file)));

    /// <summary>The ways of addresses through the tables, step by step.</summary>
    private static IEnumerable<Report> Steps(AddressSpace space, ulong[] wanted)
    {
        PageTableReader reader = space.NewTableReader();
        AddressTranslator translator = space.NewTranslator();
        foreach (ulong address in wanted)
        {
            var resolved = new ResolvedAddress(address, translator.Translate(address), space.Identity, space.Dump);
            IReadOnlyList<PageTableEntry> entries = reader.Trace(address);
            if (entries.Count == 0)
            {
                yield return Step(resolved, null);
            }

            foreach (PageTableEntry entry in entries)
            {
                yield return Step(resolved, entry);
            }
        }
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

    /// <summary>A step, or what became of an address that the mode doesn't translate.</summary>
    private static Report Step(ResolvedAddress resolved, PageTableEntry? entry) => new Report { Title = $"{resolved} (root 0x{resolved.Root:x})" }
        .Add("address", null, new Hex(resolved.VirtualAddress))
        .Add("stage", null, entry?.Stage)
        .Add("entry", "Entry", entry?.LevelName)
        .Add("index", "Index", entry?.Index)
        .Add("entryAddress", "EntryAddress", Hexadecimal(entry?.EntryAddress))
        .Add("value", "Value", Hexadecimal(entry?.Value))
        .Add("kind", "Kind", entry?.Kind.ToString() ?? resolved.Status.ToString())
        .Add("target", "Target", Hexadecimal(entry?.Target))
        .Add("supervisorRights", "Supervisor", entry?.SupervisorRights)
        .Add("userRights", "User", entry?.UserRights)
        .Add("flags", "Flags", entry?.Flags)
        .Add("root", null, new Hex(resolved.Root));

    private static Hex? Hexadecimal(ulong? value) => value is { } number ? new Hex(number) : null;
}
