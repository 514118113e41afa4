using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>Whether the literal reading of AMD's chapter on nested paging says what it says, on entries made by hand.</summary>
public class NptManualTests
{
    private const Rights R = Rights.Read;
    private const Rights RW = Rights.Read | Rights.Write;
    private const Rights RX = Rights.Read | Rights.Execute;
    private const Rights RWX = Rights.Read | Rights.Write | Rights.Execute;

    private const ulong NX = 1UL << 63;

    // PML4E 1 at 0x10008, PDPE 2 at 0x11010, PDE 3 at 0x12018, PTE 4 at 0x13020; PCD and PWT of the CR3 don't count.
    private const ulong Cr3 = 0x1_0018;
    private const ulong Gpa = (1UL << 39) | (2UL << 30) | (3UL << 21) | (4UL << 12) | 0x567;

    private readonly Dictionary<ulong, ulong> _memory = new()
    {
        [0x1_0008] = 0x1_1007,
        [0x1_1010] = 0x1_2007,
        [0x1_2018] = 0x1_3007,
        [0x1_3020] = 0x9_9007,
    };

    private int _size = 46;
    private bool _nxe = true;
    private string _why = "";

    [Fact]
    public void FourTablesLeadToAPage() => Assert.Equal(
        new ManualPage(0x9_9567, 0x1000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 0),
        Translate("npt", Cr3, Gpa));

    [Fact]
    public void FiveTablesLeadToAPage()
    {
        _memory[0x2_0ff8] = 0x1_0007;
        const ulong Gpa5 = (0x1ffUL << 48) | Gpa;
        Assert.Equal(0x9_9567UL, Translate("npt5", 0x2_0000, Gpa5)?.Physical);
        foreach (int bit in new[] { 7, 8 })
        {
            _memory[0x2_0ff8] = 0x1_0007 | (1UL << bit);
            Fault("reserved bit of a PML4E or PML5E", "npt5", 0x2_0000, Gpa5);
        }
    }

    [Theory]
    [InlineData("npt", 0x0000_ffff_ffff_ffffUL, true)]
    [InlineData("npt", 0x0001_0000_0000_0000UL, false)]
    [InlineData("npt", 0xffff_8000_0000_0000UL, false)]
    [InlineData("npt5", 0x01ff_ffff_ffff_ffffUL, true)]
    [InlineData("npt5", 0x0200_0000_0000_0000UL, false)]
    [InlineData("npt5", 0xffff_ffff_ffff_f000UL, false)]
    public void AddressesAreZeroExtended(string mode, ulong address, bool valid) =>
        Fault(valid ? "no memory" : "address", mode, 0x77_0000, address);

    [Fact]
    public void LargePagesTakeTheLowBitsFromTheAddress()
    {
        // 2 Mbytes at 0xe00000 with PAT, then 1 Gbyte at 0x80000000 without it.
        _memory[0x1_2018] = 0xe0_1087;
        Assert.Equal(
            new ManualPage(0xe0_4567, 0x20_0000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 4),
            Translate("npt", Cr3, Gpa));
        _memory[0x1_1010] = 0x8000_0087;
        Assert.Equal(
            new ManualPage(0x8060_4567, 0x4000_0000, RWX, RWX, Global: false, Accessed: false, Dirty: false, CacheIndex: 0),
            Translate("npt", Cr3, Gpa));
    }

