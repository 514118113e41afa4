using System.Management.Automation;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Opens dumps for a cmdlet, which shows how far unpacking is where a dump is packed as a whole.</summary>
internal static class DumpUnpacking
{
    /// <summary>Opens a dump, as <see cref="MemoryDump.Open"/> does; only on the thread of the pipeline.</summary>
    public static MemoryDump OpenDump(this Cmdlet cmdlet, string path, DumpOptions options, CancellationToken cancellation)
    {
        using ByteProgress progress = Unpacking(cmdlet, path);
        return MemoryDump.Open(path, options with { Progress = progress.Report }, cancellation);
    }

    /// <summary>Opens a dump to keep it, as <see cref="OpenedDump.Open"/> does; only on the thread of the pipeline.</summary>
    public static OpenedDump OpenKeptDump(this Cmdlet cmdlet, string path, DumpOptions options, CancellationToken cancellation)
    {
        using ByteProgress progress = Unpacking(cmdlet, path);
        return OpenedDump.Open(path, options with { Progress = progress.Report }, cancellation);
    }

    private static ByteProgress Unpacking(Cmdlet cmdlet, string path) => new(cmdlet, $"Unpacking {path}");
}
