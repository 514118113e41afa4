using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What small hostile dumps map without end isn't kept without end.</summary>
[Collection(Alone.Name)]
public sealed class SpaceLimitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AMapEndsAtTheLimit()
    {
        using MemoryDump dump = RawDump.Open(_folder, HostileTables.Memory());
        AddressSpace space = dump.Space(HostileTables.Root, "ia32e");
        ElfMmuException e = Throws.Error("SpaceTooLarge", () => SpaceCache.Of(dump).Map(space, default));
        Assert.Equal((ErrorKind.LimitsExceeded, dump.Identity.Path), (e.Kind, e.Path));
        Assert.Contains("0x2000 (ia32e)", e.Message, StringComparison.Ordinal);
        Assert.Contains("8388608", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGuestsMapEndsAtTheLimit()
    {
        // 2^27 large pages of 512 pieces each.
        using MemoryDump dump = RawDump.Open(_folder, HostileTables.Memory());
        var request = new SpaceRequest
        {
            Root = HostileTables.GuestRoot, Mode = "ia32e", NestedRoot = HostileTables.SmallRoot, NestedMode = "npt",
        };
        var space = AddressSpace.Open(dump, request);
        Throws.Error("SpaceTooLarge", () => SpaceCache.Of(dump).Map(space, default));
    }

    [Fact]
    public void AGuestsMemoryEndsAtTheLimit()
    {
        using MemoryDump dump = RawDump.Open(_folder, HostileTables.Memory());
        var request = new SpaceRequest
        {
            Root = HostileTables.GuestRoot, Mode = "ia32e", NestedRoot = HostileTables.Root, NestedMode = "npt",
        };
        ElfMmuException e = Throws.Error("SpaceTooLarge", () => AddressSpace.Open(dump, request));
        Assert.Contains("0x2000 (npt)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AListGoesOnAndIsntKept()
    {
        using OpenedDump opened = OpenedDump.Open(_folder.Write("dump.bin", HostileTables.Memory()), new DumpOptions { RamBase = 0 });
        using MemoryDump dump = opened.Lease();
        AddressSpace space = dump.Space(HostileTables.Root, "ia32e");
        var sink = new CountingSink();
        space.WalkKept(space.NewWalk() with { IncludeAbsent = true }, ref sink);
        Assert.True(sink.Count > SpaceMap.MostMappings, $"{sink.Count} mappings");
        Assert.Empty(opened.Kept);
    }
}