    [Theory]
    [InlineData(0x1_2018UL, 13)]
    [InlineData(0x1_2018UL, 20)]
    [InlineData(0x1_1010UL, 13)]
    [InlineData(0x1_1010UL, 21)]
    [InlineData(0x1_1010UL, 29)]
    public void LargePagesReserveTheLowBits(ulong at, int bit)
    {
        _memory[at] = 0x8000_0087;
        Assert.NotNull(Translate("npt", Cr3, Gpa));
        _memory[at] |= 1UL << bit;
        Fault("reserved bit of a large page", "npt", Cr3, Gpa);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void TwoBitsOfAPml4eMustBeZero(int bit)
    {
        _memory[0x1_0008] |= 1UL << bit;
        Fault("reserved bit of a PML4E or PML5E", "npt", Cr3, Gpa);
    }

    [Fact]
    public void BitsThatAreIgnoredAreIgnored()
    {
        ManualPage? page = Translate("npt", Cr3, Gpa);
        _memory[0x1_0008] |= 0x7ff0_0000_0000_0e78;
        _memory[0x1_1010] |= 0x7ff0_0000_0000_0f78;
        _memory[0x1_2018] |= 0x7ff0_0000_0000_0f78;

        // G is ignored in nested page tables.
        _memory[0x1_3020] |= 0x7ff0_0000_0000_0f00;
        Assert.Equal(page, Translate("npt", Cr3, Gpa));
    }

    [Theory]
    [InlineData(0x1_0008UL)]
    [InlineData(0x1_1010UL)]
    [InlineData(0x1_2018UL)]
    [InlineData(0x1_3020UL)]
    public void EveryLevelCanFaultAndTakeRights(ulong at)
    {
        ulong entry = _memory[at];
        _memory[at] = entry & ~1UL;
        Fault("not present", "npt", Cr3, Gpa);

        // Every access is that of a user.
        _memory[at] = entry & ~4UL;
        Fault("no page of a user", "npt", Cr3, Gpa);
        _memory[at] = entry | (1UL << 46);
        Fault("beyond the physical-address size", "npt", Cr3, Gpa);
        _memory[at] = entry | (1UL << 51);
        Fault("beyond the physical-address size", "npt", Cr3, Gpa);
        foreach ((ulong changed, Rights rights) in new[] { (entry & ~2UL, RX), (entry | NX, RW), ((entry & ~2UL) | NX, R) })
        {
            _memory[at] = changed;
            ManualPage? page = Translate("npt", Cr3, Gpa);
            Assert.Equal(rights, page?.User);
            Assert.Equal(rights, page?.Supervisor);
        }

        // Without EFER.NXE the bit must be zero.
        _nxe = false;
        Fault("NX without NXE", "npt", Cr3, Gpa);
        _memory.Remove(at);
        Fault("no memory", "npt", Cr3, Gpa);
    }

    [Fact]
    public void AllAddressBitsCountWhenTheSizeIs52()
    {
        _size = 52;
        _memory[0x1_3020] |= 0x000f_ffff_fff0_0000;
        Assert.Equal(0x000f_ffff_fff9_9567UL, Translate("npt", Cr3, Gpa)?.Physical);
    }

    [Theory]
    [InlineData(0x08UL, 1)]
    [InlineData(0x10UL, 2)]
    [InlineData(0x80UL, 4)]
    [InlineData(0x98UL, 7)]
    public void TheCacheIndexIsPatPcdAndPwtOfThePage(ulong bits, int index)
    {
        _memory[0x1_3020] |= bits;
        Assert.Equal(index, Translate("npt", Cr3, Gpa)?.CacheIndex);
    }

    [Theory]
    [InlineData(0x20UL, true, false)]
    [InlineData(0x40UL, false, true)]
    [InlineData(0x60UL, true, true)]
    public void AccessedAndDirtyAreBits5And6OfThePage(ulong bits, bool accessed, bool dirty)
    {
        _memory[0x1_3020] |= bits;
        ManualPage? page = Translate("npt", Cr3, Gpa);
        Assert.Equal(accessed, page?.Accessed);
        Assert.Equal(dirty, page?.Dirty);
    }

    [Theory]
    [InlineData("npt")]
    [InlineData("npt5")]
    public void RandomTablesHaveEverythingThatThereIs(string mode)
    {
        Outcomes outcomes = Outcomes.Of(300, seed => new NptSpace(mode, seed));
        outcomes.AtLeast(1000, "4096", "2097152", "1073741824", "R|R", "RW|RW", "RX|RX", "RWX|RWX");
        outcomes.AtLeast(100, [.. Enumerable.Range(0, 8).Select(i => $"cache {i}")]);
        outcomes.AtLeast(100, "accessed", "not accessed", "dirty", "not dirty");
        outcomes.AtLeast(
            100,
            "address",
            "no memory",
            "not present",
            "beyond the physical-address size",
            "NX without NXE",
            "reserved bit of a PML4E or PML5E",
            "reserved bit of a large page",
            "no page of a user");
    }

    private ManualPage? Translate(string mode, ulong cr3, ulong address)
    {
        var manual = new NptManual(
            (at, size) => size == 8 && _memory.TryGetValue(at, out ulong value) ? value : null, _size, _nxe);
        ManualPage? page = manual.Translate(mode, cr3, address);
        _why = manual.Why;
        return page;
    }

    private void Fault(string why, string mode, ulong cr3, ulong address)
    {
        Assert.Null(Translate(mode, cr3, address));
        Assert.Equal(why, _why);
    }
}
