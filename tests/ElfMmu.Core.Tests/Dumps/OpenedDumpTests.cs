using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>A dump that is kept open: who may use it, and for how long.</summary>
public sealed class OpenedDumpTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public OpenedDumpTests() => _path = _folder.Write("dump.bin", RawDump.Pages(8));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ALeaseOutlivesTheClosing()
    {
        using OpenedDump opened = OpenedDump.Open(_path);
        byte[] bytes = new byte[16];
        using (MemoryDump lease = opened.Lease())
        {
            opened.Dispose();
            Assert.True(opened.IsClosed);
            Assert.True(lease.Memory.TryRead(0x1000, bytes));
            Assert.Equal(RawDump.Pages(8)[0x1000..0x1010], bytes);
        }

        opened.Dispose();
        Assert.Equal(_path, Throws.Error("DumpClosed", () => opened.Lease()).Path);
    }

    [Fact]
    public void AfterTheLastLeaseReadingIsAnException()
    {
        OpenedDump opened = OpenedDump.Open(_path);
        MemoryDump dump = opened.Lease();
        dump.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => dump.Memory.TryRead(0x1000, new byte[16]));
    }

    [Fact]
    public void AFileThatChangedIsRefused()
    {
        using OpenedDump opened = OpenedDump.Open(_path);
        opened.Lease().Dispose();
        DateTime before = File.GetLastWriteTimeUtc(_path);
        File.SetLastWriteTimeUtc(_path, before.AddSeconds(1));
        Throws.Error("DumpChanged", () => opened.Lease());
        File.SetLastWriteTimeUtc(_path, before);
        opened.Lease().Dispose();
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(_path);
            Throws.Error("FileNotFound", () => opened.Lease());
        }
    }

    [Fact]
    public void OpenedTwiceItIsSharedUntilBothAreClosed()
    {
        using OpenedDump first = OpenedDump.Open(_path);
        using OpenedDump second = OpenedDump.Open(_path);
        using OpenedDump other = OpenedDump.Open(_path, new DumpOptions { RamBase = 0x10000 });
        using MemoryDump lease = first.Lease();
        using (MemoryDump same = second.Lease())
        {
            Assert.Same(lease, same);
        }

        using (MemoryDump placed = other.Lease())
        {
            Assert.NotSame(lease, placed);
        }

        first.Dispose();
        Assert.True(first.IsClosed);
        Assert.False(second.IsClosed);
        second.Lease().Dispose();
    }

    [Fact]
    public void ThePlacesItIsAskedForStayOpenWithIt()
    {
        DumpIdentity placed = DumpIdentity.Of(_path, new DumpOptions { RamBase = 0x10000 });
        MemoryDump first;
        using (OpenedDump.Open(_path))
        {
            first = placed.Reopen();
            first.Dispose();
            using MemoryDump second = placed.Reopen();
            Assert.Same(first, second);
        }

        Assert.True(first.IsClosed);
        using MemoryDump alone = placed.Reopen();
        Assert.NotSame(first, alone);
        Assert.False(alone.IsKept);
    }

    [Fact]
    public void WhatASearchSaysOfAPlaceLetsNobodyKeepTheFileOpen()
    {
        // One is kept, the other beside it, and a search of that one says that its roots are in the first.
        OpenedDump opened = OpenedDump.Open(_path, new DumpOptions { RamBase = 0x10000 });
        MemoryDump bare = DumpIdentity.Of(_path, new DumpOptions()).Reopen();
        MemoryDump placed;
        using (var source = SpaceSource.Open(bare, new SpaceRequest(), (dump, _, _) => new RootSearch { Dump = dump.Identity, Roots = [Root()] }))
        {
            placed = source.Dump;
            Assert.Equal(opened.Identity, placed.Identity);
        }

        Assert.False(bare.IsClosed);
        opened.Dispose();
        Assert.True(placed.IsClosed);
        Assert.True(bare.IsClosed);

        PageTableRoot Root() => new()
        {
            Dump = opened.Identity, Mode = PagingModes.Get("ia32e"), Root = 0x11000, RamBase = 0x10000, Score = 1,
        };
    }

    [Fact]
    public void AGuestsMemoryIsClosedWithTheDump()
    {
        MemoryDump dump = RawDump.Open(_folder, HostileTables.Memory(), name: "guest.bin");
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest
        {
            Root = HostileTables.GuestRoot, Mode = "ia32e", NestedRoot = HostileTables.SmallRoot, NestedMode = "npt",
        });
        var list = new MappingList(1);
        WalkRequest request = space.NewWalk();
        space.Walk(request, ref list);
        Assert.Single(list.Items);
        Assert.True(IsInPlace(request));
        dump.Dispose();
        Assert.False(IsInPlace(request));
        Assert.Throws<ObjectDisposedException>(() => space.Walk(request, ref list));
    }

    [Fact]
    public void TheSameImageAtAnotherPlaceIsUnpackedOnce()
    {
        byte[] pages = RawDump.Pages(8);
        string packed = _folder.Write("packed.bin.gz", SmallMachine.Pack(pages));
        using MemoryDump low = MemoryDump.Open(packed);
        DumpIdentity identity = DumpIdentity.Of(packed, new DumpOptions { RamBase = 0x10000 });
        using MemoryDump high = identity.Reopen();
        using MemoryDump higher = (identity with { RamBase = 0x20000 }).Reopen();
        Assert.NotSame(low, high);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(Mapped(low), Mapped(high));
            Assert.Equal(Mapped(low), Mapped(higher));
        }

        // Each is closed by itself, and the last one lets the file go.
        byte[] bytes = new byte[16];
        low.Dispose();
        Assert.Throws<ObjectDisposedException>(() => low.Memory.TryRead(0x1000, bytes));
        higher.Dispose();
        Assert.True(high.Memory.TryRead(0x11000, bytes));
        Assert.Equal(pages[0x1000..0x1010], bytes);
        high.Dispose();
        Assert.Throws<ObjectDisposedException>(() => high.Memory.TryRead(0x11000, bytes));

        // What is wrong with a place costs the others nothing.
        using MemoryDump again = MemoryDump.Open(packed);
        Throws.Error("RamBaseInvalid", () => (identity with { RamBase = ulong.MaxValue - 0xfff }).Reopen());
        Assert.True(again.Memory.TryRead(0x1000, bytes));
    }

    [Fact]
    public void WhatIsKeptIsSaidAndGivenUp()
    {
        string path = _folder.Write("machine.elf", new SmallMachine("ia32e").Elf(ElfMmu.Elf.ElfClass.Elf64, ElfMmu.Elf.ElfData.LittleEndian));
        using OpenedDump opened = OpenedDump.Open(path);
        Assert.Empty(opened.Kept);
        WeakReference map = KeepTwo(opened);
        Assert.Equal(["mappings of 2 address spaces"], opened.Kept);
        opened.Dispose();
        Assert.Empty(opened.Kept);
        GC.Collect();
        Assert.False(map.IsAlive);
        GC.KeepAlive(opened);
    }

    [Fact]
    public async Task ClosedInOneThreadItIsReadToTheEndInOthers()
    {
        for (int round = 0; round < 50; round++)
        {
            OpenedDump opened = OpenedDump.Open(_path);
            using var start = new Barrier(5);
            Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                byte[] bytes = new byte[4096];
                for (int turn = 0; turn < 100; turn++)
                {
                    try
                    {
                        using MemoryDump dump = opened.Lease();
                        Assert.True(dump.Memory.TryRead(0x2000, bytes));
                    }
                    catch (ElfMmuException e)
                    {
                        Assert.Equal("DumpClosed", e.ErrorId);
                        Assert.True(opened.IsClosed);
                    }
                }
            }))];
            start.SignalAndWait();
            opened.Dispose();
            await Task.WhenAll(readers);
            Throws.Error("DumpClosed", () => opened.Lease());
        }
    }

    private static unsafe bool IsInPlace(WalkRequest request)
    {
        int hint = 0;
        return request.Memory.InPlace(HostileTables.GuestRoot, 8, ref hint) != null;
    }

    private static unsafe nint Mapped(MemoryDump dump) => (nint)dump.Memory.Runs[0].Source.Pointer;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference KeepTwo(OpenedDump opened)
    {
        using MemoryDump dump = opened.Lease();
        AddressSpace space = dump.Space();
        SpaceMap map = SpaceCache.Of(dump).Map(space, default);
        Assert.Same(map, SpaceCache.Of(dump).Map(space, default));
        SpaceCache.Of(dump).Map(dump.Space(SmallMachine.RamBase + 0x1000, "ia32e"), default);
        return new WeakReference(map);
    }
}
