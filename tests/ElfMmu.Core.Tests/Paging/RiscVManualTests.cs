using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>Whether the literal reading of the RISC-V manual says what the manual says, on entries made by hand.</summary>
public class RiscVManualTests
{
    private const Rights None = Rights.None;
    private const Rights X = Rights.Execute;
    private const Rights R = Rights.Read;
    private const Rights RW = Rights.Read | Rights.Write;
    private const Rights RX = Rights.Read | Rights.Execute;
    private const Rights RWX = Rights.Read | Rights.Write | Rights.Execute;

    private const ulong N = 1UL << 63;

    // satp: MODE 8 and ASID 0x1234, the first table at 0x80010000; its entry 1 leads to 0x80011000, entry 2 of that one to
    // 0x80012000.
    private const ulong Satp39 = 0x8123_4000_0008_0010;
    private const ulong Va39 = (1UL << 30) | (2UL << 21) | (3UL << 12) | 0x456;

    private readonly Dictionary<ulong, ulong> _memory = [];
    private bool _sum;
    private bool _mxr;
    private string _why = "";

    [Fact]
    public void Sv39GoesThroughThreeTables()
    {
        // V R W U A D; ppn 0x80099.
        Tables39(0x80099UL << 10 | 0xd7);
        Assert.Equal(
            new ManualPage(0x8009_9456, 0x1000, RW, None, Global: false, Accessed: true, Dirty: true, CacheIndex: 0),
            Translate("sv39", Satp39, Va39));
    }

    [Fact]
    public void Sv32HasPhysicalAddressesOf34Bits()
    {
        // satp: MODE, ASID 0x12, ppn 0x80010. VPN[1] = 4, VPN[0] = 0x10.
        const ulong Satp = 0x8488_0010;
        _memory[0x8001_0010] = (0x80011UL << 10) | 1;
        _memory[0x8001_1040] = 0xffff_fccf;
        Assert.Equal(
            new ManualPage(0x3_ffff_f123, 0x1000, None, RWX, Global: false, Accessed: true, Dirty: true, CacheIndex: 0),
            Translate("sv32", Satp, 0x0101_0123));

        // 4 MiB at 9 GiB, from VPN[1] = 0x120; ppn[9:0] must be zeros.
        _memory[0x8001_0480] = (0x240000UL << 10) | 0xd7;
        Assert.Equal(
            new ManualPage(0x2_4032_1678, 0x40_0000, RW, None, Global: false, Accessed: true, Dirty: true, CacheIndex: 0),
            Translate("sv32", Satp, 0x4832_1678));
        _memory[0x8001_0480] |= 1 << 19;
        Fault("misaligned superpage", "sv32", Satp, 0x4832_1678);
        Fault("address", "sv32", Satp, 0x1_0101_0123);
    }

    [Theory]
    [InlineData("sv39", 0x0000_003f_ffff_ffffUL, true)]
    [InlineData("sv39", 0x0000_0040_0000_0000UL, false)]
    [InlineData("sv39", 0xffff_ffbf_ffff_ffffUL, false)]
    [InlineData("sv39", 0xffff_ffc0_0000_0000UL, true)]
    [InlineData("sv39", 0x7fff_ffc0_0000_0000UL, false)]
    [InlineData("sv48", 0x0000_7fff_ffff_ffffUL, true)]
    [InlineData("sv48", 0x0000_8000_0000_0000UL, false)]
    [InlineData("sv48", 0xffff_7fff_ffff_ffffUL, false)]
    [InlineData("sv48", 0xffff_8000_0000_0000UL, true)]
    [InlineData("sv57", 0x00ff_ffff_ffff_ffffUL, true)]
    [InlineData("sv57", 0x0100_0000_0000_0000UL, false)]
    [InlineData("sv57", 0xfeff_ffff_ffff_ffffUL, false)]
    [InlineData("sv57", 0xff00_0000_0000_0000UL, true)]
    [InlineData("sv32x4", 0x3_ffff_ffffUL, true)]
    [InlineData("sv32x4", 0x4_0000_0000UL, false)]
    [InlineData("sv39x4", 0x0000_01ff_ffff_ffffUL, true)]
    [InlineData("sv39x4", 0x0000_0200_0000_0000UL, false)]
    [InlineData("sv39x4", 0xffff_ffff_ffff_ffffUL, false)]
    [InlineData("sv48x4", 0x0003_ffff_ffff_ffffUL, true)]
    [InlineData("sv48x4", 0x0004_0000_0000_0000UL, false)]
    [InlineData("sv57x4", 0x07ff_ffff_ffff_ffffUL, true)]
    [InlineData("sv57x4", 0x0800_0000_0000_0000UL, false)]
    public void AddressesAreSignExtendedOrZeroExtended(string mode, ulong address, bool valid)
    {
        // One that is valid gets as far as the first table, which isn't there.
        Fault(valid ? "no memory" : "address", mode, 0x80010, address);
    }

