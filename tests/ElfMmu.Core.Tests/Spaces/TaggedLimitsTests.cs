using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Searching;
using ElfMmu.Spaces;
using ElfMmu.Tests.Images;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Limits with a tag where AArch64 ignores the top byte: 0x0000 to 0x7fff are mapped, user code all of it.</summary>
public sealed class TaggedLimitsTests : IDisposable
{
    private const ulong Tag = 0xaa00_0000_0000_0000;
    private const ulong OtherTag = 0xbb00_0000_0000_0000;
    private const ulong Ram = 0x8000;

    // T0SZ and T1SZ 16, EPD1: the lower half only.
    private const ulong Plain = 16 | (16 << 16) | (1 << 23);
    private const ulong Ignored = 1UL << 37;

    private readonly TempFolder _folder = new();
    private readonly MemoryDump _dump;
    private readonly AddressSpace _space;

    public TaggedLimitsTests()
    {
        byte[] memory = new byte[0x1_0000];
        void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(at), value);
        Put(0x1000, 0x2000 | 3);
        Put(0x2000, 0x3000 | 3);
        Put(0x3000, 0x4000 | 3);
        for (int i = 0; i < 8; i++)
        {
            Put(0x4000 + (i * 8), (Ram + ((ulong)i << 12)) | 0x743);
        }

        "needle"u8.CopyTo(memory.AsSpan((int)Ram + 0x4000));
        "needle"u8.CopyTo(memory.AsSpan((int)Ram + 0x7000));
        new TestElf().File.AsSpan(0, 0x2800).CopyTo(memory.AsSpan((int)Ram + 0x1000));
        _dump = RawDump.Open(_folder, memory);
        _space = Open(Plain | Ignored);
    }

    public void Dispose()
    {
        _dump.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0x4001, 0xffff)]
    [InlineData(Tag | 0x4001, OtherTag | 0xffff)]
    [InlineData(0x4001, Tag | 0xffff)]
    public void ASearchTakesThem(ulong minimum, ulong maximum)
    {
        var request = new SearchRequest
        {
            Patterns = [SearchPattern.Text("needle")],
            MinimumAddress = minimum,
            MaximumAddress = maximum,
        };
        Assert.Equal([0x7000UL], MemorySearch.Find(_space, request).Select(h => h.VirtualAddress!.Value));
        if (minimum >= Tag)
        {
            Assert.Empty(MemorySearch.Find(Open(Plain), request));
        }
    }

    [Fact]
    public void SoDoesASearchForImages()
    {
        var options = new ImageSearchOptions { MinimumAddress = Tag | 0x1000, MaximumAddress = OtherTag | 0x1fff, IncludeHeaders = true };
        Assert.Equal(0x1000UL, Assert.Single(ImageFinder.Find(_space, options).Images).Address);
        Assert.Equal(0x1000UL, ImageFinder.At(_space, Tag | 0x1000)?.Address);
        Assert.Null(ImageFinder.At(_space, Tag | 0x2000));
        Assert.Empty(ImageFinder.Find(Open(Plain), options).Images);
    }

    [Fact]
    public void RangesLoseThemWhereTheyStayRanges()
    {
        Assert.Equal(Interval.FromStartAndLast(0x1000, 0x2fff), _space.Untag(Interval.FromStartAndLast(Tag | 0x1000, Tag | 0x2fff)));
        Interval all = Interval.FromStartAndLast(0, ulong.MaxValue);
        Assert.Equal(all, _space.Untag(all));

        // From the end of one tag's addresses to the start of the next one's is no range without them.
        Interval across = Interval.FromStartAndLast(Tag | 0x2000, OtherTag | 0x1000);
        Assert.Equal(across, _space.Untag(across));
        Assert.Equal(across, Open(Plain).Untag(across));
    }

    private AddressSpace Open(ulong control) =>
        AddressSpace.Open(_dump, new SpaceRequest { Root = 0x1000, Mode = "aarch64-4k", Control = control });
}
