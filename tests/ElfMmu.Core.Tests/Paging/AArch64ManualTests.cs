using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The reading of the manual against examples worked out by hand, for AArch64's stage 1.</summary>
public class AArch64ManualTests
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;
    private const Rights None = Rights.None;

    private const ulong Tg0With16K = 2UL << 14;
    private const ulong Tg0With64K = 1UL << 14;
    private const ulong Tg1With4K = 2UL << 30;
    private const ulong Ips48 = 5UL << 32;
    private const ulong Ips52 = 6UL << 32;
    private const ulong Ds = 1UL << 59;

    // One entry in each of four tables of 4 KiB: index 1 at every level, AF and nG set.
    private const ulong Address = 0x0000_0080_4020_1abc;

    private readonly SparseEntries _memory = [];
    private readonly Dictionary<string, ulong> _registers = [];

    [Fact]
    public void TranslatesThroughFourLevels()
    {
        _registers["tcr_el1"] = 16 | Ips48;
        Chain(leaf: 0x0040_0000_1234_5c47);
        Assert.Equal(
            new ManualPage(0x1234_5abc, 0x1000, R | W, R | W, Global: false, Accessed: true, Dirty: false, CacheIndex: 1),
            Manual(12).Translate(0x1000, Address));

        // An ASID and CnP are no part of the address; an entry elsewhere isn't there.
        Assert.NotNull(Manual(12).Translate(0x00ab_0000_0000_1001, Address));
        Assert.Null(Manual(12).Translate(0x1000, Address + 0x1000));
        Assert.Null(Manual(12).Translate(0x1000, Address | (1UL << 48)));
    }

    [Fact]
    public void AssumesFortyEightBitsWithoutTcr()
    {
        Chain(leaf: 0xffff_1234_5c47);
        Assert.Equal(0xffff_1234_5abcUL, Manual(12).Translate(0x1000, Address)?.Physical);
        Assert.Null(Manual(12).Translate(0x1000, Address | 0xffff_0000_0000_0000));
        _registers["ttbr1_el1"] = 0x1000;
        Assert.Equal(0xffff_1234_5abcUL, Manual(12).Translate(0x8000, Address | 0xffff_0000_0000_0000)?.Physical);
    }

    [Theory]
    [InlineData(0x743UL, 1UL << 0)]
    [InlineData(0x743UL, 1UL << 1)]
    public void TheLastLevelNeedsBothTypeBits(ulong leaf, ulong cleared)
    {
        Chain(leaf);
        Assert.NotNull(Manual(12).Translate(0x1000, Address));
        _memory[0x4008] = leaf & ~cleared;
        Assert.Null(Manual(12).Translate(0x1000, Address));
    }

    [Theory]
    [InlineData(12, 16, 0, 9)]
    [InlineData(12, 24, 0, 1)]
    [InlineData(12, 25, 1, 9)]
    [InlineData(12, 33, 1, 1)]
    [InlineData(12, 34, 2, 9)]
    [InlineData(12, 42, 2, 1)]
    [InlineData(12, 43, 3, 9)]
    [InlineData(12, 48, 3, 4)]
    [InlineData(14, 16, 0, 1)]
    [InlineData(14, 17, 1, 11)]
    [InlineData(14, 27, 1, 1)]
    [InlineData(14, 28, 2, 11)]
    [InlineData(14, 39, 3, 11)]
    [InlineData(16, 12, 1, 10)]
    [InlineData(16, 16, 1, 6)]
    [InlineData(16, 21, 1, 1)]
    [InlineData(16, 22, 2, 13)]
    [InlineData(16, 34, 2, 1)]
    [InlineData(16, 35, 3, 13)]
    public void TheStartLevelFollowsFromGranuleAndSize(int granule, int txsz, int level, int bits) =>
        Starts(granule, (ulong)txsz, level, bits);

    [Theory]
    [InlineData(12, 12, -1, 4)]
    [InlineData(12, 15, -1, 1)]
    [InlineData(12, 16, 0, 9)]
    [InlineData(14, 12, 0, 5)]
    [InlineData(14, 16, 0, 1)]
    [InlineData(14, 17, 1, 11)]
    [InlineData(16, 12, 1, 10)]
    public void WithDsThereAreFiftyTwoBits(int granule, int txsz, int level, int bits) =>
        Starts(granule, (uint)txsz | Ds, level, bits);

    [Theory]
    [InlineData(12, 0UL, 48)]
    [InlineData(14, 15UL, 48)]
    [InlineData(16, 0UL, 52)]
    [InlineData(12, Ds | 3, 52)]
    [InlineData(16, Ds | 3, 52)]
    [InlineData(12, 63UL, 16)]
    [InlineData(14, 49UL, 16)]
    [InlineData(16, 48UL, 17)]
    public void SizesOutOfRangeCountAsTheNextOneInIt(int granule, ulong tcr, int bits)
    {
        _registers["tcr_el1"] = tcr;
        Assert.Equal(bits, Manual(granule).Tables(upper: false).InputBits);
    }

    [Fact]
    public void TheUpperHalfHasItsOwnGranuleAndSize()
    {
        // The lower half: 16 KiB, 47 bits. The upper one: 4 KiB, 39 bits, three levels.
        _registers["tcr_el1"] = 17 | Tg0With16K | (25UL << 16) | Tg1With4K | Ips48;
        _registers["ttbr1_el1"] = 0x5000;
        _memory[0x5000] = 0x6003;
        _memory[0x6000] = 0x4000_0701;
        _memory[0x5ff8] = 0x0000_0000_8000_0701;
        ManualPage? block = Manual(14).Translate(0x1000, 0xffff_ff80_0012_3456);
        Assert.Equal((0x4012_3456UL, 0x20_0000UL), (block!.Physical, block.PageSize));
        ManualPage? huge = Manual(14).Translate(0x1000, 0xffff_ffff_ffff_ffff);
        Assert.Equal((0xbfff_ffffUL, 0x4000_0000UL), (huge!.Physical, huge.PageSize));
        Assert.Null(Manual(14).Translate(0x1000, 0xffff_ff7f_ffff_ffff));

        _registers["tcr_el1"] |= 1 << 23;
        Assert.Null(Manual(14).Translate(0x1000, 0xffff_ff80_0012_3456));
    }

    [Fact]
    public void Epd0EndsTheLowerHalf()
    {
        Chain(leaf: 0x743);
        _registers["tcr_el1"] = 16 | Ips48;
        Assert.NotNull(Manual(12).Translate(0x1000, Address));
        _registers["tcr_el1"] |= 1 << 7;
        Assert.Null(Manual(12).Translate(0x1000, Address));
    }

    [Theory]
    [InlineData(12, 0, false, false)]
    [InlineData(12, 0, true, true)]
    [InlineData(12, 1, false, true)]
    [InlineData(12, 2, false, true)]
    [InlineData(14, 0, true, false)]
    [InlineData(14, 1, false, false)]
    [InlineData(14, 1, true, true)]
    [InlineData(14, 2, false, true)]
    [InlineData(16, 1, false, false)]
    [InlineData(16, 1, true, true)]
    [InlineData(16, 2, false, true)]
    public void BlocksStandWhereTheGranuleAllowsThem(int granule, int level, bool fiftyTwo, bool allowed)
    {
        // One block at the given level, below tables with entry 0 in use.
        ulong tg0 = granule switch { 12 => 0, 14 => Tg0With16K, _ => Tg0With64K };
        _registers["tcr_el1"] = 16 | tg0 | (fiftyTwo ? Ips52 | Ds : Ips48);
        ulong table = 0x10_0000;
        for (int above = granule == 16 ? 1 : 0; above < level; above++)
        {
            _memory[table] = (table + 0x10_0000) | 3;
            table += 0x10_0000;
        }

        _memory[table] = 0x401;
        ulong? expected = allowed ? 1UL << (granule + ((3 - level) * (granule - 3))) : null;
        Assert.Equal(expected, Manual(granule).Translate(0x10_0000, 0x123)?.PageSize);
    }

    [Fact]
    public void SixtyFourKilobytesKeepTheTopOfTheAddressInBits15To12()
    {
        // 42 bits: two levels; the start table at 0xa_0000_0001_0000.
        _registers["tcr_el1"] = 22 | Tg0With64K | Ips52;
        _memory[0xa_0000_0001_0008] = 0x0000_0002_b003;
        _memory[0xb_0000_0002_0010] = 0x8000_0003_f743;
        Assert.Equal(0xf_8000_0003_1234UL, Manual(16).Translate(0x1_0028, 0x2002_1234)?.Physical);

        // With 48 bits those bits mean nothing, in the register and in descriptors.
        _registers["tcr_el1"] = 22 | Tg0With64K | Ips48;
        Assert.Null(Manual(16).Translate(0x1_0028, 0x2002_1234));
        _memory[0x1_0008] = 0x0000_0002_b003;
        _memory[0x2_0010] = 0x8000_0003_f743;
        Assert.Equal(0x8000_0003_1234UL, Manual(16).Translate(0x1_0028, 0x2002_1234)?.Physical);
    }

    [Fact]
    public void Lpa2KeepsTheTopOfTheAddressInBits49To48And9To8()
    {
        // Five levels; the start table has 16 entries at 0x5_0000_0000_1080, the next table is at 0xd_....
        _registers["tcr_el1"] = 12 | Ips52 | Ds;
        _memory[0x5_0000_0000_1080 + 8] = 0x0001_0000_0000_2303;
        _memory[0xd_0000_0000_2008] = 0x0003_0100_0000_0741;
        ManualPage? page = Manual(12).Translate(0x1080 | (5 << 2), 0x0001_0080_0000_0123);
        Assert.Equal((0xf_0100_0000_0123UL, 1UL << 39), (page!.Physical, page.PageSize));

        // The same bits without DS: four levels, shareability, and reserved bits that are ignored.
        _registers["tcr_el1"] = 16 | Ips52;
        _memory[0x1080] = 0x0003_0000_0000_3303;
        _memory[0x3000] = 0x0003_0100_0000_0741;
        Assert.Null(Manual(12).Translate(0x1080, 0x123));
        _memory[0x1000] = 0x0003_0000_0000_3303;
        Assert.Equal(0x0100_0000_0123UL, Manual(12).Translate(0x1080, 0x123)?.Physical);
    }

    [Fact]
    public void ASmallStartTableIsAlignedToItsSize()
    {
        // 16 KiB, 48 bits: two entries of level 0. Bits below 16 bytes are ignored; with DS, 64 bytes are the least.
        _registers["tcr_el1"] = 16 | Tg0With16K | Ips48;
        _memory[0x1_0018] = 0x2_0003;
        _memory[0x1_0008] = 0x3_0003;
        _memory[0x2_0000] = _memory[0x3_0000] = 0x4_0003;
        _memory[0x4_0000] = 0x0201_0400_0401;
        Assert.Equal(0x0201_0400_0000UL, Manual(14).Translate(0x1_001e, 0x8000_0000_0000)?.Physical);
        _registers["tcr_el1"] |= Ds;
        Assert.Equal(0x0201_0400_0000UL, Manual(14).Translate(0x1_0002, 0x8000_0000_0000)?.Physical);
        Assert.Null(Manual(14).Translate(0x1_0012, 0x8000_0000_0000));
    }

    [Fact]
    public void AddressesBeyondTheSizeAreNoAddresses()
    {
        _registers["tcr_el1"] = 16 | (2UL << 32);
        Chain(leaf: 0xff_0000_0743);
        Assert.NotNull(Manual(12).Translate(0x1000, Address));
        Assert.Null(Manual(12).Translate(0x0100_0000_1000, Address));
        Assert.Null(Manual(12, physicalBits: 36).Translate(0x1000, Address));
        _memory[0x4008] = 0x0100_0000_0743;
        Assert.Null(Manual(12).Translate(0x1000, Address));
        _memory[0x4008] = 0x743;
        Assert.NotNull(Manual(12).Translate(0x1000, Address));
        _memory[0x2008] = 0x0100_0000_3003;
        _memory[0x0100_0000_3008] = 0x4003;
        Assert.Null(Manual(12).Translate(0x1000, Address));
    }

    [Fact]
    public void ATagIsIgnoredWhereTbiSaysSo()
    {
        Chain(leaf: 0x743);
        _registers["ttbr1_el1"] = 0x1000;
        _registers["tcr_el1"] = 16 | (16UL << 16) | Tg1With4K | Ips48;
        ulong lower = Address | (0x5aUL << 56);
        ulong upper = Address | (0x5affUL << 48);
        Assert.Null(Manual(12).Translate(0x1000, lower));
        Assert.Null(Manual(12).Translate(0x1000, upper));

        _registers["tcr_el1"] |= 1UL << 37;
        Assert.Equal(0xabcUL, Manual(12).Translate(0x1000, lower)?.Physical);
        Assert.Null(Manual(12).Translate(0x1000, lower | (1UL << 48)));
        Assert.Null(Manual(12).Translate(0x1000, upper));

        _registers["tcr_el1"] |= 1UL << 38;
        Assert.Equal(0xabcUL, Manual(12).Translate(0x1000, upper)?.Physical);
        Assert.Null(Manual(12).Translate(0x1000, upper & ~(1UL << 48)));
    }

    // Leaf bits: AP[2:1] at 7:6, DBM 51, PXN 53, UXN 54. Table bits: PXNTable 59, UXNTable 60, APTable 62:61.
    [Theory]
    [InlineData(0UL << 6, 0UL, X, R | W | X)]
    [InlineData(1UL << 6, 0UL, R | W | X, R | W)]
    [InlineData(2UL << 6, 0UL, X, R | X)]
    [InlineData(3UL << 6, 0UL, R | X, R | X)]
    [InlineData((3UL << 6) | (1UL << 53), 0UL, R | X, R)]
    [InlineData((3UL << 6) | (1UL << 54), 0UL, R, R | X)]
    [InlineData((0UL << 6) | (1UL << 54), 0UL, None, R | W | X)]
    [InlineData(1UL << 6, 1UL << 61, X, R | W | X)]
    [InlineData(1UL << 6, 2UL << 61, R | X, R | X)]
    [InlineData(1UL << 6, 3UL << 61, X, R | X)]
    [InlineData(3UL << 6, 1UL << 59, R | X, R)]
    [InlineData(3UL << 6, 1UL << 60, R, R | X)]
    [InlineData((3UL << 6) | (1UL << 51), 0UL, R | X, R | X)]
    public void RightsAreThoseOfAllLevels(ulong leaf, ulong table, Rights user, Rights supervisor)
    {
        _registers["tcr_el1"] = 16 | Ips48;
        foreach (ulong above in new ulong[] { 0x1008, 0x2008, 0x3008 })
        {
            Chain(leaf | 0x403);
            _memory[above] |= table;
            ManualPage? page = Manual(12).Translate(0x1000, Address);
            Assert.Equal((user, supervisor), (page!.User, page.Supervisor));
        }
    }

    [Fact]
    public void HierarchicalRightsCanBeSwitchedOff()
    {
        Chain(leaf: 0x443);
        _memory[0x2008] |= 15UL << 59;
        _registers["tcr_el1"] = 16 | Ips48 | (1UL << 42);
        ManualPage? page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((None, R), (page!.User, page.Supervisor));
        _registers["tcr_el1"] = 16 | Ips48 | (1UL << 41);
        page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((R | W | X, R | W), (page!.User, page.Supervisor));
    }

    [Theory]
    [InlineData("sctlr_el1", 0UL << 6, X, R | W)]
    [InlineData("sctlr", 1UL << 6, R | W, R | W)]
    [InlineData("sctlr_el1", 3UL << 6, R | X, R | X)]
    public void WxnTakesExecutionFromWhatIsWritable(string name, ulong leaf, Rights user, Rights supervisor)
    {
        Chain(leaf | 0x403);
        _registers[name] = 1 << 19;
        ManualPage? page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((user, supervisor), (page!.User, page.Supervisor));
    }

    [Theory]
    [InlineData(0UL, R | X, R | X)]
    [InlineData(1UL << 39, R | X, R | X)]
    [InlineData(1UL << 40, R | X, R | X)]
    [InlineData(3UL << 39, R | W | X, R | W)]
    public void DbmMakesAPageWritableWhereHardwareMarksItDirty(ulong tcr, Rights user, Rights supervisor)
    {
        Chain(leaf: (1UL << 51) | (3UL << 6) | 0x403);
        _registers["tcr_el1"] = 16 | Ips48 | tcr;
        ManualPage? page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((user, supervisor, false), (page!.User, page.Supervisor, page.Dirty));
        _memory[0x4008] &= ~(1UL << 7);
        page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((R | W | X, R | W, true), (page!.User, page.Supervisor, page.Dirty));
    }

    [Fact]
    public void FlagsAreThoseOfTheLeaf()
    {
        Chain(leaf: 0x1f);
        ManualPage? page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((true, false, 7), (page!.Global, page.Accessed, page.CacheIndex));
        _memory[0x4008] = 0xc03 | (1UL << 52);
        page = Manual(12).Translate(0x1000, Address);
        Assert.Equal((false, true, 0), (page!.Global, page.Accessed, page.CacheIndex));
        Assert.Equal((0xabcUL, 0x1000UL), (page.Physical, page.PageSize));
    }

    [Theory]
    [InlineData("aarch64-4k", 0x1000UL, 0x20_0000UL, 0x4000_0000UL, 0x80_0000_0000UL)]
    [InlineData("aarch64-16k", 0x4000UL, 0x200_0000UL, 0x10_0000_0000UL, 0x1000UL)]
    [InlineData("aarch64-64k", 0x1_0000UL, 0x2000_0000UL, 0x400_0000_0000UL, 0x1000UL)]
    public void RandomTablesHaveEveryKindOfPage(string mode, params ulong[] sizes)
    {
        var counts = new PageCounts(200, seed => new AArch64Space(mode, seed));
        Assert.Superset(sizes.ToHashSet(), counts.Common(10, p => p.PageSize));
        Assert.Superset(new HashSet<Rights> { None, X, R, R | W, R | X, R | W | X }, counts.Common(50, p => p.User));
        Assert.Superset(new HashSet<Rights> { R, R | W, R | X, R | W | X }, counts.Common(50, p => p.Supervisor));
        Assert.Equal(8, counts.Common(10, p => (p.Global, p.Accessed, p.Dirty)).Count);
        Assert.Equal(8, counts.Common(10, p => p.CacheIndex).Count);
        Assert.True(counts.Count(p => p.Physical >> 48 != 0) > 20, "Few physical addresses of more than 48 bits.");
        Assert.True(counts.Upper > 500, "Few pages in the upper half.");
        Assert.True(counts.Anywhere > 50, "Few addresses anywhere translate.");
        Assert.InRange(counts.Empty, 1, 70);
    }

    private AArch64Manual Manual(int granule, int? physicalBits = null) => new(
        _memory.Read, granule, name => _registers.TryGetValue(name, out ulong value) ? value : null, physicalBits);

    /// <summary>The tables of <see cref="Address"/>, from 0x1000 on.</summary>
    private void Chain(ulong leaf)
    {
        _memory[0x1008] = 0x2003;
        _memory[0x2008] = 0x3003;
        _memory[0x3008] = 0x4003;
        _memory[0x4008] = leaf;
    }

    private void Starts(int granule, ulong tcr, int level, int bits)
    {
        _registers["tcr_el1"] = tcr;
        AArch64Tables tables = Manual(granule).Tables(upper: false);
        Assert.Equal((level, bits), (tables.StartLevel, tables.InputBits - tables.Low(level)));
    }
}
