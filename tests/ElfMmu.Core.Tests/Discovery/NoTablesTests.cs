using System.IO.Compression;
using System.Text;
using ElfMmu.Discovery;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>Files that hold no page tables: nothing in them is taken for a root, whatever mode and RAM base are thought of.</summary>
public class NoTablesTests
{
    private const int Size = 16 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void RandomBytes(int seed)
    {
        byte[] image = new byte[Size];
        new Random(seed).NextBytes(image);
        NothingIn(image);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x03)]
    [InlineData(0x07)]
    [InlineData(0x27)]
    [InlineData(0x41)]
    [InlineData(0x63)]
    [InlineData(0x67)]
    [InlineData(0xcc)]
    [InlineData(0xe7)]
    [InlineData(0xff)]
    public void OneByte(byte value)
    {
        byte[] image = new byte[Size];
        Array.Fill(image, value);
        NothingIn(image);
    }

    [Fact]
    public void Text() => NothingIn(Repeat(Encoding.UTF8.GetBytes(string.Concat(
        Directory.EnumerateFiles(Path.Combine(TestData.Folder, "..", "..", "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)))));

    [Fact]
    public void LinesOfNumbers() => NothingIn(Repeat(Encoding.UTF8.GetBytes(string.Concat(
        Enumerable.Range(0, 200_000).Select(i => $"{i:x8} {i * 4096L:x16}\n")))));

    /// <summary>Programs and libraries: their own arrays of addresses are the hardest there is.</summary>
    [Theory]
    [InlineData("/usr/bin")]
    [InlineData("/usr/lib/x86_64-linux-gnu")]
    public void Programs(string folder)
    {
        var bytes = new MemoryStream();
        var files = new DirectoryInfo(folder);
        foreach (FileInfo file in files.Exists ? files.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal) : Enumerable.Empty<FileInfo>())
        {
            if (file.LinkTarget == null && file.Length is > 4096 and < 8 << 20 && bytes.Length + file.Length < 64 << 20)
            {
                using FileStream program = file.OpenRead();
                program.CopyTo(bytes);
                bytes.SetLength((bytes.Length + 4095) & ~4095L);
                bytes.Position = bytes.Length;
            }
        }

        if (bytes.Length > 0)
        {
            // What begins as a program is refused; as a part of memory it is searched.
            byte[] image = new byte[4096 + bytes.Length];
            bytes.ToArray().CopyTo(image, 4096);
            NothingIn(image);
        }
    }

    [ToolFact("/bin/sh")]
    public void AProgramIsRefusedAsWhatItIs() =>
        Throws.Error("NotAMemoryDump", () => Searches.Find("/bin/sh"));

    /// <summary>Our own binaries, which are everywhere: a managed assembly is no memory.</summary>
    [Fact]
    public void Assemblies() => NothingIn([.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)]);

    [LinuxTheory]
    [InlineData("linux-x64-tiny", true)]
    [InlineData("linux-x64-tiny", false)]
    [InlineData("linux-arm-tiny", true)]
    [InlineData("linux-arm-tiny", false)]
    [InlineData("linux-i386-tiny-pae", true)]
    [InlineData("linux-riscv64-tiny-sv39", true)]
    [InlineData("linux-riscv64-tiny-sv39", false)]
    public void ADumpEncryptedInPlace(string name, bool tweaked)
    {
        byte[] image = File.ReadAllBytes(Path.Combine(BigDumps.Folder(name), "raw.bin"));
        Noise.Encrypt(image, tweaked);
        NothingIn(image);
    }

    [Theory]
    [InlineData("bare-x64")]
    [InlineData("bare-sv39")]
    public void ASmallDumpEncryptedInPlace(string name)
    {
        using var folder = new TempFolder();
        byte[] image = File.ReadAllBytes(Searches.Alone(folder, name, "raw.bin"));
        Noise.Encrypt(image, tweaked: true);
        NothingIn(image);
    }

    [Theory]
    [InlineData(4, 0x00000000, 1)]
    [InlineData(4, 0x00000001, 4)]
    [InlineData(4, 0x00000067, 16)]
    [InlineData(4, 0x40000000, 3)]
    [InlineData(8, 0x00000000, 1)]
    [InlineData(8, 0x00000001, 8)]
    [InlineData(8, 0x00001000, 64)]
    [InlineData(8, 0x40000003, 7)]
    public void AscendingNumbers(int size, ulong first, ulong step) => NothingIn(Noise.Numbers(Size, size, i => first + ((ulong)i * step)));

    [Theory]
    [InlineData(0xffff888000000000, 64)]
    [InlineData(0xffff888000000000, 4096)]
    [InlineData(0xffffffff81000000, 16)]
    [InlineData(0x00007f1234567000, 8)]
    [InlineData(0x0000555555554000, 4096)]
    [InlineData(0xffffffd800000000, 8)]
    [InlineData(0xffff800008000000, 32)]
    public void Pointers(ulong first, int granularity)
    {
        var random = new Random(7);
        NothingIn(Noise.Numbers(Size, 8, _ => first + ((ulong)random.Next(Size / granularity) * (ulong)granularity)));
    }

    [Theory]
    [InlineData(0xc0000000, 4)]
    [InlineData(0xc0000000, 4096)]
    [InlineData(0x08048000, 16)]
    public void Pointers32(ulong first, int granularity)
    {
        var random = new Random(8);
        NothingIn(Noise.Numbers(Size, 4, _ => first + ((ulong)random.Next(Size / granularity) * (ulong)granularity)));
    }

    /// <summary>Frame numbers and addresses of frames in an order by chance: what a free list or a bitmap of pages looks like.</summary>
    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 12)]
    [InlineData(4, 0)]
    [InlineData(4, 12)]
    public void FramesByChance(int size, int shift)
    {
        var random = new Random(9);
        NothingIn(Noise.Numbers(Size, size, _ => (ulong)random.Next(Size / 4096) << shift));
    }

    [Fact]
    public void AnArchive()
    {
        var packed = new MemoryStream();
        var random = new Random(10);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            while (packed.Length < Size)
            {
                gzip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(_ => $"line {random.Next(100000)}\n"))));
            }
        }

        // Without the first bytes: else it would be unpacked, and what is inside is another file.
        NothingIn(packed.ToArray().AsSpan(16));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void APicture(int bytesPerPixel) => NothingIn(Noise.Picture(2048, 2048, bytesPerPixel));

    [Fact]
    public void APageAloneAndNoPageAtAll()
    {
        foreach (int size in new[] { 1, 100, 4095, 4096, 8192, 65536 })
        {
            byte[] image = new byte[size];
            new Random(size).NextBytes(image);
            NothingIn(image);
        }
    }

    private static byte[] Repeat(byte[] piece)
    {
        byte[] image = new byte[Size];
        for (int done = 0; done < Size; done += piece.Length)
        {
            piece.AsSpan(0, Math.Min(piece.Length, Size - done)).CopyTo(image.AsSpan(done));
        }

        return image;
    }

    private static void NothingIn(ReadOnlySpan<byte> image)
    {
        RootSearch search = Searches.Find(image);
        Assert.True(search.Best == null, "Roots where there are none:" + Searches.Lines(search.Above().Take(5)));
        Assert.Empty(search.Near);
        Assert.Empty(Searches.Find(image, ramBase: 0x4000_0000).Above());
    }
}
