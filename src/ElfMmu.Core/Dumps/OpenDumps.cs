namespace ElfMmu.Dumps;

/// <summary>
/// The dumps that are open in this process, so that a pipeline's sink shares the one its source still has open instead of opening
/// (and unpacking) it a second time. It keeps nothing open by itself.
/// </summary>
internal static class OpenDumps
{
    private static readonly List<WeakReference<MemoryDump>> Dumps = [];

    /// <summary>Remembers a dump.</summary>
    public static void Add(MemoryDump dump)
    {
        lock (Dumps)
        {
            Dumps.RemoveAll(d => !d.TryGetTarget(out MemoryDump? target) || target.IsClosed);
            Dumps.Add(new WeakReference<MemoryDump>(dump));
        }
    }

    /// <summary>An open dump of this identity, with a lease of its own to dispose; null when there is none.</summary>
    public static MemoryDump? TryLease(DumpIdentity identity)
    {
        lock (Dumps)
        {
            foreach (WeakReference<MemoryDump> reference in Dumps)
            {
                if (reference.TryGetTarget(out MemoryDump? dump) && dump.Identity == identity && dump.TryLease())
                {
                    return dump;
                }
            }

            return null;
        }
    }
}
