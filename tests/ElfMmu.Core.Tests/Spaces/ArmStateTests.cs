using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What the registers of 32-bit ARM processors make of an address space.</summary>
public sealed class ArmStateTests : IDisposable
{
    private const ulong Extended = 1UL << 31;
    private const ulong Page = 0x403;
    private const ulong Table = 3;

    // Blocks lead out of the memory there is, so that nothing cuts them; sections are PL1's only, and in domain 0.
    private const uint Outside = 0x4000_0000;
    private const ulong Block = 0x401 | Outside;
    private const uint Section = 0x402 | Outside;
    private const ulong Mebi = 1 << 20;
    private const ulong Gibi = 1 << 30;

    private static readonly SpaceRequest Nothing = new();

    private readonly ArmDump _dump = new("arm");

    public void Dispose() => _dump.Dispose();

    [Theory]
    [InlineData(0UL, "short", "arm-short")]
    [InlineData(Extended, "long", "arm-lpae")]
    public void TheControlRegisterChoosesTheMode(ulong ttbcr, string name, string mode)
    {
        Assert.Equal(mode, _dump.Open(Nothing, null, ("ttbcr", ttbcr), ("ttbr0", 0)).Identity.Mode.Name);
        Assert.Equal(mode, _dump.Open(Nothing, name, ("ttbr0", 0)).Identity.Mode.Name);
        Assert.Equal(mode, _dump.Open(new() { Root = 0, Control = ttbcr }, null).Identity.Mode.Name);
        Throws.Error("PagingOff", () => _dump.Open(Nothing, null, ("ttbcr", ttbcr), ("ttbr0", 0), ("sctlr", 0xc5_0078)));
    }

    [Fact]
    public void AModeThatTheRegisterContradictsIsRefused()
    {
        Throws.Error("ModeConflict", () => _dump.Open(new() { Mode = "lpae" }, null, ("ttbcr", 0), ("ttbr0", 0)));
        Throws.Error("ModeConflict", () => _dump.Open(new() { Mode = "short" }, null, ("ttbcr", Extended), ("ttbr0", 0)));
    }

    [Theory]
    [InlineData("arm-short", 0UL, 0x4090_4059UL, 0x4090_4000UL)]
    [InlineData("arm-short", 1UL, 0x4022_604aUL, 0x4022_6000UL)]
    [InlineData("arm-short", 7UL, 0x4022_61caUL, 0x4022_6180UL)]
    [InlineData("arm-lpae", Extended, 0x0042_0000_4022_0060UL, 0x4022_0060UL)]
    public void ARootIsWhatTheRegisterHoldsBesideTheRest(string mode, ulong ttbcr, ulong ttbr, ulong root) =>
        Assert.Equal(root, _dump.Open(new() { Root = ttbr, Mode = mode, Control = ttbcr }, null).Identity.Root);

    [Fact]
    public void ShortTablesAreDividedAsTheRegisterSays()
    {
        // The same table for both parts: the lower one uses the first 1024 entries of it.
        _dump.Put32(0x4000, 1023, Section | 0x10_0000);
        _dump.Put32(0x4000, 1024, Section | 0x20_0000);
        _dump.Put32(0x4000, 4095, Section | 0x30_0000);
        (string, ulong)[] roots = [("ttbr0", 0x4000), ("ttbr1", 0x4000)];
        (ulong, ulong, ulong) first = (0x3ff0_0000, 0x4010_0000, Mebi);
        (ulong, ulong, ulong) second = (0x4000_0000, 0x4020_0000, Mebi);
        (ulong, ulong, ulong) last = (0xfff0_0000, 0x4030_0000, Mebi);
        Assert.Equal([first, second, last], ArmDump.Pages(_dump.Open(Nothing, null, [.. roots, ("ttbcr", 2)])));
        Assert.Equal([first, second, last], ArmDump.Pages(_dump.Open(Nothing, null, [.. roots, ("ttbcr", 0)])));
        Assert.Equal([second, last], ArmDump.Pages(_dump.Open(Nothing, null, [.. roots, ("ttbcr", 2 | (1 << 4))])));
        Assert.Equal([first], ArmDump.Pages(_dump.Open(Nothing, null, [.. roots, ("ttbcr", 2 | (1 << 5))])));
        Assert.Equal([second, last], ArmDump.Pages(_dump.Open(new() { Root1 = 0x4000, Control = 2 }, null)));
        Assert.Empty(ArmDump.Pages(_dump.Open(Nothing, null, [.. roots, ("ttbcr", 1 << 4)])));
    }

