using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// The dumps that were opened in each session (runspace), so that they can be closed all together. It keeps none of them open by itself:
/// what nothing else leads to is left to the garbage collector.
/// </summary>
internal static class SessionDumps
{
    private static readonly ConditionalWeakTable<Runspace, List<WeakReference<OpenedDump>>> Sessions = [];

    /// <summary>Remembers a dump that was opened in this session.</summary>
    public static void Add(OpenedDump dump)
    {
        if (Runspace.DefaultRunspace is { } session)
        {
            List<WeakReference<OpenedDump>> dumps = Sessions.GetOrCreateValue(session);
            lock (dumps)
            {
                dumps.RemoveAll(d => !d.TryGetTarget(out OpenedDump? target) || target.IsClosed);
                dumps.Add(new WeakReference<OpenedDump>(dump));
            }
        }
    }

    /// <summary>Closes every dump that was opened in this session and is still open.</summary>
    /// <returns>Those that it closed.</returns>
    public static IReadOnlyList<OpenedDump> CloseAll()
    {
        List<OpenedDump> closed = [];
        if (Runspace.DefaultRunspace is { } session && Sessions.TryGetValue(session, out List<WeakReference<OpenedDump>>? dumps))
        {
            lock (dumps)
            {
                foreach (WeakReference<OpenedDump> reference in dumps)
                {
                    if (reference.TryGetTarget(out OpenedDump? dump) && !dump.IsClosed)
                    {
                        dump.Dispose();
                        closed.Add(dump);
                    }
                }

                dumps.Clear();
            }
        }

        return closed;
    }
}
