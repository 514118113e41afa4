using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Searches dumps for roots beside the pipeline's thread, which shows the progress meanwhile: a search reports it from any
/// thread, and only the pipeline's may write.
/// </summary>
/// <param name="cmdlet">Whose search it is.</param>
internal sealed class BackgroundSearch(Cmdlet cmdlet)
{
    /// <summary>Searches; see <see cref="RootFinder.Find"/>.</summary>
    public RootSearch Find(MemoryDump dump, RootSearchOptions options, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var progress = new ByteProgress(cmdlet, $"Searching {dump.Identity.Path} for roots");
        ulong done = 0;
        ulong total = 0;
        Task<RootSearch> search = Task.Run(
            () => RootFinder.Find(
                dump,
                options with
                {
                    Progress = (now, all) =>
                    {
                        Volatile.Write(ref total, all);
                        Volatile.Write(ref done, now);
                    },
                },
                stop.Token),
            CancellationToken.None);
        var finished = (IAsyncResult)search;
        try
        {
            while (!finished.AsyncWaitHandle.WaitOne(ByteProgress.Interval))
            {
                progress.Report(Volatile.Read(ref done), Volatile.Read(ref total));
            }
        }
        finally
        {
            // Writing progress throws when the pipeline is being stopped. The dump must not be closed below a search that runs on.
            stop.Cancel();
            finished.AsyncWaitHandle.WaitOne();
        }

        return search.GetAwaiter().GetResult();
    }
}
