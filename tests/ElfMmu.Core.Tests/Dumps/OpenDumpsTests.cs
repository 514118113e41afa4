using ElfMmu.Dumps;
using Xunit;

namespace ElfMmu.Tests.Dumps;

public sealed class OpenDumpsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public OpenDumpsTests() => File.WriteAllBytes(_path, new byte[8192]);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void AnOpenDumpIsSharedUntilItsLastLeaseIsGivenBack()
    {
        MemoryDump first = MemoryDump.Open(_path);
        MemoryDump second = first.Identity.Reopen();
        Assert.Same(first, second);
        first.Dispose();
        byte[] bytes = new byte[16];
        Assert.True(second.Memory.TryRead(0x1000, bytes));
        second.Dispose();
        using MemoryDump third = first.Identity.Reopen();
        Assert.NotSame(first, third);
        Assert.True(third.Memory.TryRead(0x1000, bytes));
    }

    [Fact]
    public void AnOtherwiseOpenedDumpIsNotShared()
    {
        using MemoryDump low = MemoryDump.Open(_path);
        using MemoryDump high = MemoryDump.Open(_path, new DumpOptions { RamBase = 0x10000 });
        using MemoryDump again = high.Identity.Reopen();
        Assert.Same(high, again);
        Assert.NotSame(low, again);
    }

    [Fact]
    public void AChangedFileIsNotSharedEither()
    {
        using MemoryDump dump = MemoryDump.Open(_path);
        File.SetLastWriteTimeUtc(_path, DateTime.UtcNow.AddHours(1));
        ElfMmuException e = Assert.Throws<ElfMmuException>(() => dump.Identity.Reopen());
        Assert.Equal("DumpChanged", e.ErrorId);
    }
}
