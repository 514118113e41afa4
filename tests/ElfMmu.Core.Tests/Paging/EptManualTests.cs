using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>Whether the literal reading of the SDM's chapter on EPT says what it says, on entries made by hand.</summary>
public class EptManualTests
{
    private const Rights X = Rights.Execute;
    private const Rights R = Rights.Read;
    private const Rights RW = Rights.Read | Rights.Write;
    private const Rights RX = Rights.Read | Rights.Execute;
    private const Rights RWX = Rights.Read | Rights.Write | Rights.Execute;

    // Write-back, a walk of 4, accessed and dirty flags; the PML4 table at 0x10000.
    private const ulong Eptp = 0x1_005e;

    // PML4E 1 at 0x10008, PDPTE 2 at 0x11010, PDE 3 at 0x12018, PTE 4 at 0x13020.
    private const ulong Gpa = (1UL << 39) | (2UL << 30) | (3UL << 21) | (4UL << 12) | 0x567;

    private readonly Dictionary<ulong, ulong> _memory = new()
    {
        [0x1_0008] = 0x1_1007,
        [0x1_1010] = 0x1_2007,
        [0x1_2018] = 0x1_3007,
        [0x1_3020] = 0x9_9037,
    };

    private int _width = 46;
    private string _why = "";

    [Fact]
    public void FourTablesLeadToAPage() => Assert.Equal(
        new ManualPage(0x9_9567, 0x1000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 6),
        Translate("ept", Eptp, Gpa));

    [Fact]
    public void FiveTablesLeadToAPage()
    {
        // PML5E 0x1ff at 0x20ff8; the length in the EPTP is 4.
        _memory[0x2_0ff8] = 0x1_0007;
        const ulong Gpa5 = (0x1ffUL << 48) | Gpa;
        Assert.Equal(0x9_9567UL, Translate("ept5", 0x2_0066, Gpa5)?.Physical);
        foreach (int bit in new[] { 3, 4, 5, 6, 7 })
        {
            _memory[0x2_0ff8] = 0x1_0007 | (1UL << bit);
            Fault("reserved bit of a pointer", "ept5", 0x2_0066, Gpa5);
        }
    }

    [Theory]
    [InlineData("ept", 0x0000_ffff_ffff_ffffUL, true)]
    [InlineData("ept", 0x0001_0000_0000_0000UL, false)]
    [InlineData("ept", 0xffff_8000_0000_0000UL, false)]
    [InlineData("ept5", 0x01ff_ffff_ffff_ffffUL, true)]
    [InlineData("ept5", 0x0200_0000_0000_0000UL, false)]
    public void AddressesAreZeroExtended(string mode, ulong address, bool valid) =>
        Fault(valid ? "no memory" : "address", mode, 0x77_0000, address);

    [Fact]
    public void LargePagesTakeTheLowBitsFromTheAddress()
    {
        // 2 MBytes at 0xe00000, uncacheable; then 1 GByte at 0x80000000, write-combining.
        _memory[0x1_2018] = 0xe0_0087;
        Assert.Equal(
            new ManualPage(0xe0_4567, 0x20_0000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 0),
            Translate("ept", Eptp, Gpa));
        _memory[0x1_1010] = 0x8000_008f;
        Assert.Equal(
            new ManualPage(0x8060_4567, 0x4000_0000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 1),
            Translate("ept", Eptp, Gpa));
    }

    [Theory]
    [InlineData(0x1_2018UL, 12)]
    [InlineData(0x1_2018UL, 20)]
    [InlineData(0x1_1010UL, 12)]
    [InlineData(0x1_1010UL, 21)]
    [InlineData(0x1_1010UL, 29)]
    public void LargePagesReserveTheLowBits(ulong at, int bit)
    {
        // There is no PAT bit in an EPT entry, so bit 12 is reserved too.
        _memory[at] = 0x8000_0087;
        Assert.NotNull(Translate("ept", Eptp, Gpa));
        _memory[at] |= 1UL << bit;
        Fault("reserved bit of a large page", "ept", Eptp, Gpa);
    }

    [Theory]
    [InlineData(0x1_0008UL, 3)]
    [InlineData(0x1_0008UL, 6)]
    [InlineData(0x1_0008UL, 7)]
    [InlineData(0x1_1010UL, 3)]
    [InlineData(0x1_1010UL, 6)]
    [InlineData(0x1_2018UL, 5)]
    [InlineData(0x1_2018UL, 6)]
    public void PointersReserveTheMemoryType(ulong at, int bit)
    {
        _memory[at] |= 1UL << bit;
        Fault("reserved bit of a pointer", "ept", Eptp, Gpa);
    }

