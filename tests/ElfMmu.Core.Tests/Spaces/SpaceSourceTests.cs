using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>When a dump is searched for its address spaces, and what is made of the outcome.</summary>
public sealed class SpaceSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsKnownIsNotSearchedFor(bool given)
    {
        MemoryDump dump = given
            ? Raw(SmallMachine.RamBase)
            : MemoryDump.Open(_folder.Write("elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        var request = given ? new SpaceRequest { Root = SmallMachine.RamBase, Mode = "ia32e" } : new SpaceRequest();
        using SpaceSource source = SpaceSource.Open(dump, request, Refuse);
        Assert.Null(source.Search);
        Assert.Same(dump, source.Dump);
        Assert.Empty(source.Warnings);
        AddressSpace space = source.OpenSpace(Assert.Single(source.Requests));
        Assert.Equal(SmallMachine.RamBase, space.Identity.Root);
        Assert.DoesNotContain("found", space.Origin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("ia32e", "ia32e")]
    [InlineData("arm64", "aarch64-4k aarch64-16k aarch64-64k")]
    public void OnlyTheModesOfTheNameGivenAreLookedFor(string? mode, string looked)
    {
        string? modes = null;
        Throws.Error("RootNotFound", () => SpaceSource.Open(Raw(0), new SpaceRequest { Mode = mode }, (dump, options, _) =>
        {
            modes = options.Modes == null ? "" : string.Join(' ', options.Modes.Select(m => m.Name));
            return Search(dump.Identity);
        }));
        Assert.Equal(looked, modes);
    }

    [Fact]
    public void OfAFamilyOnlyTheMachinesModesAreLookedFor()
    {
        string yaml = _folder.Write("machine.yaml", "cpu:\n  architecture: arm\nmmu:\n  mode: long\n"u8.ToArray());
        MemoryDump dump = MemoryDump.Open(_folder.Write("ram.bin", _machine.Memory), new DumpOptions { MachinePath = yaml });
        IReadOnlyList<PagingMode>? modes = null;
        Throws.Error("RootNotFound", () => SpaceSource.Open(dump, new SpaceRequest(), (searched, options, _) =>
        {
            modes = options.Modes;
            return Search(searched.Identity);
        }));
        Assert.Equal("arm-lpae", Assert.Single(modes!).Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x64")]
    public void TheBestOneIsTakenAndItsReasonsAreSaid(string? mode)
    {
        MemoryDump dump = Raw(SmallMachine.RamBase);
        PageTableRoot best = Root(dump.Identity, SmallMachine.RamBase, 0.875) with { Reasons = ["it maps", "it fits"], Doubts = ["it is small"] };
        using SpaceSource source = SpaceSource.Open(
            dump, new SpaceRequest { Mode = mode }, (_, _, _) => Search(dump.Identity, best, Root(dump.Identity, 0x105000, 0.5)));
        AddressSpace space = source.OpenSpace(Assert.Single(source.Requests));
        Assert.Equal(new SpaceIdentity(dump.Identity, PagingModes.Get("ia32e"), SmallMachine.RamBase), space.Identity);
        Assert.Equal("Mode ia32e as found; root 0x100000 as found, with a score of 0.875.", space.Origin);
        string reasons = Assert.Single(source.Remarks);
        Assert.Contains("0x100000 (ia32e) with a score of 0.875, of 2 candidates: it maps; it fits.", reasons, StringComparison.Ordinal);
        Assert.Contains("Doubtful: it is small.", reasons, StringComparison.Ordinal);
        Assert.Empty(source.Warnings);
    }

    [Theory]
    [InlineData(2, "0x101000 (ia32e, 0.88), 0x102000 (ia32e, 0.86). ")]
    [InlineData(7, "0x105000 (ia32e, 0.8) and 2 more. ")]
    public void OthersThatAreNearAreNamed(int near, string named)
    {
        MemoryDump dump = Raw(SmallMachine.RamBase);
        double[] scores = [0.9, 0.88, 0.86, 0.84, 0.82, 0.8, 0.8, 0.8];
        IEnumerable<PageTableRoot> roots = scores.Take(near + 1)
            .Select((score, i) => Root(dump.Identity, SmallMachine.RamBase + ((ulong)i * 0x1000), score));
        using SpaceSource source = SpaceSource.Open(
            dump, new SpaceRequest(), (_, _, _) => Search(dump.Identity, [.. roots, Root(dump.Identity, 0x10f000, 0.79)]));
        string warning = Assert.Single(source.Warnings);
        Assert.Contains("Root 0x100000 (ia32e, score 0.9)", warning, StringComparison.Ordinal);
        Assert.Contains(named, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("0x106000", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("0x10f000", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void ARamBaseThatWasInferredOpensTheDumpAgain()
    {
        MemoryDump dump = Raw(null);
        DumpIdentity moved = dump.Identity with { RamBase = SmallMachine.RamBase };
        SpaceSource source = SpaceSource.Open(
            dump, new SpaceRequest(), (_, _, _) => Search(moved, Root(moved, SmallMachine.RamBase, 0.9)) with { Remarks = ["It moved."] });
        Assert.True(dump.IsClosed);
        Assert.Equal(moved, source.Dump.Identity);
        Assert.Equal("It moved.", source.Remarks[0]);
        AddressSpace space = source.OpenSpace(source.Requests[0]);
        Assert.Equal(moved, space.Identity.Dump);
        Assert.Equal(4, space.All().Count);
        source.Dispose();
        Assert.True(source.Dump.IsClosed);
    }

    [Fact]
    public void AllAreThoseThatReachTheThreshold()
    {
        // The registers name a root, which doesn't count here.
        MemoryDump dump = MemoryDump.Open(_folder.Write("elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        PageTableRoot[] roots =
        [
            Root(dump.Identity, 0x101000, 0.9), Root(dump.Identity, 0x102000, 0.85), Root(dump.Identity, 0x103000, 0.5),
            Root(dump.Identity, 0x104000, 0.49),
        ];
        using SpaceSource source = SpaceSource.OpenAll(dump, new SpaceRequest(), (_, _, _) => Search(dump.Identity, roots));
        Assert.Equal([0x101000, 0x102000, 0x103000], source.Requests.Select(r => source.OpenSpace(r).Identity.Root));
        Assert.Equal(3, source.Remarks.Count);
        Assert.Empty(source.Warnings);
    }

    [Fact]
    public void WhatCannotBeSearchedForIsAskedFor()
    {
        MemoryDump dump = Raw(0);
        Throws.Error("RootUnknown", () => SpaceSource.Open(
            dump,
            new SpaceRequest { Mode = "ppc32" },
            (_, _, _) => throw new ElfMmuException("ModeNotSearchable", ErrorKind.NotSupported, "It can't.")));
        Assert.True(dump.IsClosed);
    }

    [Fact]
    public void AllCannotBeOne()
    {
        SpaceRequest[] requests =
        [
            new() { Root = 1 }, new() { Root1 = 1 }, new() { Cpu = 0 }, new() { NestedRoot = 1 },
        ];
        foreach (SpaceRequest request in requests)
        {
            MemoryDump dump = Raw(0);
            Throws.Error("RootConflict", () => SpaceSource.OpenAll(dump, request, Refuse));
            Assert.True(dump.IsClosed);
        }

        Throws.Error("ModeUnknown", () => SpaceSource.OpenAll(Raw(0), new SpaceRequest { Mode = "vax" }, Refuse));
    }

    [Fact]
    public void WhatNamesACertainSpaceIsNotSearchedFor()
    {
        Throws.Error("ModeRequired", () => SpaceSource.Open(Raw(0), new SpaceRequest { Root = 0x1000 }, Refuse));
        Throws.Error("RootUnknown", () => SpaceSource.Open(Raw(0), new SpaceRequest { Root1 = 0x1000 }, Refuse));
        Throws.Error("CpuUnknown", () => SpaceSource.Open(Raw(0), new SpaceRequest { Cpu = 0 }, Refuse));
        Throws.Error("RootUnknown", () => SpaceSource.Open(Raw(0), new SpaceRequest { NestedRoot = 0x1000 }, Refuse));
    }

    [Fact]
    public void NothingFoundSaysWhatCameClosestAndClosesTheDump()
    {
        MemoryDump dump = Raw(0);
        ElfMmuException e = Throws.Error("RootNotFound", () => SpaceSource.Open(
            dump,
            new SpaceRequest { Mode = "sv39" },
            (_, _, _) => Search(dump.Identity, Root(dump.Identity, 0x3000, 0.31), Root(dump.Identity, 0x4000, 0.2))));
        Assert.Equal(ErrorKind.NotFound, e.Kind);
        Assert.Equal(dump.Identity.Path, e.Path);
        Assert.Contains("page tables of sv39: 2 candidates score less than 0.5; the best one, 0x3000 (ia32e), scores 0.31.", e.Message, StringComparison.Ordinal);
        Assert.True(dump.IsClosed);
    }

    [Fact]
    public void ACancelledSearchClosesTheDump()
    {
        MemoryDump dump = Raw(0);
        Assert.Throws<OperationCanceledException>(
            () => SpaceSource.Open(dump, new SpaceRequest(), (_, _, _) => throw new OperationCanceledException()));
        Assert.True(dump.IsClosed);
    }

    private static PageTableRoot Root(DumpIdentity dump, ulong root, double score) => new()
    {
        Dump = dump,
        Mode = PagingModes.Get("ia32e"),
        Root = root,
        RamBase = dump.RamBase ?? 0,
        Score = score,
    };

    private static RootSearch Search(DumpIdentity dump, params PageTableRoot[] roots) => new() { Dump = dump, Roots = roots };

    private static RootSearch Refuse(MemoryDump dump, RootSearchOptions options, CancellationToken cancellation) =>
        throw new InvalidOperationException("Nothing had to be searched.");

    private MemoryDump Raw(ulong? ramBase) =>
        MemoryDump.Open(_folder.Write("raw.bin", _machine.Memory), new DumpOptions { RamBase = ramBase });
}