    [Fact]
    public void LargePagesAndSupersectionsTakeSixteenEntries()
    {
        for (int i = 0; i < 16; i++)
        {
            _dump.Put32(0x4000, 16 + i, 0x0500_0000 | (2 << 20) | (1 << 18) | (3 << 5) | Section);
            _dump.Put32(0x1000, 32 + i, 0x0007_0011);
        }

        _dump.Put32(0x4000, 64, 0x1001);
        AddressSpace space = _dump.Open(new() { Root = 0x4000, Control = 0 }, null);
        Assert.Equal(
            [(0x0100_0000UL, 0x32_4500_0000UL, 16 * Mebi), (0x0402_0000UL, 0x7_0000UL, 0x1_0000UL)], ArmDump.Pages(space));
        Assert.Equal([1, 2], space.All().Select(m => m.Attributes.Level));

        // Half of them make half a page, from the place in it that the entries stand for.
        for (int i = 0; i < 8; i++)
        {
            _dump.Put32(0x1000, 32 + i, 0);
        }

        space = _dump.Open(new() { Root = 0x4000, Control = 0 }, null);
        Assert.Equal((0x0402_8000UL, 0x7_8000UL, 0x1_0000UL), ArmDump.Pages(space)[1]);
    }

    [Theory]
    [InlineData(0UL, null, null)]
    [InlineData(1UL, "---", "rw-")]
    [InlineData(2UL, null, null)]
    [InlineData(3UL, "rwx", "rwx")]
    [InlineData(null, "---", "rw-")]
    public void DomainsDecideWhetherRightsAreAsked(ulong? domain, string? user, string? supervisor)
    {
        // A section of domain 5 for PL1, never to be executed.
        _dump.Put32(0x4000, 1, Section | (5 << 5) | (1 << 4));
        (string, ulong)[] dacr = domain == null ? [] : [("dacr", 0x5555_5155 | (domain.Value << 10))];
        AddressSpace space = _dump.Open(Nothing, null, [("ttbr0", 0x4000), ("ttbcr", 0), .. dacr]);
        IEnumerable<(string, string)> expected = user == null ? [] : [(user, supervisor!)];
        Assert.Equal(expected, Rights(space));
    }

    [Theory]
    [InlineData(0UL, new[] { "---/rwx", "r-x/rwx", "rwx/rwx", "---/r-x", "r-x/r-x", "r-x/r-x" })]
    [InlineData(1UL << 19, new[] { "---/rw-", "r-x/rw-", "rw-/rw-", "---/r-x", "r-x/r-x", "r-x/r-x" })]
    [InlineData(1UL << 20, new[] { "---/rwx", "r-x/rwx", "rwx/rw-", "---/r-x", "r-x/r-x", "r-x/r-x" })]
    [InlineData(
        1UL << 29,
        new[] { "---/rwx", "---/rwx", "rwx/rwx", "rwx/rwx", "---/r-x", "---/r-x", "r-x/r-x", "r-x/r-x" })]
    public void RightsOfShortDescriptorsFollowTheirSwitches(ulong sctlr, string[] rights)
    {
        for (uint ap = 0; ap < 8; ap++)
        {
            _dump.Put32(0x4000, 2 * (int)ap, Outside | 2 | ((ap & 3) << 10) | ((ap >> 2) << 15));
        }

        AddressSpace space = _dump.Open(Nothing, null, ("ttbr0", 0x4000), ("ttbcr", 0), ("sctlr", 1 | sctlr));
        Assert.Equal(rights, Rights(space).Select(r => $"{r.User}/{r.Supervisor}"));
        bool[] used = [.. space.All().Select(m => m.Attributes.Accessed)];
        Assert.Equal(used.Select((_, i) => (sctlr >> 29) != 0 && i % 2 != 0), used);
    }

    [Fact]
    public void ATableKeepsPrivilegedCodeOutOfItsPages()
    {
        _dump.Put32(0x4000, 1, 0x1000 | (1 << 2) | 1);
        _dump.Put32(0x1000, 0, 0x32);
        Assert.Equal([("rwx", "rw-")], Rights(_dump.Open(new() { Root = 0x4000, Control = 0 }, null)));
    }