    [Fact]
    public void EveryLevelCanMapPages()
    {
        // The first entry of the first table leads to the second and so on; entry 1 of each is a page at 3 << 48,
        // which is aligned even to the 256 TiB of Sv57.
        for (ulong i = 0; i < 5; i++)
        {
            _memory[0x8001_0000 + (i << 12)] = ((0x80011 + i) << 10) | 1;
            _memory[0x8001_0008 + (i << 12)] = (0x30_0000_0000UL << 10) | 0x4b;
        }

        foreach ((string mode, int levels) in new[] { ("sv39", 3), ("sv48", 4), ("sv57", 5) })
        {
            for (int level = 0; level < levels; level++)
            {
                int shift = 12 + (9 * level);
                ManualPage? expected = new(
                    0x0003_0000_0000_0789, 1UL << shift, None, RX, Global: false, Accessed: true, Dirty: false, CacheIndex: 0);
                Assert.Equal(expected, Translate(mode, 0x80010, (1UL << shift) | 0x789));
            }
        }
    }

    [Theory]
    [InlineData(0x02UL, "V = 0")]
    [InlineData(0x05UL, "W without R")]
    [InlineData(0x0dUL, "W without R")]
    [InlineData(0x01UL, "pointer at level 0")]
    [InlineData(0x11UL, "pointer with D, A or U")]
    [InlineData(0x41UL, "pointer with D, A or U")]
    [InlineData(0x81UL, "pointer with D, A or U")]
    [InlineData(0x03UL | (1UL << 54), "reserved bit")]
    [InlineData(0x03UL | (1UL << 60), "reserved bit")]
    [InlineData(0x03UL | (3UL << 61), "PBMT 3")]
    [InlineData(0x01UL | (1UL << 61), "pointer with N or PBMT")]
    [InlineData(0x01UL | (1UL << 62), "pointer with N or PBMT")]
    [InlineData(0x01UL | (1UL << 63), "pointer with N or PBMT")]
    public void ReservedEncodingsFault(ulong bits, string why)
    {
        Tables39((0x80099UL << 10) | bits);
        Fault(why, "sv39", Satp39, Va39);
    }

    [Theory]
    [InlineData(1UL << 4, "pointer with D, A or U")]
    [InlineData(1UL << 6, "pointer with D, A or U")]
    [InlineData(1UL << 7, "pointer with D, A or U")]
    [InlineData(1UL << 2, "W without R")]
    [InlineData(1UL << 54, "reserved bit")]
    [InlineData(1UL << 59, "reserved bit")]
    [InlineData(1UL << 61, "pointer with N or PBMT")]
    [InlineData(1UL << 62, "pointer with N or PBMT")]
    [InlineData(1UL << 63, "pointer with N or PBMT")]
    [InlineData(1UL << 5, "")]
    [InlineData(1UL << 8, "")]
    [InlineData(1UL << 9, "")]
    public void BitsOfPointersAreReservedButForGAndRsw(ulong bit, string why)
    {
        Tables39((0x80099UL << 10) | 0xd7);
        _memory[0x8001_0008] |= bit;
        Assert.Equal(why == "", Translate("sv39", Satp39, Va39) is not null);
        Assert.Equal(why, _why);
    }

    [Fact]
    public void PointersDontTouchSv32sHighBits()
    {
        // The highest bits of an Sv32 entry are part of the ppn: the table at 0x3fffff000.
        _memory[0x8001_0000] = 0xffff_fc01;
        _memory[0x3_ffff_f000] = 0xffff_fc03;
        Assert.Equal(0x3_ffff_f000UL, Translate("sv32", 0x8008_0010, 0)?.Physical);
    }

    [Fact]
    public void SuperpagesMustBeAligned()
    {
        // 2 MiB at 0x80600000, then with ppn[0] = 1; 1 GiB at 0x80000000, then with ppn[1] = 1.
        Tables39(0);
        _memory[0x8001_1010] = (0x80600UL << 10) | 0x43;
        Assert.Equal(0x8060_3456UL, Translate("sv39", Satp39, Va39)?.Physical);
        Assert.Equal(0x20_0000UL, Translate("sv39", Satp39, Va39)?.PageSize);
        _memory[0x8001_1010] |= 1 << 10;
        Fault("misaligned superpage", "sv39", Satp39, Va39);
        _memory[0x8001_0008] = (0x80000UL << 10) | 0x43;
        Assert.Equal(0x8040_3456UL, Translate("sv39", Satp39, Va39)?.Physical);
        Assert.Equal(0x4000_0000UL, Translate("sv39", Satp39, Va39)?.PageSize);
        _memory[0x8001_0008] |= 1 << 19;
        Fault("misaligned superpage", "sv39", Satp39, Va39);
    }

