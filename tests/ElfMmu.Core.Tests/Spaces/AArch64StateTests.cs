using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What the registers of AArch64 processors make of an address space.</summary>
public sealed class AArch64StateTests : IDisposable
{
    private const ulong Tg0Is64K = 1 << 14;
    private const ulong Tg0Is16K = 2 << 14;
    private const ulong Tg1Is16K = 1UL << 30;
    private const ulong Tg1Is4K = 2UL << 30;
    private const ulong Tg1Is64K = 3UL << 30;
    private const ulong Ips48 = 5UL << 32;
    private const ulong Ips52 = 6UL << 32;
    private const ulong DS = 1UL << 59;
    private const ulong Page = 0x403;
    private const ulong Table = 3;

    // Blocks lead out of the memory there is, so that nothing cuts them.
    private const ulong Outside = 0x4000_0000;
    private const ulong Block = 0x401 | Outside;

    // Halves of 39 bits with 4K: translation starts at level 1.
    private const ulong Small = 25 | (25 << 16) | Tg1Is4K | Ips48;

    private static readonly SpaceRequest Nothing = new();

    private readonly ArmDump _dump = new("aarch64");

    public void Dispose() => _dump.Dispose();

    [Theory]
    [InlineData(0UL, "aarch64-4k")]
    [InlineData(Tg0Is64K, "aarch64-64k")]
    [InlineData(Tg0Is16K, "aarch64-16k")]
    public void TheGranuleChoosesTheMode(ulong tcr, string mode)
    {
        Assert.Equal(mode, _dump.Open(Nothing, null, ("tcr_el1", tcr), ("ttbr0_el1", 0)).Identity.Mode.Name);
        Assert.Equal(mode, _dump.Open(Nothing, "long", ("tcr_el1", tcr), ("ttbr0_el1", 0)).Identity.Mode.Name);
        Assert.Equal(mode, _dump.Open(new() { Mode = "ARM64", Control = tcr, Root = 0 }, null).Identity.Mode.Name);
    }

    [Theory]
    [InlineData(0UL, 0x42UL)]
    [InlineData(1UL << 22, 0x99UL)]
    public void TheAsidStandsAboveTheRootThatTcrNames(ulong a1, ulong asid)
    {
        SpaceRequest request = new()
        {
            Mode = "aarch64-4k", Control = Small | a1, Root = 0x42_0000_0000_0001, Root1 = 0x99_0000_0000_1000,
        };
        Assert.Equal(asid, _dump.Open(request, null).AddressSpaceId);
        Assert.Null(_dump.Open(request with { Root = 0, Root1 = 0x1000 }, null).AddressSpaceId);
    }

    [Fact]
    public void AProcessorOfAnotherModeGivesACoreNoRegisters()
    {
        _dump.Put64(0x1000, 0, 0x2000 | Table);
        _dump.Put64(0x2000, 0, 0x3000 | Table);
        _dump.Put64(0x3000, 0, 0x4000 | Page);
        SpaceRequest request = new() { Mode = "aarch64-4k", Control = Small, Root = 0x1000, Registers = RegisterSet.Empty };
        AddressSpace space = _dump.Open(request, null, ("ttbr0_el1", 0x1000), ("tcr_el1", Tg0Is64K), ("pc", 0x1234));
        using var folder = new TempFolder();
        Assert.Empty(Cores.Export(space.Dump, space, folder.File("core")).Cpus);
        space = _dump.Open(request, null, ("ttbr0_el1", 0x1000), ("tcr_el1", Small), ("pc", 0x1234));
        Assert.Equal([0], Cores.Export(space.Dump, space, folder.File("core")).Cpus);
    }