    [Fact]
    public void BitsThatAreIgnoredAreIgnored()
    {
        ManualPage? page = Translate("ept", Eptp, Gpa);
        foreach (ulong at in new ulong[] { 0x1_0008, 0x1_1010, 0x1_2018 })
        {
            _memory[at] |= 0xfff0_0000_0000_0f00;
        }

        // Bit 6 of a page is "ignore PAT", bit 7 of a PTE nothing, bits 10 and 11 neither.
        _memory[0x1_3020] |= 0xfff0_0000_0000_0cc0;
        Assert.Equal(page, Translate("ept", Eptp, Gpa));
    }

    [Theory]
    [InlineData(0x1_0008UL)]
    [InlineData(0x1_1010UL)]
    [InlineData(0x1_2018UL)]
    [InlineData(0x1_3020UL)]
    public void EveryLevelCanFault(ulong at)
    {
        ulong entry = _memory[at];
        _memory[at] = entry & ~7UL;
        Fault("not present", "ept", Eptp, Gpa);
        _memory[at] = (entry & ~7UL) | 2;
        Fault("write without read", "ept", Eptp, Gpa);
        _memory[at] = (entry & ~7UL) | 6;
        Fault("write without read", "ept", Eptp, Gpa);
        _memory[at] = entry | (1UL << 46);
        Fault("beyond the physical-address width", "ept", Eptp, Gpa);
        _memory[at] = entry | (1UL << 51);
        Fault("beyond the physical-address width", "ept", Eptp, Gpa);
        _memory.Remove(at);
        Fault("no memory", "ept", Eptp, Gpa);
    }

    [Fact]
    public void AllAddressBitsCountWhenTheWidthIs52()
    {
        _width = 52;
        _memory[0x1_3020] |= 0x000f_ffff_fff0_0000;
        Assert.Equal(0x000f_ffff_fff9_9567UL, Translate("ept", Eptp, Gpa)?.Physical);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void SomeMemoryTypesAreReserved(int type, bool valid)
    {
        _memory[0x1_3020] = 0x9_9007 | ((ulong)type << 3);
        ManualPage? page = Translate("ept", Eptp, Gpa);
        Assert.Equal(valid ? type : null, page?.CacheIndex);
        Assert.Equal(valid ? "" : "memory type", _why);
    }

    [Theory]
    [InlineData(7, 7, RWX)]
    [InlineData(7, 1, R)]
    [InlineData(3, 7, RW)]
    [InlineData(5, 3, R)]
    [InlineData(5, 5, RX)]
    [InlineData(4, 7, X)]
    [InlineData(4, 5, X)]
    public void RightsAreThoseOfEveryLevel(ulong upper, ulong leaf, object rights)
    {
        _memory[0x1_1010] = 0x1_2000 | upper;
        _memory[0x1_3020] = 0x9_9030 | leaf;
        ManualPage? page = Translate("ept", Eptp, Gpa);
        Assert.Equal((Rights)rights, page?.User);
        Assert.Equal((Rights)rights, page?.Supervisor);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 3)]
    public void APageWithoutRightsIsNoPage(ulong upper, ulong leaf)
    {
        _memory[0x1_1010] = 0x1_2000 | upper;
        _memory[0x1_3020] = 0x9_9030 | leaf;
        Fault("no access", "ept", Eptp, Gpa);
    }

    [Theory]
    [InlineData(0x100UL, true, false)]
    [InlineData(0x200UL, false, true)]
    [InlineData(0x300UL, true, true)]
    public void AccessedAndDirtyAreBits8And9OfThePage(ulong bits, bool accessed, bool dirty)
    {
        _memory[0x1_3020] |= bits;
        ManualPage? page = Translate("ept", Eptp, Gpa);
        Assert.Equal(accessed, page?.Accessed);
        Assert.Equal(dirty, page?.Dirty);
    }

    [Theory]
    [InlineData("ept")]
    [InlineData("ept5")]
    public void RandomTablesHaveEverythingThatThereIs(string mode)
    {
        Outcomes outcomes = Outcomes.Of(300, seed => new EptSpace(mode, seed));
        outcomes.AtLeast(1000, "4096", "2097152", "1073741824", "R|R", "RW|RW", "RX|RX", "RWX|RWX", "X|X");
        outcomes.AtLeast(100, "cache 0", "cache 1", "cache 4", "cache 5", "cache 6");
        outcomes.AtLeast(100, "accessed", "not accessed", "dirty", "not dirty");
        outcomes.AtLeast(
            100,
            "address",
            "no memory",
            "not present",
            "write without read",
            "beyond the physical-address width",
            "reserved bit of a pointer",
            "reserved bit of a large page",
            "memory type",
            "no access");
    }

    private ManualPage? Translate(string mode, ulong eptp, ulong address)
    {
        var manual = new EptManual((at, size) => size == 8 && _memory.TryGetValue(at, out ulong value) ? value : null, _width);
        ManualPage? page = manual.Translate(mode, eptp, address);
        _why = manual.Why;
        return page;
    }

    private void Fault(string why, string mode, ulong eptp, ulong address)
    {
        Assert.Null(Translate(mode, eptp, address));
        Assert.Equal(why, _why);
    }
}
