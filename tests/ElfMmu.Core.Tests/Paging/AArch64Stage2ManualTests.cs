using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The reading of the manual against examples worked out by hand, for AArch64's stage 2.</summary>
public class AArch64Stage2ManualTests
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;
    private const Rights None = Rights.None;

    private const ulong Ps48 = 5UL << 16;
    private const ulong Ds = 1UL << 32;
    private const ulong Sl2 = 1UL << 33;

    private readonly SparseEntries _memory = [];

    [Fact]
    public void TwoStartTablesStandSideBySide()
    {
        // 40 bits from level 1 on: 1024 entries in 8 KiB, aligned to them; a VMID above.
        ulong vtcr = 24 | (1 << 6) | Ps48;
        _memory[0x4000_3000] = 0x8000_07fd;
        _memory[0x4000_2000] = 0x5003;
        _memory[0x5000] = 0x60_0441;
        AArch64Stage2Manual manual = Manual(12, vtcr);
        Assert.Equal(
            new ManualPage(
                0x8000_1234, 0x4000_0000, R | W | X, R | W | X, Global: false, Accessed: true, Dirty: false, CacheIndex: 15),
            manual.Translate(0x0012_0000_4000_3001, 0x80_0000_1234));
        Assert.Equal(0x60_0123UL, manual.Translate(0x4000_2000, 0x123)?.Physical);
        Assert.Null(manual.Translate(0x4000_2000, 0x100_0000_0123));
    }

    // Where tables begin, from the start levels of SL0 for each granule; at most 16 tables side by side.
    [Theory]
    [InlineData(12, 16UL, 2UL, 0)]
    [InlineData(12, 20UL, 2UL, 0)]
    [InlineData(12, 21UL, 1UL, 1)]
    [InlineData(12, 20UL, 1UL, null)]
    [InlineData(12, 33UL, 1UL, 1)]
    [InlineData(12, 34UL, 1UL, null)]
    [InlineData(12, 30UL, 0UL, 2)]
    [InlineData(12, 29UL, 0UL, null)]
    [InlineData(12, 43UL, 3UL, 3)]
    [InlineData(14, 17UL, 2UL, 1)]
    [InlineData(14, 16UL, 2UL, 1)]
    [InlineData(14, 16UL, 3UL, null)]
    [InlineData(14, 24UL, 1UL, 2)]
    [InlineData(14, 40UL, 0UL, 3)]
    [InlineData(16, 16UL, 2UL, 1)]
    [InlineData(16, 22UL, 1UL, 2)]
    [InlineData(16, 18UL, 1UL, 2)]
    [InlineData(16, 17UL, 1UL, null)]
    [InlineData(16, 12UL, 3UL, null)]
    [InlineData(12, Ds | 12, 2UL, 0)]
    [InlineData(12, Ds | Sl2 | 12, 0UL, -1)]
    [InlineData(12, Ds | Sl2 | 12, 1UL, null)]
    [InlineData(12, Sl2 | 16, 2UL, 0)]
    [InlineData(14, Ds | 12, 3UL, 0)]
    [InlineData(14, Ds | Sl2 | 12, 3UL, 0)]
    public void TheStartLevelMustFitTheSize(int granule, ulong vtcr, ulong sl0, int? level) =>
        Assert.Equal(level, Manual(granule, vtcr | (sl0 << 6)).Tables()?.StartLevel);

    // S2AP at 7:6; XN[1:0] at 54:53: 0 both levels, 1 EL0 alone, 2 none, 3 EL1 alone.
    [Theory]
    [InlineData(3UL, 0UL, R | W | X, R | W | X)]
    [InlineData(3UL, 1UL, R | W | X, R | W)]
    [InlineData(3UL, 2UL, R | W, R | W)]
    [InlineData(3UL, 3UL, R | W, R | W | X)]
    [InlineData(1UL, 2UL, R, R)]
    [InlineData(2UL, 2UL, W, W)]
    [InlineData(0UL, 0UL, X, X)]
    [InlineData(0UL, 1UL, X, None)]
    [InlineData(0UL, 3UL, None, X)]
    public void RightsAreThoseOfTheLeaf(ulong s2ap, ulong xn, Rights user, Rights supervisor)
    {
        _memory[0x1000] = 0x401 | (s2ap << 6) | (xn << 53);
        ManualPage? page = Manual(12, 25 | (1 << 6) | Ps48).Translate(0x1000, 0);
        Assert.Equal((user, supervisor), (page!.User, page.Supervisor));
    }

    [Fact]
    public void ALeafWithoutRightsMapsNothing()
    {
        _memory[0x1000] = 0x401 | (2UL << 53);
        Assert.Null(Manual(12, 25 | (1 << 6) | Ps48).Translate(0x1000, 0));
    }

    [Theory]
    [InlineData(0UL, R | X)]
    [InlineData(1UL << 22, R | X)]
    [InlineData(3UL << 21, R | W | X)]
    public void DbmMakesAPageWritableWhereHardwareMarksItDirty(ulong vtcr, Rights rights)
    {
        _memory[0x1000] = 0x441 | (1UL << 51);
        _memory[0x1008] = 0x4c1 | (1UL << 51);
        AArch64Stage2Manual manual = Manual(12, 25 | (1 << 6) | Ps48 | vtcr);
        Assert.Equal((rights, false), (manual.Translate(0x1000, 0)!.User, manual.Translate(0x1000, 0)!.Dirty));
        Assert.Equal((R | W | X, true), (manual.Translate(0x1000, 1 << 30)!.User, manual.Translate(0x1000, 1 << 30)!.Dirty));
    }

    [Fact]
    public void TablesHaveNoRights()
    {
        _memory[0x1000] = 0xf800_0000_0000_2003;
        _memory[0x2000] = 0x4c1;
        Assert.Equal(R | W | X, Manual(12, 25 | (1 << 6) | Ps48).Translate(0x1000, 0)?.Supervisor);
    }

    [Theory]
    [InlineData("aarch64-s2-4k", 0x1000UL, 0x20_0000UL, 0x4000_0000UL, 0x80_0000_0000UL)]
    [InlineData("aarch64-s2-16k", 0x4000UL, 0x200_0000UL, 0x10_0000_0000UL)]
    [InlineData("aarch64-s2-64k", 0x1_0000UL, 0x2000_0000UL, 0x400_0000_0000UL)]
    public void RandomTablesHaveEveryKindOfPage(string mode, params ulong[] sizes)
    {
        var counts = new PageCounts(200, seed => new AArch64Stage2Space(mode, seed));
        Assert.Superset(sizes.ToHashSet(), counts.Common(5, p => p.PageSize));
        Assert.Equal(8, counts.Common(20, p => p.User).Count);
        Assert.Equal(8, counts.Common(20, p => p.Supervisor).Count);
        Assert.Equal(4, counts.Common(10, p => (p.Accessed, p.Dirty)).Count);
        Assert.Equal(16, counts.Common(10, p => p.CacheIndex).Count);
        Assert.True(counts.Count(p => p.Physical >> 48 != 0) > 20, "Few physical addresses of more than 48 bits.");
        Assert.True(counts.Anywhere > 50, "Few addresses anywhere translate.");
        Assert.InRange(counts.Empty, 1, 70);
    }

    private AArch64Stage2Manual Manual(int granule, ulong vtcr) => new(_memory.Read, granule, vtcr, null);
}
