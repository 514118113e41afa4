using System.Buffers.Binary;

namespace ElfMmu.Cli.Tests;

/// <summary>
/// Limits with a tag where AArch64 ignores the top byte: each command does with them what it does without. The first of two spaces maps
/// 0x0000 to 0x3fff, the second one nothing.
/// </summary>
public sealed class TaggedLimitsTests : IDisposable
{
    private const string Plain = "0x1000";
    private const string Tagged = "0xaa00000000001000";
    private const string PlainMaximum = "0x2fff";
    private const string TaggedMaximum = "0xbb00000000002fff";

    // T0SZ and T1SZ 16, EPD1, TBI0.
    private const string Control = "0x2000900010";

    private readonly string _folder = Directory.CreateTempSubdirectory("elfmmu-cli-").FullName;
    private readonly string _dump;

    public TaggedLimitsTests()
    {
        byte[] memory = new byte[0xc000];
        void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(at), value);
        Put(0x1000, 0x2000 | 3);
        Put(0x2000, 0x3000 | 3);
        Put(0x3000, 0x4000 | 3);
        for (int i = 0; i < 4; i++)
        {
            Put(0x4000 + (i * 8), (0x8000 + ((ulong)i << 12)) | 0x743);
            "needle"u8.CopyTo(memory.AsSpan(0x8100 + (i << 12)));
        }

        // The MS-DOS stub and the PE signature 64 bytes on are header enough to be listed.
        byte[] header = new byte[0x200];
        "MZ"u8.CopyTo(header);
        header[0x3c] = 0x40;
        "PE\0\0"u8.CopyTo(header.AsSpan(0x40));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x44), 0xaa64);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x54), 240);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x58), 0x20b);
        foreach (int page in (int[])[0x8000, 0x9000, 0xb000])
        {
            header.AsSpan(0, 0x100).CopyTo(memory.AsSpan(page));
        }

        _dump = Path.Combine(_folder, "arm.raw");
        File.WriteAllBytes(_dump, memory);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("search", "--text", "needle")]
    [InlineData("images", "--all")]
    [InlineData("diff", "--other-root", "0x5000")]
    [InlineData("map")]
    public void Lists_are_the_same(string command, params string[] more)
    {
        string plain = List(Plain, PlainMaximum);
        Assert.Contains("0x1", plain, StringComparison.Ordinal);
        Assert.NotEqual(List("0", PlainMaximum), plain);
        Assert.Equal(plain, List(Tagged, TaggedMaximum));
        Assert.Equal(plain, List(Plain, TaggedMaximum));

        string List(string minimum, string maximum)
        {
            string[] limits = ["--minimum-address", minimum, "--maximum-address", maximum, "--format", "csv"];
            CliRun run = Run([command, _dump, .. more, .. limits]);
            Assert.Equal(0, run.Code);
            return run.Output;
        }
    }

    [Theory]
    [InlineData("--range", "0x1000-0x2100", "0xaa00000000001000-0xaa00000000002100")]
    [InlineData("--image", Plain, Tagged)]
    public void So_are_cores(string option, string plain, string tagged)
    {
        byte[] core = Export("plain.core", plain, Plain, PlainMaximum);
        Assert.Equal(core, Export("tagged.core", tagged, Tagged, TaggedMaximum));
        Assert.Equal(core, Export("mixed.core", plain, Tagged, PlainMaximum.Replace("0x", "0xff0000000000", StringComparison.Ordinal)));

        byte[] Export(string name, string what, string minimum, string maximum)
        {
            string path = Path.Combine(_folder, name);
            Assert.Equal(
                0,
                Run(["export", _dump, path, option, what, "--minimum-address", minimum, "--maximum-address", maximum]).Code);
            return File.ReadAllBytes(path);
        }
    }

    private static CliRun Run(string[] args) => CliRun.Of([.. args, "--root", "0x1000", "--mode", "aarch64-4k", "--tcr", Control]);
}
