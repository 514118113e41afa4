using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The reading of the manual against examples worked out by hand, for ARM's short and long descriptors.</summary>
public class ArmManualTests
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;
    private const Rights None = Rights.None;

    private readonly SparseEntries _memory = [];
    private readonly Dictionary<string, ulong> _registers = [];

    private ArmShortManual Short => new(_memory.Read, Register);

    private ArmLpaeManual Long => new(_memory.Read, Register);

    [Fact]
    public void ShortDescriptorsMapFourSizes()
    {
        // A section, a supersection with 40 bits of address, a table with a large and a small page.
        _memory[0x4004] = 0x1230_0c0e;
        _memory[0x4044] = 0x45a4_0d62 | (5 << 12);
        _memory[0x4008] = 0x8001;
        _memory[0x8004] = 0x9abc_0031 | (1 << 15);
        _memory[0x8044] = 0x1234_5e36 | (3 << 6);
        Assert.Equal(new ManualPage(0x1234_5678, 1 << 20, R | W | X, R | W | X, true, false, false, 3), Translate(0x14_5678));
        Assert.Equal(
            new ManualPage(0xba_4512_3456, 1 << 24, R | W | X, R | W | X, true, false, false, 5 << 2), Translate(0x112_3456));
        Assert.Equal(new ManualPage(0x9abc_1234, 1 << 16, R | W, R | W, true, false, false, 0), Translate(0x20_1234));
        Assert.Equal(new ManualPage(0x1234_5678, 1 << 12, R | X, R | X, false, false, false, (3 << 2) | 1), Translate(0x21_1678));
        Assert.Null(Translate(0x20_0000));
        Assert.Null(Translate(0x30_0000));
        Assert.Null(Translate(0x1_0014_5678));

        ManualPage? Translate(ulong address) => Short.Translate(0x404a, address);
    }

    [Fact]
    public void TtbcrNCutsTheTableOfTtbr0()
    {
        // N = 3: TTBR0 for the lowest 512 MiB, 2 KiB; TTBR1 for the rest, by all of VA[31:20].
        _registers["ttbcr"] = 3;
        _registers["ttbr1"] = 0x8000;
        _memory[0x4ffc] = 0x1000_0c02;
        _memory[0x8800] = 0x2000_0c02;
        Assert.Equal(0x1000_0001UL, Short.Translate(0x4800, 0x1ff0_0001)?.Physical);
        Assert.Equal(0x2000_0001UL, Short.Translate(0x4800, 0x2000_0001)?.Physical);
        _registers["ttbcr"] = 3 | (1 << 4);
        Assert.Null(Short.Translate(0x4800, 0x1ff0_0001));
        Assert.NotNull(Short.Translate(0x4800, 0x2000_0001));
        _registers["ttbcr"] = 3 | (1 << 5);
        Assert.NotNull(Short.Translate(0x4800, 0x1ff0_0001));
        Assert.Null(Short.Translate(0x4800, 0x2000_0001));
        _registers["ttbcr"] = 3;
        _registers.Remove("ttbr1");
        Assert.Null(Short.Translate(0x4800, 0x2000_0001));

        // Without a split TTBR0 has it all, and 16 KiB.
        _registers["ttbcr"] = 0;
        Assert.Equal(0x1000_0001UL, Short.Translate(0x4800, 0x3ff0_0001)?.Physical);
    }

    // AP[2] at 15, AP[1:0] at 11:10, XN at 4, PXN at 0; SCTLR.WXN 19, UWXN 20.
    [Theory]
    [InlineData(0x0002UL, 0UL, null, null)]
    [InlineData(0x0402UL, 0UL, None, R | W | X)]
    [InlineData(0x0802UL, 0UL, R | X, R | W | X)]
    [InlineData(0x0c02UL, 0UL, R | W | X, R | W | X)]
    [InlineData(0x8002UL, 0UL, null, null)]
    [InlineData(0x8402UL, 0UL, None, R | X)]
    [InlineData(0x8802UL, 0UL, R | X, R | X)]
    [InlineData(0x8c02UL, 0UL, R | X, R | X)]
    [InlineData(0x0c12UL, 0UL, R | W, R | W)]
    [InlineData(0x0c03UL, 0UL, R | W | X, R | W)]
    [InlineData(0x0c02UL, 1UL << 19, R | W, R | W)]
    [InlineData(0x0802UL, 1UL << 19, R | X, R | W)]
    [InlineData(0x8c02UL, 3UL << 19, R | X, R | X)]
    [InlineData(0x0c02UL, 1UL << 20, R | W | X, R | W)]
    public void ShortRightsFollowFromAp(ulong section, ulong sctlr, Rights? user, Rights? supervisor)
    {
        _memory[0x4000] = section;
        _registers["sctlr"] = sctlr;
        ManualPage? page = Short.Translate(0x4000, 0);
        Assert.Equal((user, supervisor), (page?.User, page?.Supervisor));
    }

    [Theory]
    [InlineData(0x0002UL, None, R | W | X, false)]
    [InlineData(0x0402UL, None, R | W | X, true)]
    [InlineData(0x0802UL, R | W | X, R | W | X, false)]
    [InlineData(0x8402UL, None, R | X, true)]
    [InlineData(0x8802UL, R | X, R | X, false)]
    public void WithAfeAp0IsTheAccessFlag(ulong section, Rights user, Rights supervisor, bool accessed)
    {
        _memory[0x4000] = section;
        _registers["sctlr"] = 1 << 29;
        ManualPage? page = Short.Translate(0x4000, 0);
        Assert.Equal((user, supervisor, accessed), (page!.User, page.Supervisor, page.Accessed));
    }

    // A section of domain 3 (bits 8:5), privileged read-only and never executed.
    [Theory]
    [InlineData(null, None, R)]
    [InlineData(1UL << 6, None, R)]
    [InlineData(3UL << 6, R | W | X, R | W | X)]
    [InlineData(0UL, null, null)]
    [InlineData(2UL << 6, null, null)]
    public void DomainsComeFirst(ulong? dacr, Rights? user, Rights? supervisor)
    {
        _memory[0x4000] = 0x8412 | (3 << 5);
        _memory[0x4004] = 0x8001 | (3 << 5);
        _memory[0x8000] = 0x0213;
        if (dacr is { } value)
        {
            _registers["dacr"] = value;
        }

        foreach (ulong address in new ulong[] { 0, 1 << 20 })
        {
            ManualPage? page = Short.Translate(0x4000, address);
            Assert.Equal((user, supervisor), (page?.User, page?.Supervisor));
        }
    }

    [Fact]
    public void ASupersectionIsOfDomain0()
    {
        _memory[0x4000] = 0x4_0c02 | (3 << 5);
        _registers["dacr"] = 1;
        Assert.Equal(0x30_0000_0000UL, Short.Translate(0x4000, 0)?.Physical);
        _registers["dacr"] = 1 << 6;
        Assert.Null(Short.Translate(0x4000, 0));
    }

    [Fact]
    public void PxnOfPagesStandsInTheFirstLevel()
    {
        _memory[0x4000] = 0x8001 | (1 << 2);
        _memory[0x8000] = 0x32;
        Assert.Equal((R | W | X, R | W), (Short.Translate(0x4000, 0)!.User, Short.Translate(0x4000, 0)!.Supervisor));
    }

    // Which register translates: 0, 1, or a hole.
    [Theory]
    [InlineData(0UL, 0UL, 0xffff_ffffUL, 0)]
    [InlineData(1UL, 0UL, 0x7fff_ffffUL, 0)]
    [InlineData(1UL, 0UL, 0x8000_0000UL, 1)]
    [InlineData(0UL, 2UL, 0xbfff_ffffUL, 0)]
    [InlineData(0UL, 2UL, 0xc000_0000UL, 1)]
    [InlineData(1UL, 2UL, 0x8000_0000UL, null)]
    [InlineData(1UL, 2UL, 0xbfff_ffffUL, null)]
    [InlineData(1UL, 2UL, 0xffff_ffffUL, 1)]
    [InlineData(7UL, 7UL, 0x01ff_ffffUL, 0)]
    [InlineData(7UL, 7UL, 0x0200_0000UL, null)]
    [InlineData(7UL, 7UL, 0xfdff_ffffUL, null)]
    [InlineData(7UL, 7UL, 0xfe00_0000UL, 1)]
    public void LongDescriptorsSplitBySizes(ulong t0sz, ulong t1sz, ulong address, int? register)
    {
        // Both tables are full of blocks, so that whatever is asked translates where it may.
        _registers["ttbcr"] = t0sz | (t1sz << 16) | (1UL << 31);
        _registers["ttbr1"] = 0x2000;
        for (ulong i = 0; i < 512; i++)
        {
            _memory[0x1000 + (8 * i)] = 0x0741;
            _memory[0x2000 + (8 * i)] = 0x80_0000_0741;
        }

        Assert.Equal(register, (int?)(Long.Translate(0x1000, address)?.Physical >> 39));
        _registers["ttbcr"] |= 1 << 7;
        Assert.Equal(register == 1, Long.Translate(0x1000, address) is not null);
        _registers["ttbcr"] ^= (1 << 7) | (1 << 23);
        Assert.Equal(register == 0, Long.Translate(0x1000, address) is not null);
        _registers.Remove("ttbr1");
        _registers["ttbcr"] ^= 1 << 23;
        Assert.Equal(register == 0, Long.Translate(0x1000, address) is not null);
    }

    [Fact]
    public void LongDescriptorsStartSmall()
    {
        // T0SZ = 1: two entries of 1 GiB, 16 bytes; T1SZ = 2: 512 entries of 2 MiB, by the low 30 bits of the address.
        _registers["ttbcr"] = 1 | (2 << 16) | (1UL << 31);
        _registers["ttbr1"] = 0x3000;
        _memory[0x1038] = 0x2003;
        _memory[0x2008] = 0x4003;
        _memory[0x4ff8] = 0x12_3456_7c4f;
        _memory[0x3000] = 0x20_0701;
        Assert.Equal(
            new ManualPage(0x12_3456_7123, 0x1000, R | W | X, R | W | X, false, true, false, 3),
            Long.Translate(0x00ab_0000_0000_103f, 0x403f_f123));
        Assert.Equal(0x20_0123UL, Long.Translate(0x1030, 0xc000_0123)?.Physical);
        _memory[0x4ff8] &= ~2UL;
        Assert.Null(Long.Translate(0x1030, 0x403f_f123));
    }

    [Theory]
    [InlineData(0x1000UL, 1UL << 40)]
    [InlineData(0x1000UL, 1UL << 47)]
    [InlineData(0x2000UL, 1UL << 40)]
    [InlineData(0x3000UL, 1UL << 44)]
    [InlineData(0UL, 1UL << 40)]
    public void AnAddressOfALongDescriptorHas40Bits(ulong entry, ulong bit)
    {
        _memory[0x1000] = 0x2003;
        _memory[0x2000] = 0x3003;
        _memory[0x3000] = 0xff_0000_0743 | (15UL << 48);
        Assert.Equal(0xff_0000_0000UL, Long.Translate(0x1000, 0)?.Physical);
        if (entry != 0)
        {
            _memory[entry] |= bit;
        }

        Assert.Null(Long.Translate(entry == 0 ? 0x1000 | bit : 0x1000, 0));
    }

    // AP[2:1] at 7:6, PXN 53, XN 54; PXNTable 59, XNTable 60, APTable 62:61; WXN 19, UWXN 20.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, None, R | W | X)]
    [InlineData(1UL << 6, 0UL, 0UL, R | W | X, R | W | X)]
    [InlineData(2UL << 6, 0UL, 0UL, None, R | X)]
    [InlineData(3UL << 6, 0UL, 0UL, R | X, R | X)]
    [InlineData((3UL << 6) | (1UL << 54), 0UL, 0UL, R, R)]
    [InlineData((3UL << 6) | (1UL << 53), 0UL, 0UL, R | X, R)]
    [InlineData(1UL << 6, 1UL << 61, 0UL, None, R | W | X)]
    [InlineData(1UL << 6, 1UL << 62, 0UL, R | X, R | X)]
    [InlineData(1UL << 6, 1UL << 60, 0UL, R | W, R | W)]
    [InlineData(1UL << 6, 1UL << 59, 0UL, R | W | X, R | W)]
    [InlineData(1UL << 6, 0UL, 1UL << 19, R | W, R | W)]
    [InlineData(0UL, 0UL, 1UL << 19, None, R | W)]
    [InlineData(1UL << 6, 0UL, 1UL << 20, R | W | X, R | W)]
    [InlineData(1UL << 6, 1UL << 62, 3UL << 19, R | X, R | X)]
    public void LongRightsAreThoseOfAllLevels(ulong leaf, ulong table, ulong sctlr, Rights user, Rights supervisor)
    {
        _registers["sctlr"] = sctlr;
        foreach (ulong above in new ulong[] { 0x1000, 0x2000 })
        {
            _memory[0x1000] = 0x2003;
            _memory[0x2000] = 0x3003;
            _memory[0x3000] = leaf | 0x403;
            _memory[above] |= table;
            ManualPage? page = Long.Translate(0x1000, 0);
            Assert.Equal((user, supervisor), (page!.User, page.Supervisor));
        }
    }

    [Fact]
    public void RandomShortDescriptorsHaveEveryKindOfPage()
    {
        var counts = new PageCounts(200, seed => new ArmShortSpace("arm-short", seed));
        Assert.Equal<ulong>([0x1000, 0x1_0000, 0x10_0000, 0x100_0000], counts.Common(100, p => p.PageSize).Order());
        Assert.Equal(32, counts.Common(10, p => p.CacheIndex).Count);
        Assert.Equal(4, counts.Common(100, p => (p.Global, p.Accessed)).Count);
        Assert.True(counts.Count(p => p.Physical >> 32 != 0) > 50, "Few supersections above 4 GiB.");
        HasEveryRight(counts);
    }

    [Fact]
    public void RandomLongDescriptorsHaveEveryKindOfPage()
    {
        var counts = new PageCounts(200, seed => new ArmLpaeSpace("arm-lpae", seed));
        Assert.Equal<ulong>([0x1000, 0x20_0000, 0x4000_0000], counts.Common(20, p => p.PageSize).Order());
        Assert.Equal(8, counts.Common(50, p => p.CacheIndex).Count);
        Assert.Equal(4, counts.Common(50, p => (p.Global, p.Accessed)).Count);
        Assert.True(counts.Count(p => p.Physical >> 32 != 0) > 50, "Few pages above 4 GiB.");
        HasEveryRight(counts);
    }

    private static void HasEveryRight(PageCounts counts)
    {
        Assert.Equal(5, counts.Common(50, p => p.User).Count);
        Assert.Equal(4, counts.Common(50, p => p.Supervisor).Count);
        Assert.True(counts.Anywhere > 50, "Few addresses anywhere translate.");
        Assert.InRange(counts.Empty, 1, 70);
    }

    private ulong? Register(string name) => _registers.TryGetValue(name, out ulong value) ? value : null;
}
