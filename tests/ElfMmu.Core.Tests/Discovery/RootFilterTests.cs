using System.Globalization;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>Which candidates are wanted, and what is said when none is.</summary>
public sealed class RootFilterTests
{
    private static readonly DumpIdentity Dump = new("x.bin", 0, DateTime.UnixEpoch);

    [Theory]
    [InlineData(0.5, int.MaxValue, "0.9 0.6 0.5")]
    [InlineData(0.5, 2, "0.9 0.6")]
    [InlineData(0, int.MaxValue, "0.9 0.6 0.5 0.4999 0")]
    [InlineData(0, 4, "0.9 0.6 0.5 0.4999")]
    [InlineData(0.9, 9, "0.9")]
    [InlineData(1, 9, "")]
    public void ScoreAndCountChoose(double minimumScore, int maximumCount, string chosen)
    {
        var filter = new RootFilter { MinimumScore = minimumScore, MaximumCount = maximumCount };
        Assert.Equal(chosen, string.Join(' ', filter.Choose(Search(0.9, 0.6, 0.5, 0.4999, 0))
            .Select(r => r.Score.ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void TheDefaultIsTheThresholdOfASearch() => Assert.Equal(RootSearch.DefaultMinimumScore, new RootFilter().MinimumScore);

    [Fact]
    public void NothingSaysWhatWasLookedForAndWhatCameClosest()
    {
        string none = new RootFilter().Nothing(Search(), new RootSearchOptions());
        Assert.Contains("'x.bin'", none, StringComparison.Ordinal);
        Assert.Contains("every mode", none, StringComparison.Ordinal);
        Assert.Contains("nothing looks like one", none, StringComparison.Ordinal);
        string one = new RootFilter { MinimumScore = 0.8 }.Nothing(
            Search(0.79), new RootSearchOptions { Modes = PagingModes.Named("arm64") });
        Assert.Contains("aarch64-4k, aarch64-16k, aarch64-64k", one, StringComparison.Ordinal);
        Assert.Contains("1 candidate scores less than 0.8; the best one, 0x1000 (ia32e), scores 0.79.", one, StringComparison.Ordinal);
    }

    private static RootSearch Search(params double[] scores) => new()
    {
        Dump = Dump,
        Roots = [.. scores.Select(s => new PageTableRoot { Dump = Dump, Mode = PagingModes.Get("ia32e"), Root = 0x1000, RamBase = 0, Score = s })],
    };
}
