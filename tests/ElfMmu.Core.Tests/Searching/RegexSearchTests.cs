using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Searching;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>Regular expressions over memory.</summary>
public sealed class RegexSearchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "a[bB]")]
    [InlineData(1, @"[abAB]{6,}")]
    [InlineData(2, @"\x00\x10|b+\x00")]
    [InlineData(3, @"(?i)ab(?=b)")]
    [InlineData(4, @"[^a]{2,9}A")]
    public void InSpacesHitsAreThoseOfEachStretch(int seed, string expression)
    {
        using var space = new RandomSpace(seed, pages: 60);
        Dictionary<ulong, ulong> pages = space.Pages.ToDictionary(p => p.Key, p => p.Value.Frame);
        var expected = new List<(ulong, int)>();
        foreach (List<ulong> stretch in NaiveSearch.Stretches(pages))
        {
            string text = Encoding.Latin1.GetString([.. stretch.SelectMany(p => space.Memory.Slice((int)pages[p], 4096).ToArray())]);
            expected.AddRange(Regex.Matches(text, expression, RegexOptions.CultureInvariant)
                .Where(m => m.Length > 0).Select(m => (stretch[0] + (ulong)m.Index, m.Length)));
        }

        SearchHit[] hits = [.. MemorySearch.Find(space.Space, Request(SearchPattern.Regex(expression)))];
        Assert.NotEmpty(expected);
        Assert.Equal(
            hits.OrderBy(h => h.PhysicalAddress).ThenBy(h => h.VirtualAddress).Select(h => h.VirtualAddress), hits.Select(h => h.VirtualAddress));

        // What is longer than a hit may be is cut, and goes on as the next one; frames of nothing but one letter are that.
        Assert.Equal(Cut(expected), Cut(hits.Select(h => (h.VirtualAddress!.Value, h.Length))));

        static IEnumerable<ulong> Cut(IEnumerable<(ulong Address, int Length)> hits) =>
            hits.Where(h => h.Length < 1000).Select(h => h.Address).Order();
    }

    [Fact]
    public void HitsGoOnOverTheBordersOfPiecesAndAreGivenOnce()
    {
        byte[] bytes = new byte[(3 << 20) + 100];
        "first string\0"u8.CopyTo(bytes);
        "crosses over\0"u8.CopyTo(bytes.AsSpan((1 << 20) - 6));
        "starts there\0"u8.CopyTo(bytes.AsSpan(2 << 20));
        "at the  end!"u8.CopyTo(bytes.AsSpan(bytes.Length - 12));
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        Assert.Equal(
            [(0UL, 12), ((1UL << 20) - 6, 12), (2UL << 20, 12), ((3UL << 20) + 88, 12)],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("[ -~]{4,}"))).Select(h => (h.PhysicalAddress, h.Length)));
    }

    [Fact]
    public void LongHitsAreCut()
    {
        byte[] bytes = new byte[40000];
        bytes.AsSpan(100, 10000).Fill((byte)'x');
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        Assert.Equal(
            [(100UL, 4096), (4196UL, 4096), (8292UL, 1808)],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("x{100,}"))).Select(h => (h.PhysicalAddress, h.Length)));
        Assert.Equal(
            [(100UL, 10000)],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("x{100,}", mostLength: 60000))).Select(h => (h.PhysicalAddress, h.Length)));
        Assert.Empty(MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("\0x+\0"))));
    }

    [Fact]
    public void AnExpressionThatTakesForeverIsAppliedInLinearTime()
    {
        byte[] bytes = new byte[100000];
        bytes.AsSpan(5000, 3000).Fill((byte)'a');
        "aaaa!"u8.CopyTo(bytes.AsSpan(50000));
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        Assert.Equal(
            [50000UL],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("(a|aa)+!"))).Select(h => h.PhysicalAddress));
    }

    [Fact]
    public void OneThatCannotBeLinearIsAnError()
    {
        byte[] bytes = new byte[100000];
        bytes.AsSpan(5000, 3000).Fill((byte)'a');
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        ElfMmuException error = Throws.Error(
            "PatternTooSlow",
            () => MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("(?=(a|aa)+!)a"))).ToArray());
        Assert.Equal(ErrorKind.LimitsExceeded, error.Kind);
    }

    private static SearchRequest Request(SearchPattern pattern) => new() { Patterns = [pattern] };
}
