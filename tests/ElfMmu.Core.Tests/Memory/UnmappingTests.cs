using System.Runtime.CompilerServices;
using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

/// <summary>What nobody closes is let go when nothing leads to it any more, and never before.</summary>
[Collection(Alone.Name)]
public sealed class UnmappingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AForgottenDumpIsUnmapped(bool packed)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        byte[] bytes = RawDump.Pages(8);
        string path = _folder.Write("forgotten.bin", packed ? SmallMachine.Pack(bytes) : bytes);
        string name = packed ? "elfmmu-" : "forgotten.bin";
        (int maps, int files) = Held(name);
        OpenAndForget(path, name, maps + 1, files + 1);
        Collect();
        Assert.Equal((maps, files), Held(name));
    }

    [Fact]
    public void ADumpInUseStays()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string path = _folder.Write("used.bin", RawDump.Pages(8));
        using (MemoryDump lease = LeaseAndForgetTheRest(path))
        {
            Collect();
            Assert.Equal((1, 1), Held("used.bin"));
            Assert.True(lease.Memory.TryRead(0x1000, new byte[16]));
        }

        Assert.Equal((0, 0), Held("used.bin"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenAndForget(string path, string name, int maps, int files)
    {
        OpenedDump opened = OpenedDump.Open(path);
        using (MemoryDump lease = opened.Lease())
        {
            Assert.Equal((maps, files), Held(name));
        }

        GC.KeepAlive(opened);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MemoryDump LeaseAndForgetTheRest(string path)
    {
        using OpenedDump opened = OpenedDump.Open(path);
        return opened.Lease();
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>How often a file is mapped, and how often it is open.</summary>
    private static (int Maps, int Files) Held(string name) => (
        File.ReadAllLines("/proc/self/maps").Count(l => l.Contains(name, StringComparison.Ordinal)),
        Directory.GetFiles("/proc/self/fd").Count(f => Target(f).Contains(name, StringComparison.Ordinal)));

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
