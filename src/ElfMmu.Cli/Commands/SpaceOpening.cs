using ElfMmu.Cli.Options;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary>Opens dumps and finds the address spaces in them, with a line of progress where that takes a search.</summary>
internal static class SpaceOpening
{
    /// <summary>Opens a dump, with a line of progress where it has to be unpacked.</summary>
    public static MemoryDump OpenDump(this Terminal terminal, string path, DumpOptions options)
    {
        using var progress = new ProgressLine(terminal);
        return MemoryDump.Open(path, options with { Progress = progress.Report }, terminal.Cancellation);
    }

    /// <summary>Opens a dump for the address spaces that the options ask for.</summary>
    public static SpaceSource Open(string path, EngineRequest request, Terminal terminal) =>
        Open(path, request, request.Space, terminal);

    /// <summary>The same for one of several spaces that the options name.</summary>
    public static SpaceSource Open(string path, EngineRequest request, SpaceRequest wanted, Terminal terminal)
    {
        MemoryDump dump = terminal.OpenDump(path, request.Dump);
        terminal.About(dump);
        return Choose(dump, request, wanted, terminal);
    }

    /// <summary>Finds address spaces in a dump that is open; it is closed with them.</summary>
    public static SpaceSource Choose(MemoryDump dump, EngineRequest request, SpaceRequest wanted, Terminal terminal)
    {
        SpaceSource source = request.AllRoots
            ? SpaceSource.OpenAll(dump, wanted, Find, terminal.Cancellation)
            : SpaceSource.Open(dump, wanted, Find, terminal.Cancellation);
        terminal.Damage.Add(source.Dump);
        terminal.About(source.Remarks, source.Warnings);
        return source;

        RootSearch Find(MemoryDump searched, RootSearchOptions options, CancellationToken cancellation) =>
            terminal.Search(searched, options, cancellation);
    }

    /// <summary>Searches a dump for roots.</summary>
    public static RootSearch Search(
        this Terminal terminal, MemoryDump dump, RootSearchOptions options, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(terminal);
        return RootFinder.Find(dump, options with { Progress = progress.Report }, cancellation);
    }
}
