using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Export;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>A guest's tables over its hypervisor's: what comes out is one after the other, page by page.</summary>
public sealed class NestedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, int> Machines
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string host in new[] { "ept", "npt", "sv39x4" })
            {
                for (int seed = 1; seed <= 4; seed++)
                {
                    data.Add(host, seed);
                }
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Machines))]
    public void TheStagesFollowEachOther(string host, int seed)
    {
        NestedGuest guest = Guest(host, seed);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        AddressSpace space = Open(dump, guest, host);
        Assert.Equal(host, space.Identity.NestedMode!.Name);
        Assert.Equal(guest.HostRoot, space.Identity.NestedRoot);
        List<Mapping> mappings = space.Walk(space.NewWalk() with { IncludeAbsent = true }, out WalkSummary summary);
        Assert.Equal(guest.LostTables, summary.AbsentTables);
        SortedDictionary<ulong, NestedGuest.Piece> expected = guest.Both();
        Assert.True(expected.Count > 1500, $"Only {expected.Count} pages are mapped.");
        Assert.Equal(expected, Pages(mappings));
        Assert.All(mappings, m => Assert.Equal(
            m.PhysicalAddress - NestedGuest.RamBase < (ulong)guest.Memory.Length ? RegionKind.Ram : RegionKind.Absent, m.Kind));

        // As long as they can be: no run continues the one before.
        Assert.All(mappings.Zip(mappings.Skip(1)), p => Assert.False(
            p.First.LastAddress + 1 == p.Second.VirtualAddress
            && p.First.PhysicalAddress + p.First.Size == p.Second.PhysicalAddress
            && p.First.Attributes.FusesWith(p.Second.Attributes)
            && p.First.Kind == p.Second.Kind));
        Assert.True(mappings.Count < expected.Count - 200);
        Assert.Contains(mappings, m => m.Attributes.PageSize == NestedGuest.LargePage);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void KeptWithAnOpenedDumpItIsTheSame(string host, int seed)
    {
        NestedGuest guest = Guest(host, seed);
        string path = _folder.Write("kept.bin", guest.Memory);
        using OpenedDump opened = OpenedDump.Open(path, new DumpOptions { RamBase = NestedGuest.RamBase });
        using MemoryDump dump = opened.Lease();
        AddressSpace first = Open(dump, guest, host);
        AddressSpace second = Open(dump, guest, host);
        Assert.Same(first.NewWalk().Memory, second.NewWalk().Memory);
        Assert.Equal(["memory of a guest"], opened.Kept);
        foreach (AddressSpace space in new[] { first, second, first })
        {
            WalkRequest request = space.NewWalk() with { Filter = MappingFilter.Parse("r!x"), IncludeAbsent = true };
            var list = new MappingList();
            WalkReport report = space.WalkKept(request, ref list);
            Assert.Equal(space.Walk(request, out WalkSummary summary), list.Items);
            Assert.Equal(space.Warnings(summary, request), report.Warnings);
        }

        Assert.Equal(["mappings of an address space", "memory of a guest"], opened.Kept);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void PageByPageEveryPageIsWhole(string host, int seed)
    {
        NestedGuest guest = Guest(host, seed);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        List<Mapping> mappings = Open(dump, guest, host).All(perPage: true);
        Assert.All(mappings, m => Assert.Equal(m.Attributes.PageSize, m.Size));
        Assert.All(mappings, m => Assert.Equal(0UL, m.VirtualAddress % m.Size));
        Assert.Equal(guest.Both(), Pages(mappings));
    }

    [Theory]
    [InlineData("ept", "w", Privilege.Any)]
    [InlineData("ept", "x!w", Privilege.Supervisor)]
    [InlineData("ept", "r--", Privilege.User)]
    [InlineData("npt", "rw", Privilege.User)]
    [InlineData("sv39x4", "", Privilege.Supervisor)]
    [InlineData("sv39x4", "x", Privilege.User)]
    public void FiltersSeeTheRightsOfBothStages(string host, string rights, Privilege privilege)
    {
        NestedGuest guest = Guest(host, 9);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        AddressSpace space = Open(dump, guest, host);
        var filter = MappingFilter.Parse(rights, privilege);
        Dictionary<ulong, NestedGuest.Piece> wanted = guest.Both().Where(p => Wanted(p.Value)).ToDictionary();
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted, Pages(space.Walk(space.NewWalk() with { Filter = filter, IncludeAbsent = true }, out _)));

        bool Wanted(NestedGuest.Piece page)
        {
            Rights have = privilege switch
            {
                Privilege.User => page.User,
                Privilege.Supervisor => page.Supervisor,
                _ => page.User | page.Supervisor,
            };
            return have != Rights.None && (have & filter.Required) == filter.Required && (have & filter.Forbidden) == 0;
        }
    }

    [Theory]
    [InlineData(0x40_3000, 0x40_7fff)]
    [InlineData(0x4008_0000, 0x4047_0000)]
    [InlineData(0xffff_ffff_ffff_f123, ulong.MaxValue)]
    public void LimitsCutWhatComesOut(ulong minimum, ulong maximum)
    {
        NestedGuest guest = Guest("ept", 3);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        AddressSpace space = Open(dump, guest, "ept");
        WalkRequest request = space.NewWalk() with { MinimumAddress = minimum, MaximumAddress = maximum };
        IEnumerable<KeyValuePair<ulong, NestedGuest.Piece>> wanted = guest.Both().Where(p =>
            p.Key >= (minimum & ~0xfffUL) && p.Key <= maximum && p.Value.Target - NestedGuest.RamBase < (ulong)guest.Memory.Length);
        Assert.Equal(wanted, Pages(space.Walk(request, out _)));
        Assert.Equal(wanted, Pages(space.Walk(request with { PerPage = true }, out _)));
    }

    [Fact]
    public void TheSinkCanStopTheWalk()
    {
        NestedGuest guest = Guest("ept", 4);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        AddressSpace space = Open(dump, guest, "ept");
        var few = new MappingList(5);
        Assert.True(space.Walk(space.NewWalk(), ref few).Stopped);
        Assert.Equal(space.All(includeAbsent: false).Take(5), few.Items);
    }

    [Theory]
    [InlineData("ept")]
    [InlineData("npt")]
    [InlineData("sv39x4")]
    public void TheBytesOfACoreAreTheHosts(string host)
    {
        NestedGuest guest = Guest(host, 7);
        using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
        Cores.Export(dump, Open(dump, guest, host), _folder.File("core"));
        using var core = new CoreImage(_folder.File("core"));
        ulong total = 0;
        foreach ((ulong address, NestedGuest.Piece page) in guest.Both())
        {
            ulong offset = page.Target - NestedGuest.RamBase;
            bool held = offset < (ulong)guest.Memory.Length;
            Assert.Equal(held ? guest.Memory[(int)offset..(int)(offset + NestedGuest.Page)] : null, core.Read(address, (int)NestedGuest.Page));
            total += held ? NestedGuest.Page : 0;
        }

        Assert.Equal(total, core.Loads.Aggregate(0UL, (sum, l) => sum + l.MemorySize));
    }

    [Fact]
    public void TablesThatShowTheSameMemoryAgainAndAgainCostNoMore()
    {
        // Each of 2^18 large pages is the same GiB, of which the dump holds a little.
        byte[] memory = new byte[16 * 4096];
        var tables = new StageTables(StageFormat.Ept, 0, () => 0, a => memory.AsMemory((int)a));
        for (ulong i = 0; i < 512; i++)
        {
            tables.Point(i << 39, 3, 0x1000);
            BitConverter.TryWriteBytes(memory.AsSpan(0x1000 + ((int)i * 8)), StageFormat.Ept.Leaf(0, Rights.Read, true, true));
        }

        using MemoryDump dump = RawDump.Open(_folder, memory);
        AddressSpace space = AddressSpace.Open(
            dump, new SpaceRequest { Root = 0x2000, Mode = "ia32e", NestedRoot = 0, NestedMode = "ept" });
        Assert.Equal(1UL << 18, (ulong)space.NewWalk().Memory.Runs.Count);
        Assert.Equal(dump.Memory.PageCount, space.NewWalk().Memory.PageCount);
        Assert.Empty(space.All());
    }

    [Theory]
    [InlineData("ia32e", 0x1000UL, "ept", 0x1000UL)]
    [InlineData("ia32e", 0x105eUL, "ept", 0x1000UL)]
    [InlineData("la57", 0x2026UL, "ept5", 0x2000UL)]
    [InlineData("sv39", 0x8000_1000_0000_0004UL, "sv39x4", 0x4000UL)]
    [InlineData("sv39", 0x9000_1000_0000_0007UL, "sv48x4", 0x4000UL)]
    [InlineData("sv57", 0xa000_0000_0000_0008UL, "sv57x4", 0x8000UL)]
    [InlineData("sv32", 0x8040_0004UL, "sv32x4", 0x4000UL)]
    public void TheHypervisorsRegisterSaysItsMode(string mode, ulong register, string nested, ulong root)
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x10000]);
        SpaceIdentity space = AddressSpace.Open(dump, new SpaceRequest { Root = 0, Mode = mode, NestedRoot = register }).Identity;
        Assert.Equal((nested, root), (space.NestedMode!.Name, space.NestedRoot!.Value));
    }

    [Fact]
    public void TheHypervisorsModeCanComeFromARegister()
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x10000]);
        var request = new SpaceRequest
        {
            Root = 0,
            Mode = "sv39",
            NestedRoot = 0x4000,
            Registers = RegisterSet.Empty.With("hgatp", 0x9000_0000_0000_0001),
        };
        Assert.Equal("sv48x4", AddressSpace.Open(dump, request).Identity.NestedMode!.Name);
    }

    [Fact]
    public void TheHostsMemorySaysNothingOfAGuestsRoot()
    {
        // As a register, the guest's root would be at 0x80000000, where the host has memory; but the host's isn't the guest's.
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x10000], NestedGuest.RamBase);
        var request = new SpaceRequest { Root = 0x8008_0000, Mode = "sv32", NestedRoot = 0x8000_4000, NestedMode = "sv32x4" };
        Assert.Equal(0x8008_0000UL, AddressSpace.Open(dump, request).Identity.Root);
    }

    [Theory]
    [InlineData("ia32e", 0x1008UL, null, "ModeRequired")]
    [InlineData("sv39", 0x4000UL, null, "ModeRequired")]
    [InlineData("sv39", 0xf000_0000_0000_0004UL, null, "ModeRequired")]
    [InlineData("ia32e", 0x1000UL, "ia32e", "NestedModeInvalid")]
    [InlineData("ia32e", 0x10_0000UL, "ept", "RootNotInDump")]
    public void AHypervisorThatCantBeFollowedIsSaid(string mode, ulong register, string? nested, string error)
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x10000]);
        Throws.Error(error, () => AddressSpace.Open(
            dump, new SpaceRequest { Root = 0, Mode = mode, NestedRoot = register, NestedMode = nested }));
    }

    private static NestedGuest Guest(string host, int seed) => host switch
    {
        "ept" => new NestedGuest(StageFormat.Ia32e, StageFormat.Ept, seed),
        "npt" => new NestedGuest(StageFormat.Ia32e, StageFormat.Npt, seed),
        _ => new NestedGuest(StageFormat.Sv39, StageFormat.Sv39x4, seed),
    };

    /// <summary>With the registers as the hypervisor loads them.</summary>
    private static AddressSpace Open(MemoryDump dump, NestedGuest guest, string host) => AddressSpace.Open(dump, new SpaceRequest
    {
        Root = guest.GuestRoot,
        Mode = host == "sv39x4" ? "sv39" : "ia32e",
        NestedRoot = host switch
        {
            "ept" => guest.HostRoot | 0x5e,
            "sv39x4" => (8UL << 60) | (5UL << 44) | (guest.HostRoot >> 12),
            _ => guest.HostRoot,
        },
        NestedMode = host == "npt" ? "npt" : null,
    });

    /// <summary>The pages of 4 KiB that mappings are made of.</summary>
    private static SortedDictionary<ulong, NestedGuest.Piece> Pages(IEnumerable<Mapping> mappings)
    {
        var pages = new SortedDictionary<ulong, NestedGuest.Piece>();
        foreach (Mapping mapping in mappings)
        {
            for (ulong offset = 0; offset < mapping.Size; offset += NestedGuest.Page)
            {
                MappingAttributes attributes = mapping.Attributes;
                pages.Add(mapping.VirtualAddress + offset, new NestedGuest.Piece(
                    mapping.PhysicalAddress + offset, attributes.User, attributes.Supervisor, attributes.PageSize));
            }
        }

        return pages;
    }
}
