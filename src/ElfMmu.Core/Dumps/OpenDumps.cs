using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The dumps that are open in this process, so that a pipeline's sink shares the one its source still has open instead of opening
/// (and unpacking) it a second time. It keeps nothing open by itself.
/// </summary>
internal static class OpenDumps
{
    private static readonly List<WeakReference<MemoryDump>> Dumps = [];
    private static readonly List<WeakReference<OpenedDump>> Kept = [];

    /// <summary>Remembers a dump.</summary>
    public static void Add(MemoryDump dump)
    {
        lock (Dumps)
        {
            Dumps.RemoveAll(d => !d.TryGetTarget(out MemoryDump? target) || target.IsClosed);
            Dumps.Add(new WeakReference<MemoryDump>(dump));
        }
    }

    /// <summary>Remembers a dump that somebody keeps.</summary>
    public static void Add(OpenedDump opened)
    {
        lock (Dumps)
        {
            Kept.RemoveAll(d => !d.TryGetTarget(out OpenedDump? target) || target.IsClosed);
            Kept.Add(new WeakReference<OpenedDump>(opened));
        }
    }

    /// <summary>The file of a raw image that is open, placed in whatever way, to be disposed by who gets it; null when there is none.</summary>
    public static SharedDataSource? TryShare(DumpIdentity identity)
    {
        lock (Dumps)
        {
            return Dumps.Select(r => r.TryGetTarget(out MemoryDump? dump) && dump.Identity.IsSameFile(identity) ? dump.Image?.TryShare() : null)
                .FirstOrDefault(s => s != null);
        }
    }

    /// <summary>
    /// Lets a dump stay open for as long as somebody keeps the same file open, placed otherwise: whoever asks for it next needn't open (and
    /// unpack) it once more.
    /// </summary>
    /// <returns>The dump.</returns>
    public static MemoryDump KeepBesideKept(MemoryDump dump)
    {
        lock (Dumps)
        {
            // One of them is enough.
            _ = Kept.Exists(r => r.TryGetTarget(out OpenedDump? opened) && opened.TryKeep(dump));
        }

        return dump;
    }

    /// <summary>An open dump of this identity, with a lease of its own to dispose; null when there is none.</summary>
    public static MemoryDump? TryLease(DumpIdentity identity)
    {
        lock (Dumps)
        {
            foreach (WeakReference<MemoryDump> reference in Dumps)
            {
                if (reference.TryGetTarget(out MemoryDump? dump) && dump.Identity.Serves(identity) && dump.TryLease())
                {
                    return dump;
                }
            }

            return null;
        }
    }
}
