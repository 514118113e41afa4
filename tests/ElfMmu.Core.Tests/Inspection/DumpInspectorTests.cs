using System.Security.Cryptography;
using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Inspection;
using ElfMmu.Spaces;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Inspection;

/// <summary>What is said of a dump without reading its memory.</summary>
public sealed class DumpInspectorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_is_the_same_in_every_container_that_holds_it()
    {
        MemoryDumpInfo[] dumps =
        [
            Inspect(_folder.Write("a.elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian))),
            Inspect(_folder.Write("b.elf", _machine.Fossil(ElfClass.Elf64, padded: true))),
            Inspect(_folder.Write("c.elf.gz", SmallMachine.Pack(_machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)))),
            Inspect(Described("ram.bin")),
        ];
        foreach (MemoryDumpInfo dump in dumps)
        {
            Assert.Equal((Architecture.X86, 64, (ByteOrder?)ByteOrder.Little, "ia32e"), (dump.Architecture, dump.WordSize, dump.ByteOrder, dump.Mode));
            MemoryRange run = Assert.Single(dump.Runs);
            Assert.Equal((SmallMachine.RamBase, 0x10000UL, SmallMachine.RamBase + 0xffff), (run.Start, run.Size, run.End));
            Assert.Equal((0x10000UL, run.End, true, true), (dump.MemorySize, dump.HighestAddress, dump.IsPlaced, dump.IsComplete));
            Assert.Empty(dump.Gaps);
            DumpCpu cpu = Assert.Single(dump.Cpus);
            Assert.Equal((0, SmallMachine.RamBase, SmallMachine.RamBase), (cpu.Index, cpu.Registers["cr3"], cpu.Root));
            DumpRoot root = Assert.Single(dump.Roots);
            Assert.Equal((SmallMachine.RamBase, 0, true), (root.Root, root.Cpu, root.IsDefault));
            Assert.Equal(dump.Root, root.Root);
            Assert.Null(dump.Sha256);
        }

        Assert.Equal(["ELF core of physical memory", "ELF core with FOSSIL note", "ELF core of physical memory", "machine description"], dumps.Select(d => d.Container));
        Assert.Equal([0xfec0_0000UL, 0xfee0_0000], dumps[1].Devices.Select(d => d.Start));
        Assert.Equal(["io", "apic"], dumps[1].Devices.Select(d => d.Name));
        Assert.Equal(40, dumps[1].PhysicalAddressBits);
    }

    [Fact]
    public void A_root_stands_for_its_space()
    {
        string path = _folder.Write("a.elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian));
        SpaceIdentity space = Inspect(path).Roots[0].Space;
        using MemoryDump dump = space.Dump.Reopen();
        Assert.Equal(AddressSpace.Open(dump, new SpaceRequest()).Identity, AddressSpace.Open(dump, space.Request).Identity);
    }

    [Fact]
    public void Each_processor_names_its_own_root()
    {
        var other = new Dictionary<string, ulong>(_machine.Registers) { ["cr3"] = SmallMachine.RamBase + 0x9000 };
        var real = new Dictionary<string, ulong>(_machine.Registers) { ["cr0"] = 0x10, ["cr4"] = 0 };
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian)
            .Add("QEMU", 0, SmallMachine.QemuNote(real, wide: false))
            .Add("QEMU", 0, SmallMachine.QemuNote(other, wide: true))
            .Add("QEMU", 0, SmallMachine.QemuNote(_machine.Registers, wide: true))
            .ToArray();
        MemoryDumpInfo dump = Inspect(_folder.Write(
            "smp.elf", new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes).Load(SmallMachine.RamBase, _machine.Memory).Build()));
        Assert.Equal([null, SmallMachine.RamBase + 0x9000, SmallMachine.RamBase], dump.Cpus.Select(c => c.Root));
        Assert.Contains("paging", dump.Cpus[0].AddressSpace, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([(1, true), (2, false)], dump.Roots.Select(r => (r.Cpu!.Value, r.IsDefault)));
    }

    [Fact]
    public void What_lies_between_runs_is_a_gap()
    {
        var file = new LimeFile().Range(0x1000, RawDump.Pages(2)).Range(0x3000, RawDump.Pages(1)).Range(0x10_0000, RawDump.Pages(4));
        MemoryDumpInfo dump = Inspect(_folder.Write("a.lime", file.ToArray()));
        Assert.Equal([new MemoryRange(0x1000, 0x3000), new MemoryRange(0x10_0000, 0x4000)], dump.Runs);
        Assert.Equal([new MemoryRange(0x4000, 0xfc000)], dump.Gaps);
        Assert.True(dump.NeedsSearch);
        Assert.Empty(dump.Roots);
    }

    [Fact]
    public void What_the_kernel_says_of_its_build_is_told()
    {
        const string Text = "OSRELEASE=6.1.0-18-amd64\nBUILD-ID=0123456789abcdef\nKERNELOFFSET=1f400000\nPAGESIZE=4096\n";
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, Encoding.UTF8.GetBytes(Text)).ToArray();
        MemoryDumpInfo dump = Inspect(_folder.Write(
            "vmcore", new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes).Load(0, RawDump.Pages(2)).Build()));
        Assert.Equal(
            ("Linux 6.1.0-18-amd64", "6.1.0-18-amd64", "0123456789abcdef", 0x1f40_0000UL, true),
            (dump.OperatingSystem, dump.OsRelease, dump.BuildId, dump.KernelOffset, dump.VmcoreInfo));
    }

    [Fact]
    public void Hashes_are_those_of_the_files()
    {
        MemoryDumpInfo dump = Inspect(Described("ram.bin"), f => FileHash.Sha256(f));
        Assert.Equal(2, dump.Files.Count);
        foreach (DumpFile file in dump.Files)
        {
            Assert.Equal(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.Path))).ToLowerInvariant(), file.Sha256);
            Assert.Equal(((ulong)new FileInfo(file.Path).Length, File.GetLastWriteTimeUtc(file.Path)), (file.Length, file.LastWriteTimeUtc));
        }

        Assert.Equal(dump.Sha256, dump.Files[0].Sha256);
        Assert.Equal(dump.Path, dump.Files[0].Path);
    }

    [Fact]
    public void Hashing_can_be_ended_and_tells_how_far_it_is()
    {
        string path = _folder.Write("large.bin", new byte[9 << 20]);
        var told = new List<(ulong, ulong)>();
        FileHash.Sha256(path, (done, total) => told.Add((done, total)));
        Assert.Equal([(4UL << 20, 9UL << 20), (8UL << 20, 9UL << 20), (9UL << 20, 9UL << 20)], told);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => FileHash.Sha256(path, (_, _) => stop.Cancel(), stop.Token));
        Throws.Error("FileOpenFailed", () => FileHash.Sha256(_folder.File("none")));
    }

    [Fact]
    public void A_file_that_changes_while_it_is_hashed_is_an_error()
    {
        string path = _folder.Write("a.elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian));
        Throws.Error("DumpChanged", () => Inspect(path, file =>
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
            return FileHash.Sha256(file);
        }));
    }

    [Fact]
    public void Of_a_raw_image_nothing_is_known_but_its_size()
    {
        MemoryDumpInfo dump = Inspect(_folder.Write("raw.bin", RawDump.Pages(8)));
        Assert.Equal((false, Architecture.Unknown, null, null), (dump.IsPlaced, dump.Architecture, dump.ByteOrder, dump.DescribedBy));
        Assert.True(dump.NeedsSearch);
        Assert.Equal(0x8000UL, dump.MemorySize);
    }

    [Theory]
    [InlineData("text", "text")]
    [InlineData("utf16", "text")]
    [InlineData("pdf", "PDF")]
    [InlineData("png", "PNG")]
    [InlineData("tar", "tar")]
    [InlineData("pcap", "network capture")]
    [InlineData("program", "program")]
    [InlineData("small", "less than a page")]
    public void What_looks_like_something_else_is_no_dump_unless_somebody_says_so(string kind, string what)
    {
        byte[] bytes = new byte[9000];
        switch (kind)
        {
            case "text":
                bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Grüße aus dem Labor\r\n\t", 400)));
                break;
            case "utf16":
                bytes = [0xff, 0xfe, .. Encoding.Unicode.GetBytes(new string('x', 3000))];
                break;
            case "tar":
                "ustar"u8.CopyTo(bytes.AsSpan(257));
                break;
            case "program":
                "MZ"u8.CopyTo(bytes);
                bytes[60] = 0x80;
                "PE"u8.CopyTo(bytes.AsSpan(0x80));
                break;
            case "small":
                bytes = RawDump.Pages(1)[1..];
                break;
            default:
                (kind == "pdf" ? "%PDF-1.7"u8 : kind == "png" ? [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] : [0xd4, 0xc3, 0xb2, 0xa1]).CopyTo(bytes);
                break;
        }

        string path = _folder.Write("file.raw", bytes);
        Assert.Contains(what, Throws.Error("NotAMemoryDump", () => Inspect(path)).Message, StringComparison.Ordinal);
        using (MemoryDump dump = MemoryDump.Open(path))
        {
            Assert.Equal(kind == "small" ? [] : new[] { what }, dump.Warnings.Select(w => w.Contains(what, StringComparison.Ordinal) ? what : w));
        }

        // Who says where it was says that it is memory; so does a machine description.
        using (MemoryDump placed = MemoryDump.Open(path, new DumpOptions { RamBase = 0x1000 }))
        {
            Assert.True(new DumpInspector().Inspect(placed).IsPlaced);
            Assert.Empty(placed.Warnings);
        }

        string description = _folder.Write("machine.yaml", $"memspace:\n  ram:\n    - start: 0\n      end: {bytes.Length - 1}\n      dumpfile: file.raw\n");
        Assert.Equal(description, Inspect(path).DescribedBy);
    }

    [Fact]
    public void Memory_that_starts_like_nothing_else_is_a_raw_image()
    {
        byte[] noise = new byte[4096];
        new Random(5).NextBytes(noise);
        foreach (byte[] bytes in new[] { new byte[4096], noise, [.. "mostly text"u8, .. new byte[5000]] })
        {
            Assert.Equal("raw image", Inspect(_folder.Write("raw.bin", bytes)).Container);
        }
    }

    [Fact]
    public void A_description_that_cant_be_read_names_nothing()
    {
        _folder.Write("broken.yaml", "cpu: [\n");
        _folder.Write("other.yml", "a: b\n");
        string raw = _folder.Write("raw.bin", RawDump.Pages(2));
        Assert.Null(Inspect(raw).DescribedBy);
    }

    [Fact]
    public void Damage_that_is_known_already_is_told()
    {
        var file = new LimeFile();
        byte[] bytes = file.Packed(0x10_0000, RawDump.Pages(64)).ToArray();
        int at = LimeFile.Chunks(bytes, file.Headers[0])[1];
        bytes[at + 4] ^= 1;
        using MemoryDump dump = MemoryDump.Open(_folder.Write("a.lime", bytes));
        var inspector = new DumpInspector();
        Assert.True(inspector.Inspect(dump).IsComplete);
        Assert.False(dump.Memory.TryRead(0x11_0000, new byte[1]));
        MemoryDumpInfo info = inspector.Inspect(dump);
        Assert.False(info.IsComplete);
        DamagedMemory damage = Assert.Single(info.Damage);
        Assert.Equal((0x11_0000UL, 65536, dump.Identity.Path, (ulong)at), (damage.PhysicalAddress, damage.Size, damage.File, damage.FileOffset));
    }

    private static MemoryDumpInfo Inspect(string path, Func<string, string>? hash = null)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        return new DumpInspector().Inspect(dump, hash);
    }

    /// <summary>A machine description and its memory.</summary>
    private string Described(string raw)
    {
        _folder.Write(raw, _machine.Memory);
        return _folder.Write(raw + ".yaml", _machine.Yaml().Replace(
            $"end: 0x{SmallMachine.RamBase + 0x5fff:x}\n", $"end: 0x{SmallMachine.RamBase + 0xffff:x}\n      dumpfile: {raw}\n", StringComparison.Ordinal));
    }
}
