using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu resolve</c>: translates addresses, virtual ones to physical ones and back.</summary>
internal static class ResolveCommand
{
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
                OutputFormat format = parse.GetValue(options.Format);
                var request = new EngineRequest(options, parse);
                if (parse.GetValue(options.Trace))
                {
                    var steps = new RowWriter<(ResolvedAddress, PageTableEntry?)>(format, terminal.Output, TraceReport.Columns);
                    int traced = ForEachSpace(path, request, terminal, space => Trace(path, space, wanted, steps, terminal));
                    steps.End();
                    terminal.Remark($"Listed {steps.Count} steps.");
                    return traced;
                }

                var writer = new RowWriter<ResolvedAddress>(format, terminal.Output, ResolveReport.Columns);
                Func<AddressSpace, IEnumerable<ResolvedAddress>> resolve =
                    parse.GetValue(options.Physical) ? space => Backwards(space, wanted, terminal)
                    : parse.GetValue(options.FileOffset) ? space => Backwards(space, Located(space, wanted, parse.GetValue(options.File)), terminal)
                    : space => Forwards(space, wanted);
                int code = ForEachSpace(path, request, terminal, space =>
                {
                    string title = $"{path}: {space.Origin}";
                    foreach (ResolvedAddress address in resolve(space))
                    {
                        terminal.Cancellation.ThrowIfCancellationRequested();
                        writer.Write(path, title, address);
                    }
                });
                writer.End();
                terminal.Remark($"Listed {writer.Count} addresses.");
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

    private static int ForEachSpace(string path, EngineRequest request, Terminal terminal, Action<AddressSpace> action) =>
        Each.Run([path], terminal, _ =>
        {
            using SpaceSource source = SpaceOpening.Open(path, request, terminal);
            return Each.Run(source.Requests, terminal, wanted =>
            {
                AddressSpace space = source.OpenSpace(wanted, terminal.Cancellation);
                terminal.Remark(space.Origin);
                action(space);
            });
        });

    private static IEnumerable<ResolvedAddress> Forwards(AddressSpace space, ulong[] wanted)
    {
        AddressTranslator translator = space.NewTranslator();
        return wanted.Select(a => new ResolvedAddress(a, translator.Translate(a), space.Identity, space.Dump));
    }

    private static IEnumerable<ulong> Located(AddressSpace space, ulong[] offsets, string? file) =>
        offsets.SelectMany(o => space.Dump.AddressesAt(o, Name(file)));

    /// <summary>Writes the ways of addresses through the tables, step by step.</summary>
    private static void Trace(
        string path, AddressSpace space, ulong[] wanted, RowWriter<(ResolvedAddress, PageTableEntry?)> writer, Terminal terminal)
    {
        PageTableReader reader = space.NewTableReader();
        foreach (ResolvedAddress resolved in Forwards(space, wanted))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            string title = $"{resolved} (root 0x{resolved.Root:x})";
            foreach (PageTableEntry? entry in reader.Trace(resolved.VirtualAddress).DefaultIfEmpty())
            {
                writer.Write(path, title, (resolved, entry));
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
}