    [Theory]
    [InlineData(0, 0, new ulong[] { 0, 1, 2, 3 }, new ulong[0])]
    [InlineData(1, 0, new ulong[] { 0, 1 }, new ulong[] { 2, 3 })]
    [InlineData(1, 1, new ulong[] { 0, 1 }, new ulong[] { 2, 3 })]
    [InlineData(0, 1, new ulong[] { 0, 1 }, new ulong[] { 2, 3 })]
    [InlineData(2, 0, new ulong[] { 0 }, new ulong[] { 1, 2, 3 })]
    [InlineData(2, 2, new ulong[] { 0 }, new ulong[] { 3 })]
    [InlineData(0, 2, new ulong[] { 0, 1, 2 }, new ulong[] { 3 })]
    [InlineData(1, 2, new ulong[] { 0, 1 }, new ulong[] { 3 })]
    public void LongTablesAreDividedAsTheRegisterSays(int size0, int size1, ulong[] lower, ulong[] upper)
    {
        // Roots for each way to start: level 1 with 4 entries or 2, or level 2; every table maps the same in all of its span.
        Fill(0x1000, size0, 0);
        Fill(0x3000, size1, 0x10_0000_0000);
        AddressSpace space = _dump.Open(
            Nothing, null, ("ttbr0", 0x1000), ("ttbr1", 0x3000), ("ttbcr", Extended | (uint)size0 | ((ulong)size1 << 16)));
        foreach (ulong gibi in Enumerable.Range(0, 4).Select(i => (ulong)i))
        {
            Mapping? found = Walks.Find(space.All(), gibi * Gibi);
            bool? isUpper = found is { } mapping ? mapping.PhysicalAddress >= 0x10_0000_0000 : null;
            Assert.Equal(lower.Contains(gibi) ? false : upper.Contains(gibi) ? true : null, isUpper);
        }

        void Fill(ulong root, int size, ulong target)
        {
            int entries = size < 2 ? 4 >> size : 512;
            for (int i = 0; i < entries; i++)
            {
                _dump.Put64(root, i, (target + ((ulong)i << (size < 2 ? 30 : 21))) | Block);
            }
        }
    }

    [Fact]
    public void OneHalfIsEnough()
    {
        _dump.Put64(0x1020, 1, Block);
        AddressSpace upper = _dump.Open(new() { Root1 = 0x1020, Control = Extended | (1 << 16) }, null);
        Assert.Equal([(0xc000_0000UL, Outside, Gibi)], ArmDump.Pages(upper));
        AddressSpace lower = _dump.Open(new() { Root = 0x1020, Mode = "arm-lpae" }, null);
        Assert.Equal([(0x4000_0000UL, Outside, Gibi)], ArmDump.Pages(lower));
    }

    [Fact]
    public void LongAddressesHave40Bits()
    {
        _dump.Put64(0x1000, 0, 0xff_c000_0000 | Block);
        _dump.Put64(0x1000, 1, 0x100_0000_0000 | Block);
        _dump.Put64(0x1000, 2, 0x200_0000_2000 | Table);
        AddressSpace space = _dump.Open(new() { Root = 0x1000, Mode = "lpae" }, null);
        Assert.Equal([(0UL, 0xff_c000_0000UL, Gibi)], ArmDump.Pages(space));
        space.Walk(space.NewWalk(), out WalkSummary summary);
        Assert.Equal(2UL, summary.ReservedEntries);
    }

    [Theory]
    [InlineData(0UL, "rwx/rwx")]
    [InlineData(1UL << 19, "rw-/rw-")]
    [InlineData(1UL << 20, "rwx/rw-")]
    public void RightsOfLongDescriptorsFollowTheirSwitches(ulong sctlr, string both)
    {
        _dump.Put64(0x1000, 0, 0x2000 | Table);
        _dump.Put64(0x2000, 0, 0x3000 | Table);
        _dump.Put64(0x3000, 0, (1 << 6) | Page);
        _dump.Put64(0x3000, 2, Page);
        _dump.Put64(0x3000, 4, (1UL << 54) | (1 << 6) | Page);
        AddressSpace space = _dump.Open(Nothing, null, ("ttbr0", 0x1000), ("ttbcr", Extended), ("sctlr", 1 | sctlr));
        string supervisor = (sctlr >> 19 & 1) != 0 ? "---/rw-" : "---/rwx";
        Assert.Equal([both, supervisor, "rw-/rw-"], Rights(space).Select(r => $"{r.User}/{r.Supervisor}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TablesAreInTheOrderThatTheRegisterSays(bool big)
    {
        using var dump = new ArmDump("arm", big);
        dump.Put32(0x4000, 2, Section);
        AddressSpace space = dump.Open(Nothing, null, ("ttbr0", 0x4000), ("ttbcr", 0), ("sctlr", 1 | (big ? 1UL << 25 : 0)));
        Assert.Equal([(2 * Mebi, 0x4000_0000UL, Mebi)], ArmDump.Pages(space));
    }

    private static IEnumerable<(string User, string Supervisor)> Rights(AddressSpace space) => space.All()
        .Select(m => (RightsFormat.Format(m.Attributes.User), RightsFormat.Format(m.Attributes.Supervisor)));
}
