using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

public class FileHolesTests
{
    private const int Block = 64 << 10;
    private const int Blocks = 256;

    /// <summary>Whatever the file system answers: holes read as zeros, and the answers cover the file without standing still.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void HolesHoldZerosAndAnswersCoverTheFile(int seed, bool mapped)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "sparse.bin");
        byte[] expected = WriteSparse(path, new Random(seed));
        using DataSource source = DataSourceFactory.Open(path, mapped);
        ulong offset = 0;
        while (offset < source.Length)
        {
            bool hole = source.IsHole(offset, out ulong end);
            Assert.InRange(end, offset + 1, source.Length);
            if (hole)
            {
                Assert.False(expected.AsSpan((int)offset, (int)(end - offset)).ContainsAnyExcept((byte)0));
            }

            offset = end;
        }
    }

    [Fact]
    public void AHoleIsFoundWhereTheFileSystemKeepsHoles()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "sparse.bin");
        using (var file = new FileStream(path, FileMode.Create))
        {
            file.SetLength(64 << 20);
            file.Position = 32 << 20;
            file.WriteByte(1);
        }

        using DataSource source = DataSourceFactory.Open(path);
        Assert.True(source.IsHole(0, out ulong data));
        Assert.Equal(32u << 20, data);
        Assert.False(source.IsHole(data, out ulong end));
        Assert.InRange(end, data + 1, data + (1 << 20));
        Assert.True(source.IsHole(end, out ulong last));
        Assert.Equal(source.Length, last);
    }

    private static byte[] WriteSparse(string path, Random random)
    {
        byte[] bytes = new byte[Block * Blocks];
        using var file = new FileStream(path, FileMode.Create);
        file.SetLength(bytes.Length);
        for (int i = 0; i < Blocks; i++)
        {
            if (random.Next(3) == 0)
            {
                int start = (i * Block) + random.Next(Block - 100);
                random.NextBytes(bytes.AsSpan(start, 100));
                file.Position = start;
                file.Write(bytes, start, 100);
            }
        }

        return bytes;
    }
}