    [Fact]
    public void GlobalPointersMakePagesGlobal()
    {
        Tables39((0x80099UL << 10) | 0xd7);
        Assert.False(Translate("sv39", Satp39, Va39)?.Global);
        _memory[0x8001_1010] |= 1 << 5;
        Assert.True(Translate("sv39", Satp39, Va39)?.Global);
        Tables39((0x80099UL << 10) | 0xd7 | (1 << 5));
        Assert.True(Translate("sv39", Satp39, Va39)?.Global);
    }

    [Fact]
    public void AnEntryNotAccessedTranslatesAndSaysSo()
    {
        Tables39((0x80099UL << 10) | 0x07);
        Assert.Equal(
            new ManualPage(0x8009_9456, 0x1000, None, RW, Global: false, Accessed: false, Dirty: false, CacheIndex: 0),
            Translate("sv39", Satp39, Va39));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SvpbmtIsTheKindOfMemory(int pbmt)
    {
        Tables39((0x80099UL << 10) | 0x03 | ((ulong)pbmt << 61));
        Assert.Equal(pbmt, Translate("sv39", Satp39, Va39)?.CacheIndex);
        Assert.Equal(0x8009_9456UL, Translate("sv39", Satp39, Va39)?.Physical);
    }

    [Fact]
    public void SvnapotTakesFourBitsFromTheAddress()
    {
        // 64 KiB at 0x80140000: ppn[3:0] = 1000. The entry is that of vpn[0] = 3.
        Tables39(N | (0x80148UL << 10) | 0xd7);
        Assert.Equal(
            new ManualPage(0x8014_3456, 0x1_0000, RW, None, Global: false, Accessed: true, Dirty: true, CacheIndex: 0),
            Translate("sv39", Satp39, Va39));
        foreach (ulong low in new ulong[] { 0, 1, 2, 4, 9, 10, 12, 15 })
        {
            Tables39(N | ((0x80140UL | low) << 10) | 0xd7);
            Fault("N with another size", "sv39", Satp39, Va39);
        }

        Tables39(0);
        _memory[0x8001_1010] = N | (0x80600UL << 10) | 0x43;
        Fault("N above level 0", "sv39", Satp39, Va39);
    }

    [Theory]

    // sstatus.SUM and MXR; the bits of the entry; the rights of the user and of the supervisor.
    [InlineData(false, false, 0x13, R, None)]
    [InlineData(false, false, 0x17, RW, None)]
    [InlineData(false, false, 0x19, X, None)]
    [InlineData(false, false, 0x1f, RWX, None)]
    [InlineData(false, false, 0x0f, None, RWX)]
    [InlineData(false, false, 0x09, None, X)]
    [InlineData(true, false, 0x13, R, R)]
    [InlineData(true, false, 0x1f, RWX, RW)]
    [InlineData(true, false, 0x19, X, None)]
    [InlineData(true, false, 0x0b, None, RX)]
    [InlineData(false, true, 0x19, RX, None)]
    [InlineData(false, true, 0x09, None, RX)]
    [InlineData(true, true, 0x19, RX, R)]
    [InlineData(true, true, 0x07, None, RW)]
    public void SumAndMxrChangeRights(bool sum, bool mxr, ulong bits, object user, object supervisor)
    {
        (_sum, _mxr) = (sum, mxr);
        Tables39((0x80099UL << 10) | bits);
        ManualPage? page = Translate("sv39", Satp39, Va39);
        Assert.Equal((Rights)user, page?.User);
        Assert.Equal((Rights)supervisor, page?.Supervisor);
    }

    [Theory]
    [InlineData(false, 0x1f, RWX)]
    [InlineData(false, 0x17, RW)]
    [InlineData(false, 0x19, X)]
    [InlineData(true, 0x19, RX)]
    public void TheGStageIsAsForAUser(bool mxr, ulong bits, object rights)
    {
        // hgatp: MODE 8, VMID 5, the first table of 16 KiB at 0x80010000. A guest physical address of 41 bits has VPN[2] = 0x601,
        // which is in the fourth page. G is set all over and ignored; SUM is nothing to it.
        const ulong Hgatp = 0x8000_5000_0008_0010;
        const ulong Gpa = (0x601UL << 30) | (2UL << 21) | (3UL << 12) | 0x456;
        (_sum, _mxr) = (true, mxr);
        _memory[0x8001_3008] = (0x80021UL << 10) | 0x21;
        _memory[0x8002_1010] = (0x80022UL << 10) | 0x21;
        _memory[0x8002_2018] = (0x80099UL << 10) | 0x20 | bits;
        Assert.Equal(
            new ManualPage(
                0x8009_9456, 0x1000, (Rights)rights, (Rights)rights, Global: false, Accessed: false, Dirty: false, CacheIndex: 0),
            Translate("sv39x4", Hgatp, Gpa));
        _memory[0x8002_2018] ^= 0x10;
        Fault("no page of a user", "sv39x4", Hgatp, Gpa);
    }

    [Fact]
    public void Sv32x4HasFourTimesTheEntries()
    {
        // VPN[1] = 0xfff, the last entry of 16 KiB: 4 MiB at 0x40000000.
        _memory[0x8001_3ffc] = (0x40000UL << 10) | 0xdf;
        Assert.Equal(
            new ManualPage(0x403f_ffff, 0x40_0000, RWX, RWX, Global: false, Accessed: true, Dirty: true, CacheIndex: 0),
            Translate("sv32x4", 0x8008_0010, 0x3_ffff_ffff));
    }

    [Theory]
    [InlineData("sv32")]
    [InlineData("sv39")]
    [InlineData("sv48")]
    [InlineData("sv57")]
    [InlineData("sv32x4")]
    [InlineData("sv39x4")]
    [InlineData("sv48x4")]
    [InlineData("sv57x4")]
    public void RandomTablesHaveEverythingThatThereIs(string mode)
    {
        Outcomes outcomes = Outcomes.Of(300, seed => new RiscVSpace(mode, seed));
        bool wide = !mode.StartsWith("sv32", StringComparison.Ordinal);
        string[] sizes = mode[..4] switch
        {
            "sv32" => ["4096", "4194304"],
            "sv39" => ["4096", "65536", "2097152", "1073741824"],
            "sv48" => ["4096", "65536", "2097152", "1073741824", "549755813888"],
            _ => ["4096", "65536", "2097152", "1073741824", "549755813888", "281474976710656"],
        };
        outcomes.AtLeast(1000, sizes);
        outcomes.AtLeast(100, "accessed", "not accessed", "dirty", "not dirty", "not global");
        outcomes.AtLeast(
            100,
            "address",
            "no memory",
            "V = 0",
            "W without R",
            "pointer with D, A or U",
            "pointer at level 0",
            "misaligned superpage");
        if (wide)
        {
            outcomes.AtLeast(100, "cache 0", "cache 1", "cache 2");
            outcomes.AtLeast(
                100,
                "reserved bit",
                "pointer with N or PBMT",
                "PBMT 3",
                "N above level 0",
                "N with another size");
        }

        if (mode.EndsWith("x4", StringComparison.Ordinal))
        {
            outcomes.AtLeast(100, "no page of a user", "R|R", "RW|RW", "X|X", "RX|RX", "RWX|RWX");
        }
        else
        {
            outcomes.AtLeast(100, "global", "R|", "RW|", "X|", "RX|", "RWX|", "R|R", "RW|RW", "RX|R", "RWX|RW");
            outcomes.AtLeast(100, "|R", "|RW", "|X", "|RX", "|RWX");
        }
    }

    /// <summary>The entry of the last table for <see cref="Va39"/>, and the two that lead to it.</summary>
    private void Tables39(ulong last)
    {
        _memory[0x8001_0008] = (0x80011UL << 10) | 1;
        _memory[0x8001_1010] = (0x80012UL << 10) | 1;
        _memory[0x8001_2018] = last;
    }

    private ManualPage? Translate(string mode, ulong atp, ulong address)
    {
        int entry = mode.StartsWith("sv32", StringComparison.Ordinal) ? 4 : 8;
        var manual = new RiscVManual(
            (at, size) =>
            {
                Assert.Equal(entry, size);
                return _memory.TryGetValue(at, out ulong value) ? value : null;
            },
            _sum,
            _mxr);
        ManualPage? page = manual.Translate(mode, atp, address);
        _why = manual.Why;
        return page;
    }

    private void Fault(string why, string mode, ulong atp, ulong address)
    {
        Assert.Null(Translate(mode, atp, address));
        Assert.Equal(why, _why);
    }
}
