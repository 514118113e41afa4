using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What several threads ask at the same time is found out once.</summary>
public sealed class SpaceCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryDump _dump;

    public SpaceCacheTests() => _dump = RawDump.Open(_folder, RawDump.Pages(4));

    public void Dispose()
    {
        _dump.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task OneSearchesAndTheOthersWait()
    {
        SpaceCache cache = SpaceCache.Of(_dump);
        int searches = 0;
        using var go = new ManualResetEventSlim();
        Task<RootSearch>[] all = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.Search(
            new RootSearchOptions(),
            (dump, _, _) =>
            {
                Interlocked.Increment(ref searches);
                go.Wait();
                return Nothing(dump);
            },
            CancellationToken.None)))];
        go.Set();
        RootSearch[] found = await Task.WhenAll(all);
        Assert.Equal(1, searches);
        Assert.All(found, f => Assert.Same(found[0], f));
    }

    [Fact]
    public async Task WaitingCanBeCancelled()
    {
        SpaceCache cache = SpaceCache.Of(_dump);
        using var searching = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        Task<RootSearch> first = Task.Run(() => cache.Search(
            new RootSearchOptions(),
            (dump, _, _) =>
            {
                searching.Set();
                go.Wait();
                return Nothing(dump);
            },
            CancellationToken.None));
        searching.Wait();
        using var stop = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => cache.Search(new RootSearchOptions(), (d, _, _) => Nothing(d), stop.Token));

        // Who asks something else needn't wait.
        var others = new RootSearchOptions { Modes = [ElfMmu.Paging.PagingModes.Get("ia32e")] };
        Assert.NotNull(cache.Search(others, (d, _, _) => Nothing(d), CancellationToken.None));
        Assert.False(first.IsCompleted);
        go.Set();
        await first;
    }

    [Fact]
    public void AfterAFailureTheNextOneTries()
    {
        SpaceCache cache = SpaceCache.Of(_dump);
        Assert.Throws<InvalidOperationException>(() => cache.Search(
            new RootSearchOptions(), (_, _, _) => throw new InvalidOperationException(), CancellationToken.None));
        RootSearch found = Nothing(_dump);
        Assert.Same(found, cache.Search(new RootSearchOptions(), (_, _, _) => found, CancellationToken.None));
        Assert.Same(found, cache.Search(new RootSearchOptions(), (d, _, _) => Nothing(d), CancellationToken.None));
    }

    private static RootSearch Nothing(MemoryDump dump) => new() { Dump = dump.Identity, Roots = [] };
}
