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
            "ADDRESS", "The addresses: virtual ones, or what --physical or --file-offset says. That a virtual address leads nowhere is an answer, no failure.");
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
                bool areOffsets = parse.GetValue(options.FileOffset);
                ReverseLookup? reverse = areOffsets || parse.GetValue(options.Physical)
                    ? new ReverseLookup(wanted, areOffsets, Name(parse.GetValue(options.File)), terminal)
                    : null;
                int code = ForEachSpace(path, request, terminal, space =>
                {
                    string title = $"{path}: {space.Origin}";
                    foreach (ResolvedAddress address in reverse?.In(space) ?? Forwards(space, wanted))
                    {
                        terminal.Cancellation.ThrowIfCancellationRequested();
                        writer.Write(path, title, address);
                    }
                });
                writer.End();
                terminal.Remark($"Listed {writer.Count} addresses.");
                reverse?.WarnOfNothing();
                return ExitCode.OfSearch(code, reverse == null || writer.Count > 0);
            });
        return command.Need(options.File, options.FileOffset);
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

    /// <summary>A file's full path, or its name if that is all that is given.</summary>
    private static string? Name(string? file) => file == null || Path.GetFileName(file) == file ? file : Path.GetFullPath(file);
}
