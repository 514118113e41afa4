using System.Buffers.Binary;
using System.Text;
using ElfMmu.Intervals;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Searching;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>Searches of address spaces give exactly what a naive search byte by byte gives, in the order that is promised.</summary>
public sealed class SpaceSearchTests
{
    public static TheoryData<int, bool, bool> Spaces()
    {
        var spaces = new TheoryData<int, bool, bool>();
        for (int seed = 0; seed < 24; seed++)
        {
            spaces.Add(seed, seed % 2 == 0, seed % 3 == 0);
        }

        return spaces;
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void HitsAreThoseOfANaiveSearch(int seed, bool wide, bool sparse)
    {
        using var space = new RandomSpace(seed, wide, sparse: sparse);
        Dictionary<ulong, ulong> pages = space.Pages.ToDictionary(p => p.Key, p => p.Value.Frame);
        var (patterns, oracles) = Patterns(wide ? 8 : 4);
        List<NaiveSearch.Hit> expected = NaiveSearch.Find(pages, space.Memory, oracles);
        List<NaiveSearch.Hit> found = NaiveSearch.Of(
            MemorySearch.Find(space.Space, new SearchRequest { Patterns = patterns }), patterns);
        Assert.Equal(expected, found);

        // What the test is about is there: hits across borders, and bytes with several addresses.
        if (seed == 0)
        {
            Assert.Contains(expected, h => (h.Virtual & 0xfff) + (ulong)h.Length > 4096);
            Assert.Contains(expected.GroupBy(h => (h.Physical, h.Pattern)), g => g.Count() > 1);
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void RightsAndAddressesLimitTheWholeHit(int seed, bool wide, bool sparse)
    {
        using var space = new RandomSpace(seed, wide, sparse: sparse);
        var (patterns, oracles) = Patterns(wide ? 8 : 4);
        ulong first = 0x40_0000 + 4099;
        ulong last = 0x40_0000 + (20 * 4096) + 77;
        Dictionary<ulong, ulong> pages = space.Pages.Where(p => p.Value.User).ToDictionary(p => p.Key, p => p.Value.Frame);
        Assert.Equal(
            NaiveSearch.Find(pages, space.Memory, oracles, first, last),
            NaiveSearch.Of(
                MemorySearch.Find(space.Space, new SearchRequest
                {
                    Patterns = patterns,
                    Filter = new MappingFilter(Privilege.User),
                    MinimumAddress = first,
                    MaximumAddress = last,
                }),
                patterns));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EverySinglePatternGivesWhatItGivesAmongOthers(int seed)
    {
        using var space = new RandomSpace(seed);
        var (patterns, _) = Patterns(8);
        List<NaiveSearch.Hit> all = NaiveSearch.Of(MemorySearch.Find(space.Space, new SearchRequest { Patterns = patterns }), patterns);
        for (int i = 0; i < patterns.Length; i++)
        {
            List<NaiveSearch.Hit> alone = NaiveSearch.Of(
                MemorySearch.Find(space.Space, new SearchRequest { Patterns = [patterns[i]] }), patterns);
            Assert.Equal(all.Where(h => h.Pattern == i), alone);
        }
    }

    [Fact]
    public void HitsSayWhatTheyAre()
    {
        using var space = new RandomSpace(3);
        Dictionary<ulong, ulong> pages = space.Pages.ToDictionary(p => p.Key, p => p.Value.Frame);
        SearchPattern pattern = SearchPattern.Bytes("62 ?? 41");
        int hits = 0;
        foreach (SearchHit hit in MemorySearch.Find(
            space.Space, new SearchRequest { Patterns = [pattern], ContextBefore = 7, ContextAfter = 9 }))
        {
            hits++;
            ulong address = hit.VirtualAddress!.Value;
            Assert.Equal(NaiveSearch.Read(pages, space.Memory, address, 3), hit.Bytes);
            Assert.Equal(Around(address - 7, 7), hit.ContextBefore);
            Assert.Equal(Around(address + 3, 9).Take(hit.ContextAfter.Count), hit.ContextAfter);
            Assert.True(hit.ContextAfter.Count == 9 || address > ulong.MaxValue - 12);
            Assert.Equal("62 ?? 41", hit.Pattern);
            Assert.Equal(hit.PhysicalAddress, hit.FileOffset);
            Assert.Equal(space.Dump.Identity.Path, hit.File);
            Assert.Equal(4096UL, hit.PageSize);
            Assert.Equal(RegionKind.Ram, hit.Kind);
            Assert.Equal(space.Pages[address & ~0xfffUL].User ? "rwx" : "---", hit.UserRights);
            Assert.Equal("rwx", hit.SupervisorRights);
            Assert.Same(space.Space.Identity, hit.Space);
        }

        Assert.True(hits > 10);

        IEnumerable<byte?> Around(ulong address, int length) => Enumerable.Range(0, length)
            .Select(i => NaiveSearch.Read(pages, space.Memory, address + (ulong)i, 1)?[0]);
    }

    [Fact]
    public void FirstAndLastByteOfTheAddressesAreFound()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            using var space = new RandomSpace(seed, pages: 90);
            ulong top = ulong.MaxValue - 4095;
            if (!space.Pages.ContainsKey(top) || !space.Pages.ContainsKey(0))
            {
                continue;
            }

            byte[] lowest = space.Memory.Slice((int)space.Pages[0].Frame, 2).ToArray();
            byte[] highest = space.Memory.Slice((int)space.Pages[top].Frame + 4094, 2).ToArray();
            var request = new SearchRequest { Patterns = [SearchPattern.Bytes(lowest)] };
            Assert.Contains(MemorySearch.Find(space.Space, request), h => h.VirtualAddress == 0 && h.ContextBefore.Count == 0);
            request = new SearchRequest { Patterns = [SearchPattern.Bytes(highest)] };
            Assert.Contains(
                MemorySearch.Find(space.Space, request), h => h.VirtualAddress == ulong.MaxValue - 1 && h.ContextAfter.Count == 0);
            return;
        }

        Assert.Fail("No space had both pages.");
    }

    /// <summary>One pattern of every kind but regular expressions, with what it means byte by byte.</summary>
    private static (SearchPattern[] Patterns, (NaiveSearch.IsHere IsHere, int Length, ulong Alignment)[] Oracles) Patterns(int word)
    {
        ulong first = 0x1000_0000_0000_0000UL >> (word == 8 ? 0 : 32);
        ulong last = first + (0x00ff_ffff_ffff_ffffUL >> (word == 8 ? 0 : 32));
        byte[] large = [.. Enumerable.Repeat((byte)'a', 5000)];
        return (
        [
            SearchPattern.Bytes("61 62 00"),
            SearchPattern.Bytes("?1 ?? 6? 4?"),
            SearchPattern.Bytes("00000000000000"),
            SearchPattern.Bytes("41", alignment: 64),
            SearchPattern.Text("abBa", TextEncoding.Ascii, ignoreCase: true),
            SearchPattern.Text("b", TextEncoding.Utf16BE),
            SearchPattern.Value((ushort)0x6161, MemoryValueType.Parse("u16")),
            SearchPattern.PointerTo(Interval.FromStartAndLast(first, last)),
            SearchPattern.PointerTo(Interval.FromStartAndLast(0, 0x61), alignment: 1),
            SearchPattern.Bytes(large),
            SearchPattern.Value(0u, MemoryValueType.Parse("u32"), alignment: 4096),
        ],
        [
            (b => b is [0x61, 0x62, 0x00], 3, 1),
            (b => (b[0] & 15) == 1 && (b[2] & 0xf0) == 0x60 && (b[3] & 0xf0) == 0x40, 4, 1),
            (b => !b.ContainsAnyExcept((byte)0), 7, 1),
            (b => b[0] == 0x41, 1, 64),
            (b => Encoding.ASCII.GetString(b).Equals("ABBA", StringComparison.OrdinalIgnoreCase), 4, 1),
            (b => b is [0, (byte)'b'], 2, 1),
            (b => b is [0x61, 0x61], 2, 2),
            (b => Word(b) >= first && Word(b) <= last, word, (ulong)word),
            (b => Word(b) <= 0x61, word, 1),
            (b => b.SequenceEqual(large), large.Length, 1),
            (b => b is [0, 0, 0, 0], 4, 4096),
        ]);

        static ulong Word(ReadOnlySpan<byte> bytes) => bytes.Length == 8
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
