using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What was asked for longest ago makes room.</summary>
public sealed class KeptResultsTests
{
    [Fact]
    public void TheLongestUnusedGoesFirst()
    {
        var kept = new KeptResults<string, int>(10, size => size);
        int found = 0;
        Assert.Equal(4, Get("a", 4));
        Assert.Equal(4, Get("b", 4));
        Assert.Equal(4, Get("a", 4));
        Assert.Equal(2, found);
        Assert.Equal(3, kept.Add("c", 3));
        Assert.False(kept.TryGet("b", out _));
        Assert.True(kept.TryGet("a", out _));
        Assert.Equal(2, kept.Count);

        // The last one is kept whatever it takes, and nothing else then.
        Assert.Equal(100, Get("d", 100));
        Assert.Equal(1, kept.Count);
        Assert.Equal(100, kept.Add("d", 5));
        Assert.Equal(1, Get("e", 1));
        Assert.False(kept.TryGet("d", out _));

        // What went makes room.
        Get("f", 4);
        Get("g", 5);
        Assert.Equal(3, kept.Count);

        int Get(string key, int size) => kept.Get(key, () => ++found * 0 + size, default);
    }

    [Fact]
    public async Task WhoWaitsForWhatIsGivenUpFindsItItself()
    {
        var kept = new KeptResults<int, string>(1, _ => 1);
        int found = 0;
        Task[] all = [.. Enumerable.Range(0, 64).Select(i => Task.Run(() =>
        {
            for (int turn = 0; turn < 200; turn++)
            {
                int key = (i + turn) % 3;
                Assert.Equal($"{key}", kept.Get(key, () =>
                {
                    Interlocked.Increment(ref found);
                    return $"{key}";
                }, default));
            }
        }))];
        await Task.WhenAll(all);
        Assert.True(found >= 3);
        Assert.Equal(1, kept.Count);
    }

    [Fact]
    public void MapsOfWalksAndOfQuestionsHaveOneBudget()
    {
        using var folder = new TempFolder();
        using OpenedDump opened = OpenedDump.Open(folder.Write("dump.bin", HostileTables.Memory()), new DumpOptions { RamBase = 0 });
        using MemoryDump dump = opened.Lease();

        // Room for one of 512 mappings and what it takes besides, not for two.
        SpaceCache cache = dump.Attached(d => new SpaceCache(d, 1000));
        Assert.Same(cache, SpaceCache.Of(dump));
        AddressSpace first = dump.Space(HostileTables.SmallRoot, "ia32e");
        AddressSpace second = dump.Space(HostileTables.SmallRoot, "npt");
        SpaceMap map = cache.Map(first, default);
        Assert.Equal(510, map.Mappings.Length);
        Assert.Same(map, cache.Map(first, default));
        var list = new MappingList();
        second.WalkKept(second.NewWalk(), ref list);
        Assert.Null(cache.TryGetMap(first));
        Assert.NotNull(cache.TryGetMap(second));
        Assert.Equal(["mappings of an address space"], opened.Kept);

        // Who has the map has it still.
        Assert.True(map.TryFind(0, out _));
        Assert.NotSame(map, cache.Map(first, default));
    }
}
