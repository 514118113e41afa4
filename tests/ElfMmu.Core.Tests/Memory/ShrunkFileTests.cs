using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

public class ShrunkFileTests
{
    [ToolFact("truncate")]
    public void AMappedFileThatShrinksHasNoHoleBehindItsEnd() => Check(mapped: true);

    [ToolFact("truncate")]
    public void NorHasOneReadBySystemCalls() => Check(mapped: false);

    /// <summary>Behind the end of a file there is no data either, but that is no hole: its zeros would be invented.</summary>
    private static void Check(bool mapped)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "dump.bin");
        byte[] bytes = new byte[4 << 20];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        using DataSource source = DataSourceFactory.Open(path, mapped);
        Assert.Equal(0, Tools.Run("truncate", "-s", "1M", path).ExitCode);
        ElfMmuException e = Assert.Throws<ElfMmuException>(() => source.IsHole(2 << 20, out _));
        Assert.Equal("ReadFailed", e.ErrorId);
    }
}
