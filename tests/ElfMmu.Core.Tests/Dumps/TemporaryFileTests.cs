using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>What unpacking leaves in the temporary folder: nothing.</summary>
[Collection(Alone.Name)]
public sealed class TemporaryFileTests : IDisposable
{
    private const string Variable = "TMPDIR";

    private readonly TempFolder _folder = new();
    private readonly TempFolder _temporary = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public TemporaryFileTests() => Environment.SetEnvironmentVariable(Variable, _temporary.Path);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        if (OperatingSystem.IsWindows())
        {
            // The temporary folder is named otherwise there.
            return;
        }

        byte[] packed = SmallMachine.Pack(RawDump.Pages(8));
        using (MemoryDump.Open(_folder.Write("good", packed)))
        {
            // It has no name from the start: nothing stays behind when the process is killed.
            Assert.Empty(Directory.GetFiles(_temporary.Path));
            Assert.True(!OperatingSystem.IsLinux() || File.ReadAllText("/proc/self/maps").Contains(_temporary.Path, StringComparison.Ordinal));
        }

        Assert.Empty(Directory.GetFiles(_temporary.Path));
        Throws.Error("GzipDamaged", () => MemoryDump.Open(_folder.Write("bad", packed[..^100])));
        Throws.Error("DumpEmpty", () => MemoryDump.Open(_folder.Write("empty", SmallMachine.Pack([]))));
        Assert.Empty(Directory.GetFiles(_temporary.Path));

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => MemoryDump.Open(_folder.File("good"), cancellation: cancelled.Token));
        Assert.Empty(Directory.GetFiles(_temporary.Path));
    }

    [Fact]
    public void AFolderThatCantBeWrittenIsSaid()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, _temporary.File("none"));
        Throws.Error("TemporaryFileFailed", () => MemoryDump.Open(_folder.Write("good", SmallMachine.Pack(RawDump.Pages(2)))));
    }

    [Fact]
    public void AFolderWithoutTheRightToWriteIsSaid()
    {
        // Nobody may make a file there, not even root.
        if (!Directory.Exists("/sys/kernel"))
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, "/sys/kernel");
        ElfMmuException error = Throws.Error("TemporaryFileFailed", () => MemoryDump.Open(_folder.Write("good", SmallMachine.Pack(RawDump.Pages(2)))));
        Assert.Contains(Variable, error.Message, StringComparison.Ordinal);
    }
}