    [Fact]
    public void RootsThatAreGivenAsRegistersCount()
    {
        AddressSpace space = _dump.Open(
            new() { Mode = "aarch64-4k", Registers = RegisterSet.Empty.With("ttbr0_el1", 0x2000), Root1 = 0x1000 }, null);
        Assert.Equal((0x2000UL, 0x1000UL), (space.Identity.Root, space.Identity.Root1));
        Assert.Equal(0x2000UL, space.NewWalk().Root);
        Assert.Contains("from the registers given", space.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNamesAFamilyNeedsTheRegister()
    {
        Throws.Error("ModeAmbiguous", () => _dump.Open(Nothing, "long", ("ttbr0_el1", 0)));
        Throws.Error("ModeAmbiguous", () => _dump.Open(Nothing, "long", ("ttbr0_el1", 0), ("tcr_el1", 3 << 14)));
        Throws.Error("RootUnknown", () => _dump.Open(Nothing, null, ("ttbr0_el1", 0)));
        Assert.Equal("aarch64-16k", _dump.Open(new() { Mode = "aarch64-16k" }, null, ("ttbr0_el1", 0)).Identity.Mode.Name);
    }

    [Fact]
    public void AModeThatTheRegisterContradictsIsRefused()
    {
        ElfMmuException e = Throws.Error(
            "ModeConflict", () => _dump.Open(new() { Mode = "aarch64-4k" }, null, ("tcr_el1", Tg0Is16K), ("ttbr0_el1", 0)));
        Assert.Contains("aarch64-16k", e.Message, StringComparison.Ordinal);
        Throws.Error("ModeConflict", () => _dump.Open(new() { Mode = "aarch64-4k", Root1 = 0 }, null, ("tcr_el1", Tg0Is16K)));
        _dump.Open(new() { Mode = "aarch64-4k", Control = 0 }, null, ("tcr_el1", Tg0Is16K), ("ttbr0_el1", 0));
    }

    [Fact]
    public void TranslationThatIsOffIsSaid() => Throws.Error(
        "PagingOff", () => _dump.Open(Nothing, null, ("tcr_el1", 0), ("ttbr0_el1", 0), ("sctlr", 0x30d0_0800)));

    [Theory]
    [InlineData("aarch64-4k", Small, 0x0042_0000_4022_0001UL, 0x4022_0000UL)]
    [InlineData("aarch64-64k", Tg0Is64K | Ips48, 0x0042_0000_4022_023cUL, 0x4022_023cUL)]
    [InlineData("aarch64-64k", Tg0Is64K | Ips52, 0x0042_0000_4022_0228UL, 0xa_0000_4022_0200UL)]
    [InlineData("aarch64-4k", DS | Ips48, 0x0042_0000_4022_0005UL, 0x1_0000_4022_0000UL)]
    [InlineData("aarch64-4k", DS | Ips48, 0x0001_0000_4022_0000UL, 0x1_0000_4022_0000UL)]
    public void ARootIsWhatTheRegisterHoldsBesideTheRest(string mode, ulong tcr, ulong ttbr, ulong root) =>
        Assert.Equal(root, _dump.Open(new() { Root = ttbr, Mode = mode, Control = tcr }, null).Identity.Root);

    [Fact]
    public void TheHalvesHaveSizesAndGranulesOfTheirOwn()
    {
        // 4K and 39 bits below, 64K and 42 bits above: levels 1 and 2 to start at.
        _dump.Put64(0x1000, 1, Block);
        _dump.Put64(0x2_0000, 0, 0x4_0000 | Table);
        _dump.Put64(0x4_0000, 8191, 0x1_0000 | Page);
        AddressSpace space = _dump.Open(
            Nothing, "long", ("ttbr0_el1", 0x1000), ("ttbr1_el1", 0x2_0000), ("tcr_el1", 25 | (22 << 16) | Tg1Is64K | Ips48));
        Assert.Equal(
            [(0x4000_0000UL, Outside, 1UL << 30), (0xffff_fc00_1fff_0000UL, 0x1_0000UL, 1UL << 16)], ArmDump.Pages(space));
    }

    [Fact]
    public void OneHalfIsEnough()
    {
        _dump.Put64(0x1000, 511, Block);
        AddressSpace upper = _dump.Open(new() { Root1 = 0x1000, Control = Small, Mode = "long" }, null);
        Assert.Equal(0x1000UL, upper.Identity.Root);
        Assert.Equal([(0xffff_ffff_c000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(upper));
        AddressSpace lower = _dump.Open(new() { Root = 0x1000, Control = Small, Mode = "long" }, null);
        Assert.Equal([(0x7f_c000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(lower));
    }

    [Fact]
    public void AHalfThatIsTurnedOffMapsNothing()
    {
        _dump.Put64(0x1000, 511, Block);
        AddressSpace space = _dump.Open(
            Nothing, null, ("ttbr0_el1", 0x1000), ("ttbr1_el1", 0x1000), ("tcr_el1", Small | (1 << 7)));
        Assert.Equal([(0xffff_ffff_c000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(space));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TablesAreInTheOrderThatTheRegisterSays(bool big)
    {
        using var dump = new ArmDump("aarch64", big);
        dump.Put64(0x1000, 2, Block);
        AddressSpace space = dump.Open(
            Nothing, "long", ("ttbr0_el1", 0x1000), ("tcr_el1", Small), ("sctlr_el1", 1 | (big ? 1UL << 25 : 0)));
        Assert.Equal([(0x8000_0000UL, 0x4000_0000UL, 1UL << 30)], ArmDump.Pages(space));
    }

    [Fact]
    public void LimitsMayBeTagged()
    {
        const ulong Ignored = (1UL << 37) | (1UL << 38);
        _dump.Put64(0x1000, 1, Block);
        _dump.Put64(0x1000, 2, Block);
        AddressSpace space = _dump.Open(
            Nothing, null, ("ttbr0_el1", 0x1000), ("ttbr1_el1", 0x1000), ("tcr_el1", Small | Ignored));
        Assert.Equal(
            [(0x4000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(space, 0xab00_0000_4000_0000, 0xcd00_0000_7fff_ffff));
        Assert.Equal(
            [(0xffff_ff80_8000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(space, 0x12ff_ff80_8000_0000, 0x34ff_ff80_bfff_ffff));

        // The middle of all addresses is a limit, not a tag before address 0.
        Assert.Equal(2, ArmDump.Pages(space, 0x8000_0000_0000_0000).Length);
        Assert.Equal(2, ArmDump.Pages(space, 0, 0x7fff_ffff_ffff_ffff).Length);

        AddressSpace plain = _dump.Open(Nothing, null, ("ttbr0_el1", 0x1000), ("tcr_el1", Small));
        Assert.Empty(ArmDump.Pages(plain, 0xab00_0000_4000_0000, 0xab00_0000_7fff_ffff));
    }

    [Fact]
    public void AddressesOf52BitsHaveTheirOwnPlacesInDescriptors()
    {
        // 64K: the root, a table and a page with bits 51:48 in the low bits. Only the page can be so high up here.
        _dump.Put64(0x1_0000, 1023, 0x2_0000 | Table);
        _dump.Put64(0x2_0000, 8191, 0x3_0000 | Table);
        _dump.Put64(0x3_0000, 8191, 0x1234_5678_0000 | (0xbUL << 12) | Page);
        _dump.Put64(0x2_0000, 8190, (3UL << 29) | Block);
        _dump.Put64(0x1_0000, 1022, (5UL << 12) | Block);
        AddressSpace wide = _dump.Open(new() { Root = 0x1_0000, Control = 12 | Tg0Is64K | Ips52 }, null);
        Assert.Equal(
            [
                (0xf_f800_0000_0000UL, 0x5_0000_0000_0000UL, 1UL << 42),
                (0xf_ffff_c000_0000UL, 3UL << 29, 1UL << 29),
                (0xf_ffff_ffff_0000UL, 0xb_1234_5678_0000UL, 1UL << 16),
            ],
            ArmDump.Pages(wide));

        // 4K: five levels, blocks of 512 GiB, and bits 51:50 where shareability would be.
        _dump.Put64(0x4000, 15, 0x5000 | Table);
        _dump.Put64(0x5000, 511, 0x0002_0080_0000_0000 | (2UL << 8) | Block);
        AddressSpace five = _dump.Open(new() { Root = 0x4000, Control = 12 | DS | Ips52 }, null);
        Assert.Equal([(0xf_ff80_0000_0000UL, 0xa_0080_0000_0000UL, 1UL << 39)], ArmDump.Pages(five));
    }

    [Fact]
    public void AddressesTooLargeForTheProcessorAreFaults()
    {
        _dump.Put64(0x1000, 1, 0x40_0000_0000 | Block);
        _dump.Put64(0x1000, 2, 0x80_0000_0000 | Block);
        AddressSpace space = _dump.Open(new() { Root = 0x1000, Control = 25 | (1UL << 32) }, null);
        Assert.Empty(ArmDump.Pages(space));
        space.Walk(space.NewWalk(), out WalkSummary summary);
        Assert.Equal(2UL, summary.ReservedEntries);
        space = _dump.Open(new() { Root = 0x1000, Control = 25 | (2UL << 32) }, null);
        Assert.Equal([0x40_0000_0000 | Outside, 0x80_0000_0000 | Outside], ArmDump.Pages(space).Select(p => p.Physical));
    }

    [Fact]
    public void APageThatTheProcessorMakesWritableIsWritable()
    {
        const ulong DirtyModifier = 1UL << 51;
        const ulong ReadOnly = 1 << 7;
        _dump.Put64(0x1000, 1, DirtyModifier | ReadOnly | Block);
        _dump.Put64(0x1000, 2, DirtyModifier | Block);
        Assert.Equal([("r-x", false), ("rwx", true)], Of(Small));
        Assert.Equal([("r-x", false), ("rwx", true)], Of(Small | (1UL << 40)));
        Assert.Equal([("rwx", false), ("rwx", true)], Of(Small | (3UL << 39)));

        IEnumerable<(string, bool)> Of(ulong tcr) => _dump.Open(new() { Root = 0x1000, Control = tcr }, null).All()
            .Select(m => (RightsFormat.Format(m.Attributes.Supervisor), m.Attributes.Dirty));
    }

    [Theory]
    [InlineData(24UL | (1 << 6), 0x2000UL, 10, 30)]
    [InlineData(21UL | (1 << 6), 0x2_0000UL, 13, 30)]
    [InlineData(20UL | (1 << 6), 0UL, 0, 0)]
    [InlineData(24UL, 0UL, 0, 0)]
    [InlineData(24UL | (2 << 6), 0x2_0000UL, 1, 39)]
    [InlineData(25UL | (2 << 6), 0UL, 0, 0)]
    public void AGuestsTablesStandInARowWhereTheLevelSaysSo(ulong vtcr, ulong root, int indexBits, int shift)
    {
        var request = new SpaceRequest { Mode = "aarch64-s2-4k", Root = root, Control = vtcr | (5 << 16) };
        if (indexBits == 0)
        {
            Throws.Error("ControlInvalid", () => _dump.Open(request, null));
            return;
        }

        int last = (1 << indexBits) - 1;
        if (shift == 30)
        {
            _dump.Put64(root, last, Block);
        }
        else
        {
            _dump.Put64(root, last, 0x1000 | Table);
            _dump.Put64(0x1000, 0, Block);
        }

        Assert.Equal([((ulong)last << shift, Outside, 1UL << 30)], ArmDump.Pages(_dump.Open(request, null)));
    }

    [Fact]
    public void AGuestsGranuleIsInItsOwnRegister()
    {
        // The guest's tables are where its physical addresses lead: 0x2_0000 in the dump is its 0x4000_0000.
        _dump.Put64(0x1_0000, 1, 0x1_4000 | Table);
        _dump.Put64(0x1_4000, 0, 0x1_8000 | Table);
        _dump.Put64(0x1_8000, 0, 0x2_0000 | (3 << 6) | Page);
        _dump.Put64(0x2_0000, 1, Block);
        AddressSpace space = _dump.Open(
            new() { Root = 0x4000_0000, NestedRoot = 0x1_0000 },
            null,
            ("tcr_el1", Small),
            ("vtcr_el2", 24 | (1 << 6) | (5 << 16)));
        Assert.Equal("aarch64-s2-4k", space.Identity.NestedMode?.Name);
        Assert.Equal((0x4000_0000UL, 0x2_0000UL), ArmDump.Pages(space).Select(p => (p.Virtual, p.Physical)).Single());
        Throws.Error("ModeRequired", () => _dump.Open(new() { Root = 0, NestedRoot = 0 }, null, ("tcr_el1", Small)));
        Throws.Error("ModeConflict", () => _dump.Open(
            new() { Root = 0, NestedRoot = 0, NestedMode = "aarch64-s2-16k" },
            null,
            ("tcr_el1", Small),
            ("vtcr_el2", 24 | (1 << 6))));
    }

    [Theory]
    [InlineData(0UL, "rwx", "rwx")]
    [InlineData(1UL, "rwx", "rw-")]
    [InlineData(2UL, "rw-", "rw-")]
    [InlineData(3UL, "rw-", "rwx")]
    public void AGuestMayExecuteAtOneLevelOnly(ulong never, string user, string supervisor)
    {
        _dump.Put64(0x2000, 1, (never << 53) | (3 << 6) | Block);
        AddressSpace space = _dump.Open(
            new() { Mode = "aarch64-s2-4k", Root = 0x2000, Control = 24 | (1 << 6) | (5 << 16) }, null);
        MappingAttributes attributes = space.All().Single().Attributes;
        Assert.Equal((user, supervisor), (RightsFormat.Format(attributes.User), RightsFormat.Format(attributes.Supervisor)));
    }

    [Fact]
    public void WhatAGuestMayNotUseAtAllIsNotMapped()
    {
        _dump.Put64(0x2000, 1, (2UL << 53) | Block);
        _dump.Put64(0x2000, 2, (2UL << 53) | (1 << 6) | Block);
        AddressSpace space = _dump.Open(
            new() { Mode = "aarch64-s2-4k", Root = 0x2000, Control = 24 | (1 << 6) | (5 << 16) }, null);
        Assert.Equal([(0x8000_0000UL, Outside, 1UL << 30)], ArmDump.Pages(space));
    }
}
