using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Searching;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>Regular expressions over memory.</summary>
public sealed class RegexSearchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "a[bB]", 4096)]
    [InlineData(1, @"[abAB]{6,}", 4096)]
    [InlineData(2, @"\x00\x10|b+\x00", 4096)]
    [InlineData(3, @"(?i)ab(?=b)", 4096)]
    [InlineData(4, @"[^a]{2,9}A", 4096)]
    [InlineData(5, "A[^A]*A", 4096)]
    [InlineData(6, "A[^A]*A", 30)]
    [InlineData(7, "A[^B]*B|b[^\\x10]*\\x10", 16)]
    [InlineData(8, "(?s).{7}", 7)]
    [InlineData(9, "(?s).{1111}", 4096)]
    [InlineData(10, "a{100,}", 4096)]
    [InlineData(11, "(?<=B)[^B]+B", 5000)]
    [InlineData(12, "[^B]+B", 65536)]
    [InlineData(13, "B[^A]{9,}A|a{17}", 40)]
    public void InSpacesHitsAreThoseOfOneScanOfEachStretch(int seed, string expression, int most)
    {
        using var space = new RandomSpace(seed, pages: 70);
        Dictionary<ulong, ulong> pages = space.Pages.ToDictionary(p => p.Key, p => p.Value.Frame);
        var expected = new List<(ulong, int)>();
        foreach (List<ulong> stretch in NaiveSearch.Stretches(pages))
        {
            string text = Encoding.Latin1.GetString([.. stretch.SelectMany(p => space.Memory.Slice((int)pages[p], 4096).ToArray())]);
            expected.AddRange(NaiveSearch.Matches(text, expression, most).Select(m => (stretch[0] + (ulong)m.At, m.Length)));
        }

        SearchHit[] hits = [.. MemorySearch.Find(space.Space, Request(SearchPattern.Regex(expression, mostLength: most)))];
        Assert.NotEmpty(expected);
        Assert.Equal(
            hits.OrderBy(h => h.PhysicalAddress).ThenBy(h => h.VirtualAddress).Select(h => h.VirtualAddress), hits.Select(h => h.VirtualAddress));
        Assert.Equal(expected.Order(), hits.Select(h => (h.VirtualAddress!.Value, h.Length)).Order());
    }

    [Theory]
    [InlineData("\"[^\"]*\"", 4096)]
    [InlineData("(?s)[^,].{60}", 61)]
    [InlineData("a[^b]*b|,[^\"]*\"", 500)]
    [InlineData("(?<=b)[^a,]{3,}|a+b", 100)]
    public void InPhysicalMemoryHitsAreThoseOfOneScan(string expression, int most)
    {
        var random = new Random(most);
        byte[] bytes = new byte[(5 << 20) + 77];
        int run = 1;
        for (int i = 0; i < bytes.Length; i++)
        {
            run = i % 100_000 == 0 ? random.Next(4, 300) : run;
            bytes[i] = random.Next(run) == 0 ? "ab\","u8[random.Next(4)] : i == 0 ? (byte)'x' : random.Next(40) == 0 ? (byte)'y' : (byte)'z';
        }

        using MemoryDump dump = RawDump.Open(_folder, bytes);
        SearchRequest request = Request(SearchPattern.Regex(expression, mostLength: most)) with { ContextBefore = 0, ContextAfter = 0 };
        Assert.Equal(
            NaiveSearch.Matches(Encoding.Latin1.GetString(bytes), expression, most).Select(m => ((ulong)m.At, m.Length)),
            MemorySearch.FindPhysical(dump, request).Select(h => (h.PhysicalAddress, h.Length)));
    }

    [Fact]
    public void WhatIsTooDenseToKeepIsFoundFromWhereTheHitBeforeItEnds()
    {
        byte[] bytes = new byte[(2 << 20) + 5];
        bytes.AsSpan().Fill((byte)'x');
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        SearchRequest request = Request(SearchPattern.Regex("xxx")) with { ContextBefore = 0, ContextAfter = 0 };
        Assert.Equal(
            Enumerable.Range(0, bytes.Length / 3).Select(i => 3 * (ulong)i), MemorySearch.FindPhysical(dump, request).Select(h => h.PhysicalAddress));
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

    [Fact]
    public void ThreadsThatTakeTooLongTogetherGoOnInLinearTime()
    {
        byte[] bytes = new byte[4 << 20];
        bytes.AsSpan().Fill((byte)'a');
        "d"u8.CopyTo(bytes.AsSpan(3 << 20));
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        Assert.Equal(
            [((3UL << 20) - 4095, 4096)],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex("(?:a|b|ab)*[cd]"))).Select(h => (h.PhysicalAddress, h.Length)));
    }

    [Fact]
    public void AThreadThatComesLateTakesTheWayThatAnotherTook()
    {
        // Both wait for the end of the same time; the second one to see it must not take the other way for the one that was too slow.
        const string Expression = "(?:a|aa)+!";
        var matcher = new RegexMatcher(
            RegexEngine.Quick(Expression, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(50)), Expression, RegexOptions.CultureInvariant, 100, 1);
        string text = new('a', 100);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            Assert.False(matcher.Next(text, 0, text.Length, CancellationToken.None, out int _, out int _)));
    }

    [Fact]
    public void WhatCannotBeLinearGetsMoreTime()
    {
        const string Expression = "(?=(?:a|aa)+!)a|b";
        var matcher = new RegexMatcher(
            RegexEngine.Quick(Expression, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(1)), Expression, RegexOptions.CultureInvariant, 100, 1);
        Assert.True(matcher.Next(new string('a', 30) + "b", 0, 31, CancellationToken.None, out int at, out int length));
        Assert.Equal((30, 1), (at, length));
    }

    [Theory]
    [InlineData(@"\x00[^\x01]*\x01", 0, 1)]
    [InlineData(@"\x00+\x01", 0, 1)]
    [InlineData(@"[^,]+,", 'x', ',')]
    public void WhatIsTooLongAtEveryPlaceTakesLinearTime(string expression, byte fill, byte last)
    {
        byte[] bytes = new byte[4 << 20];
        bytes.AsSpan().Fill(fill);
        bytes[^10] = last;
        using MemoryDump dump = RawDump.Open(_folder, bytes);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        Assert.Equal(
            [((ulong)bytes.Length - 9 - 4096, 4096)],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex(expression)), cancel.Token).Select(h => (h.PhysicalAddress, h.Length)));
    }

    [Theory]
    [InlineData("a+b")]
    [InlineData("[^a]+a")]
    [InlineData("a(b|ab)*?c|c{3,}")]
    [InlineData("(?x) c [ab]* c # a comment")]
    [InlineData("(?x) a [^c]* c (?# one) | b+ # and another (")]
    [InlineData("(?<=a)b+|c(?=a)")]
    [InlineData(@"(a|b)c*\1")]
    [InlineData("(?:ab|b|a)+c")]
    public void EveryPlaceSeesAsMuchAsAHitMayHave(string expression)
    {
        const int Most = 12;
        foreach (int seed in Enumerable.Range(0, 30))
        {
            var random = new Random(seed);
            int run = random.Next(1, 40);
            char last = 'a';
            string text = string.Concat(Enumerable.Range(0, 2000).Select(_ => last = random.Next(run) > 0 ? last : "abc"[random.Next(3)]));
            var hits = new List<(int, int)>();
            var matcher = new RegexMatcher(RegexEngine.Quick(expression, RegexOptions.None), expression, RegexOptions.None, Most, 1);
            for (int from = 0; matcher.Next(text, from, text.Length, CancellationToken.None, out int at, out int length); from = at + length)
            {
                hits.Add((at, length));
            }

            Assert.Equal(NaiveSearch.Matches(text, expression, Most), hits);
        }
    }

    [Theory]
    [InlineData(@"(?<=\x01)\x00{4}", 1 << 20, (7 << 20) + 4096)]
    [InlineData(@"\x01\x00{4}", (1 << 20) - 1, (7 << 20) + 4095)]
    [InlineData(@"\x00{4}\x01", (1 << 20) - 4100, (7 << 20) - 4)]
    public void AHitAtTheStartOfAHoleDependsOnWhatIsBeforeIt(string expression, int one, int other)
    {
        using MemoryDump dump = Sparse((1 << 20) - 4096, 7 << 20);
        Assert.Equal(
            [(ulong)one, (ulong)other],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Regex(expression))).Select(h => h.PhysicalAddress));
    }

    [Fact]
    public void AHitInsideAHoleDependsOnWhatIsBeforeItInVirtualMemory()
    {
        // 0x1ff000 is a page of ones; 0x200000 is amid a hole, of which 0xa00000 has what is before.
        string path = _folder.File("tables.bin");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(16 << 20);
            Put(file, 0x1000, 0x2003);
            Put(file, 0x2000, 0x3003);
            Put(file, 0x3000, 0x4003);
            Put(file, 0x3008, 0x800083);
            Put(file, 0x3028, 0x600083);
            Put(file, 0x4ff8, 0x5003);
            file.Position = 0x5000;
            file.Write([.. Enumerable.Repeat((byte)1, 4096)]);
        }

        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        var space = AddressSpace.Open(dump, new SpaceRequest { Root = 0x1000, Mode = "ia32e" });
        Assert.Equal(
            [0x200000UL],
            MemorySearch.Find(space, Request(SearchPattern.Regex(@"(?<=\x01)\x00{4}"))).Select(h => h.VirtualAddress!.Value));

        static void Put(FileStream file, long at, ulong value)
        {
            file.Position = at;
            file.Write(BitConverter.GetBytes(value));
        }
    }

    /// <summary>8 MiB of a hole, but for a page of ones here and there.</summary>
    private MemoryDump Sparse(params ReadOnlySpan<int> pages)
    {
        string path = _folder.File("sparse.bin");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(8 << 20);
            foreach (int page in pages)
            {
                file.Position = page;
                file.Write([.. Enumerable.Repeat((byte)1, 4096)]);
            }
        }

        return MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
    }

    private static SearchRequest Request(SearchPattern pattern) => new() { Patterns = [pattern] };
}
