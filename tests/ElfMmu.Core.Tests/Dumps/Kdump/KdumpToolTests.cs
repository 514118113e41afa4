using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Kdump;

/// <summary>Files that makedumpfile and QEMU wrote, beside the plain dump they come from; and what libkdumpfile reads out of them.</summary>
public sealed class KdumpToolTests : IDisposable
{
    private const ulong Size = 0x40_0000;

    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [ToolTheory("makedumpfile")]
    [InlineData("plain", null)]
    [InlineData("-c", "zlib")]
    [ToolInlineData("makedumpfile lzo", "-l", "lzo")]
    [ToolInlineData("makedumpfile snappy", "-p", "snappy")]
    [ToolInlineData("makedumpfile zstd", "-z", "zstd")]
    [InlineData("-F -c", "zlib")]
    [ToolInlineData("makedumpfile lzo", "-F -l", "lzo")]
    [InlineData("-E", null)]
    [InlineData("-F -E", null)]
    [InlineData("--split -c", "zlib")]
    public void What_makedumpfile_wrote_is_the_dump_it_was_made_of(string options, string? compression)
    {
        string plain = _folder.Write("plain.elf", Plain());
        string made = Make(options, plain);
        using MemoryDump one = MemoryDump.Open(plain);
        using MemoryDump other = MemoryDump.Open(made);
        AssertSame(one, other);
        Assert.Equal(compression, other.Facts.Compression);
        Assert.Empty(other.Warnings);
        if (!options.Contains("-E", StringComparison.Ordinal))
        {
            Assert.StartsWith("kdump-compressed dump", other.Container, StringComparison.Ordinal);
        }
    }

    [ToolTheory("makedumpfile", "kdumpfile")]
    [InlineData("plain")]
    [InlineData("-c")]
    [ToolInlineData("makedumpfile lzo", "-l")]
    [ToolInlineData("makedumpfile snappy", "-p")]
    [ToolInlineData("makedumpfile zstd", "-z")]
    public void Libkdumpfile_reads_the_same_bytes(string options)
    {
        const string Script = """
            import sys
            import kdumpfile
            dump = kdumpfile.kdumpfile(sys.argv[1])
            with open(sys.argv[2], 'wb') as out:
                for address in range(int(sys.argv[3]), int(sys.argv[4]), 4096):
                    out.write(dump.read(kdumpfile.KDUMP_MACHPHYSADDR, address, 4096))
            """;
        string plain = _folder.Write("plain.elf", Plain());
        string made = Make(options, plain);
        string bytes = _folder.File("bytes");
        ToolResult read = Tools.Run(Tools.KdumpPython!, "-c", Script, made, bytes, $"{SmallMachine.RamBase}", $"{SmallMachine.RamBase + Size}");
        Assert.True(read.ExitCode == 0, read.Errors);
        using MemoryDump dump = MemoryDump.Open(made);
        byte[] ours = new byte[Size];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, ours));
        Assert.True(ours.AsSpan().SequenceEqual(File.ReadAllBytes(bytes)));
    }

    [Fact]
    public void What_qemu_wrote_is_the_memory_of_its_guest()
    {
        using var bare = new DumpFolder("bare-x64");
        string packed = TestData.Path("containers", "qemu-kdump-zlib.gz");
        using MemoryDump dump = MemoryDump.Open(packed);
        Assert.Equal("kdump-compressed dump", dump.Container);
        Assert.Equal("gzip, zlib", dump.Facts.Compression);
        Assert.Contains(dump.Remarks, r => r.Contains("flattened", StringComparison.Ordinal));
        Assert.Single(dump.Machine.Cpus);
        Assert.NotNull(dump.Machine.Cpus[0]["cr3"]);
        byte[] raw = File.ReadAllBytes(bare.File("raw.bin"));
        byte[] ours = new byte[raw.Length];
        Assert.True(dump.Memory.TryRead(0, ours));
        Assert.True(raw.AsSpan().SequenceEqual(ours));

        // Its guest had the memory of the bare one, so that its tables are there too; the two only differ in their firmware.
        using MemoryDump plain = MemoryDump.Open(bare.File("phys.elf"));
        SpaceIdentity space = AddressSpace.Open(plain, new SpaceRequest()).Identity;
        var request = new SpaceRequest { Root = space.Root, Mode = space.Mode.Name };
        List<string> mappings = Walk(plain, request, (ulong)raw.Length);
        Assert.NotEmpty(mappings);
        Assert.Equal(mappings, Walk(dump, request, (ulong)raw.Length));
    }

    private static void AssertSame(MemoryDump one, MemoryDump other)
    {
        byte[] ours = new byte[Size];
        byte[] theirs = new byte[Size];
        Assert.True(one.Memory.TryRead(SmallMachine.RamBase, ours));
        Assert.True(other.Memory.TryRead(SmallMachine.RamBase, theirs));
        Assert.True(ours.AsSpan().SequenceEqual(theirs));
        List<string> mappings = Walk(one, new SpaceRequest());
        Assert.NotEmpty(mappings);
        Assert.Equal(mappings, Walk(other, new SpaceRequest()));
    }

    private static List<string> Walk(MemoryDump dump, SpaceRequest request, ulong end = ulong.MaxValue)
    {
        AddressSpace space = AddressSpace.Open(dump, request);
        var list = new MappingList();
        space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref list);
        return [.. list.Items.Where(m => m.PhysicalAddress < end).Select(m => m.ToString()!)];
    }

    /// <summary>The small machine with more memory of every kind behind its own.</summary>
    private byte[] Plain()
    {
        byte[] memory = new byte[Size];
        _machine.Memory.CopyTo(memory, 0);
        var random = new Random(9);
        for (int page = 16; page < memory.Length / 4096; page++)
        {
            Span<byte> bytes = memory.AsSpan(page * 4096, 4096);
            switch (page % 4)
            {
                case 0:
                    random.NextBytes(bytes);
                    break;
                case 1:
                    bytes.Fill((byte)page);
                    break;
                case 2:
                    for (int i = 0; i < bytes.Length; i++)
                    {
                        bytes[i] = (byte)((i / (page % 50 + 3)) + random.Next(3));
                    }

                    break;
            }
        }

        return new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(_machine.KdumpNotes())
            .Load(SmallMachine.RamBase, memory, virtualAddress: 0xffff_8880_0000_0000 + SmallMachine.RamBase)
            .Build();
    }

    /// <summary>What makedumpfile makes of a dump.</summary>
    private string Make(string options, string plain)
    {
        string made = _folder.File("made");
        string[] words = options == "plain" ? [] : options.Split(' ');
        ToolResult result = words is ["-F", ..]
            ? Tools.Run("/bin/sh", "-c", $"makedumpfile -d 0 {options} '{plain}' > '{made}'")
            : Tools.Run("makedumpfile", [.. words, "-d", "0", plain, made, .. words is ["--split", ..] ? [made + "2", made + "3"] : Array.Empty<string>()]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        return made;
    }
}
