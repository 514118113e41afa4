using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Kdump;

/// <summary>Kdump-compressed files of every layout, filtered, split, cut off and contradicting themselves.</summary>
public sealed class KdumpTests : IDisposable
{
    private const ulong FirstPage = SmallMachine.RamBase / 4096;

    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public static TheoryData<int, bool, bool, uint, string> Layouts { get; } = new()
    {
        { 64, false, true, 6, "x86_64" },
        { 64, false, true, 5, "x86_64" },
        { 64, false, true, 4, "aarch64" },
        { 64, true, true, 6, "ppc64" },
        { 32, false, false, 6, "i686" },
        { 32, false, false, 6, "x86_64" },
        { 32, false, true, 6, "armv7l" },
        { 32, true, true, 6, "ppc" },
        { 32, true, false, 5, "ppc" },
        { 32, false, true, 5, "armv7l" },
    };

    private byte[] Notes => _machine.KdumpNotes();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_layout_opens(int wordSize, bool isBigEndian, bool isPadded, uint version, string machine)
    {
        byte[] note = new ElfNoteBuilder(isBigEndian ? ElfData.BigEndian : ElfData.LittleEndian).Add("VMCOREINFO", 0, "OSRELEASE=6.1.0-note\nBUILD-ID=c0de\n"u8).ToArray();
        byte[] file = new KdumpBuilder
        {
            WordSize = wordSize,
            IsBigEndian = isBigEndian,
            IsPadded = isPadded,
            Version = version,
            Machine = machine,
            Notes = note,
        }.Memory(SmallMachine.RamBase, _machine.Memory).Build();
        using MemoryDump dump = Open(file);
        Assert.Equal("kdump-compressed dump", dump.Container);
        AssertMemory(dump);
        Assert.Empty(dump.Warnings);
        Assert.Equal(wordSize, dump.Machine.WordSize);
        Assert.Equal(isBigEndian ? ByteOrder.Big : ByteOrder.Little, dump.Machine.ByteOrder);
        Assert.NotEqual(Architecture.Unknown, dump.Machine.Architecture);
        Assert.Equal("6.1.0-note", VmcoreInfo.Text(dump.VmcoreInfo.Span, "OSRELEASE"));
        Assert.Equal("Linux 6.1.0-test", dump.Facts.OperatingSystem);
        Assert.Equal("victim", dump.Facts.HostName);
        Assert.Equal("zlib", dump.Facts.Compression);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_700_000_000), dump.Facts.TakenUtc);
        Assert.Contains(dump.Facts.Details, d => d.Key == "Build ID" && d.Value.Equals("c0de"));
    }

    [Theory]
    [InlineData(0u, null)]
    [InlineData(KdumpBuilder.Zlib, "zlib")]
    [InlineData(KdumpBuilder.Lzo, "lzo")]
    [InlineData(KdumpBuilder.Snappy, "snappy")]
    [InlineData(KdumpBuilder.Zstandard, "zstd")]
    public void Every_compression_gives_the_same_mappings(uint compression, string? name)
    {
        using MemoryDump plain = Open(_machine.Elf(ElfClass.Elf64, ElfData.LittleEndian), "plain");
        using MemoryDump dump = Open(Builder(compression).Build());
        AssertMemory(dump);
        Assert.Equal(name, dump.Facts.Compression);
        Assert.Equal(plain.Machine.Cpus[0]["cr3"], dump.Machine.Cpus[0]["cr3"]);
        Assert.Equal(Walk(plain), Walk(dump));
        Assert.NotEmpty(Walk(dump));
    }

    [Fact]
    public void An_old_diskdump_with_one_bitmap_opens()
    {
        byte[] file = new KdumpBuilder { Signature = "DISKDUMP", Version = 1 }.Memory(SmallMachine.RamBase, _machine.Memory).Build();

        // Of its bitmaps only the first one is left, and as many pages as one can say.
        byte[] one = [.. file[..(2 * 4096)], .. file[(3 * 4096)..]];
        BitConverter.GetBytes(1).CopyTo(one, 436);
        BitConverter.GetBytes(30_000).CopyTo(one, 440);
        for (int i = 0; i < 16; i++)
        {
            int at = (3 * 4096) + (i * 24);
            BitConverter.GetBytes(BitConverter.ToInt64(one, at) - 4096).CopyTo(one, at);
        }

        using MemoryDump dump = Open(one);
        Assert.Equal("diskdump", dump.Container);
        AssertMemory(dump);
    }

    [Theory]
    [InlineData(31u, false)]
    [InlineData(31u, true)]
    [InlineData(1u, false)]
    public void Pages_left_out_are_absent_unless_they_are_zeros(uint level, bool zeroFill)
    {
        byte[] file = new KdumpBuilder { Level = level }
            .Memory(SmallMachine.RamBase, _machine.Memory[..0x8000])
            .Memory(SmallMachine.RamBase + 0xa000, _machine.Memory[0xa000..])
            .LeaveOut(FirstPage + 8, FirstPage + 9)
            .Build();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("filtered", file), new DumpOptions { ZeroFill = zeroFill });
        bool isThere = zeroFill || level == 1;
        byte[] bytes = new byte[0x2000];
        Assert.Equal(isThere ? 0x10000UL : 0xe000, dump.Memory.Size);
        Assert.Equal(isThere, dump.Memory.TryRead(SmallMachine.RamBase + 0x8000, bytes));
        Assert.Contains(dump.Facts.Details, d => d.Key == "Pages left out" && d.Value.Equals(2UL));
        Assert.Equal(level == 1 ? 0UL : 0x2000, dump.LeftOutSize);
        if (level == 1)
        {
            Assert.Empty(dump.Warnings);
        }
        else
        {
            string warning = Assert.Single(dump.Warnings);
            Assert.Contains("2 pages of RAM (8192 bytes)", warning, StringComparison.Ordinal);
            Assert.Contains("dump level 31", warning, StringComparison.Ordinal);
        }

        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase + 0xa000, bytes));
        Assert.Equal(_machine.Memory[0xa000..0xc000], bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_off_has_the_pages_that_are_left(bool zeroFill)
    {
        byte[] file = Builder(0).Build();
        KdumpBuilder builder = Builder(0);
        builder.Build();
        int at = builder.PageAt[FirstPage + 12];
        using MemoryDump dump = MemoryDump.Open(_folder.Write("cut", file[..(at + 100)]), new DumpOptions { ZeroFill = zeroFill });

        // The page of zeros at the end shares its place with one at the start.
        Assert.Equal(zeroFill ? 0x10000UL : 0xd000, dump.Memory.Size);
        Assert.Equal(zeroFill, dump.Memory.TryRead(SmallMachine.RamBase + 0xc000, new byte[1]));
        byte[] bytes = new byte[0xc000];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory[..0xc000], bytes);
        string warning = Assert.Single(dump.Warnings);
        Assert.Contains("3 of its pages (12288 bytes)", warning, StringComparison.Ordinal);
        Assert.Contains($"physical 0x{SmallMachine.RamBase + 0xc000:x}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_off_anywhere_opens_with_what_is_left_or_says_so()
    {
        KdumpBuilder builder = Builder(KdumpBuilder.Zlib);
        byte[] file = builder.Build();
        for (int length = 500; length < file.Length; length += 211)
        {
            byte[] cut = file[..length];
            try
            {
                using MemoryDump dump = Open(cut);
                Assert.NotEmpty(dump.Warnings);
                foreach (PhysicalRun run in dump.Memory.Runs)
                {
                    byte[] bytes = new byte[run.Size];
                    Assert.True(dump.Memory.TryRead(run.Start, bytes));
                    Assert.Equal(_machine.Memory.AsSpan((int)(run.Start - SmallMachine.RamBase), bytes.Length).ToArray(), bytes);
                }
            }
            catch (ElfMmuException e)
            {
                Assert.True(length < builder.PageAt.Values.Min() + 4096, e.Message);
                Assert.Equal("DumpTruncated", e.ErrorId);
            }
        }
    }

    [Fact]
    public void An_incomplete_dump_says_so()
    {
        KdumpBuilder builder = new KdumpBuilder { Status = KdumpBuilder.Zlib | 8 }.Memory(SmallMachine.RamBase, _machine.Memory);
        byte[] file = builder.Build();
        file.AsSpan(builder.DescriptorsAt + (5 * 24), 11 * 24).Clear();
        using MemoryDump dump = Open(file);
        Assert.Equal(0x5000UL, dump.Memory.Size);
        Assert.Equal(2, dump.Warnings.Count);
        Assert.Contains("incomplete", dump.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("11 of its pages", dump.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_without_bytes_are_damaged_whatever_packed_them()
    {
        var unpacker = new KdumpUnpacker();
        foreach (uint compression in new[] { KdumpHeader.Zlib, KdumpHeader.Lzo, KdumpHeader.Snappy, KdumpHeader.Zstandard })
        {
            Assert.NotNull(unpacker.Unpack(compression, [], new byte[4096]));
        }
    }

    [Fact]
    public void A_damaged_page_is_absent_and_noted()
    {
        KdumpBuilder builder = Builder(KdumpBuilder.Zlib);
        byte[] file = builder.Build();
        int at = builder.PageAt[FirstPage + 9];
        file.AsSpan(at, 40).Fill(0xff);
        string path = _folder.Write("damaged", file);
        using (MemoryDump dump = MemoryDump.Open(path))
        {
            Assert.False(dump.Memory.TryRead(SmallMachine.RamBase + 0x9000, new byte[8]));
            Assert.True(dump.Memory.TryRead(SmallMachine.RamBase + 0xa000, new byte[8]));
            DamagedBlock damaged = Assert.Single(dump.Memory.Damage.Single().First);
            Assert.Equal((ulong)at, damaged.FileOffset);
            Assert.Contains("zlib", damaged.Reason, StringComparison.Ordinal);
        }

        using MemoryDump filled = MemoryDump.Open(path, new DumpOptions { ZeroFill = true });
        byte[] bytes = new byte[4096];
        Assert.True(filled.Memory.TryRead(SmallMachine.RamBase + 0x9000, bytes));
        Assert.Equal(new byte[4096], bytes);
    }

    [Theory]
    [InlineData(428, 5000u)] // The block size is no power of two.
    [InlineData(428, 0u)]
    [InlineData(432, 0x8000_0000u)] // The sub-header has a negative size.
    [InlineData(436, 0u)] // There are no bitmaps.
    [InlineData(440, 0u)] // There are no pages.
    public void Headers_that_contradict_themselves_are_refused(int at, uint value)
    {
        byte[] file = new KdumpBuilder { Version = 5 }.Memory(SmallMachine.RamBase, _machine.Memory).Build();
        BitConverter.GetBytes(value).CopyTo(file, at);
        Throws.Error("DumpInconsistent", () => Open(file));
    }

    [Theory]
    [InlineData(8, 8, 0xffff_fffful)] // A dump level there isn't.
    [InlineData(48, 8, 1UL << 40)] // Notes outside the file.
    [InlineData(56, 8, ulong.MaxValue)] // Notes without end.
    [InlineData(32, 16, ulong.MaxValue)] // VMCOREINFO without place and end.
    [InlineData(64, 16, ulong.MaxValue)] // Erased data likewise.
    public void Lies_about_what_is_beside_the_memory_leave_it_alone(int at, int size, ulong value)
    {
        byte[] file = Builder(KdumpBuilder.Zlib).Build();
        for (int i = 0; i < size; i += 8)
        {
            BitConverter.GetBytes(value).AsSpan(0, at == 8 ? 4 : 8).CopyTo(file.AsSpan(4096 + at + i));
        }

        using MemoryDump dump = Open(file);
        AssertMemory(dump);
    }

    [Fact]
    public void A_dump_without_a_page_is_none() =>
        Throws.Error("NotAMemoryDump", () => Open(new KdumpBuilder().LeaveOut(5).Build().Concat(new byte[4096]).ToArray()));

    [Theory]
    [InlineData("a", "b", "c")]
    [InlineData("c", "b", "a")]
    public void Any_part_of_a_split_dump_finds_the_others(string first, string second, string third)
    {
        (string, ulong, ulong)[] parts = [(first, 0, FirstPage + 3), (second, FirstPage + 3, FirstPage + 9), (third, FirstPage + 9, FirstPage + 16)];
        foreach ((string name, ulong from, ulong end) in parts)
        {
            _folder.Write("dump." + name, Split(from, end));
        }

        _folder.Write("zz copy", Split(0, FirstPage + 3));
        _folder.Write("another", new KdumpBuilder { Split = (0, FirstPage + 3), Level = 7 }.Memory(SmallMachine.RamBase, _machine.Memory).Build());
        _folder.Write("noise", [1, 2, 3]);
        foreach ((string name, _, _) in parts)
        {
            using MemoryDump dump = MemoryDump.Open(_folder.File("dump." + name));
            AssertMemory(dump);
            Assert.Empty(dump.Warnings);
            Assert.Equal(parts.Select(p => _folder.File("dump." + p.Item1)).Order(), dump.Files.Order());
            Assert.Contains(dump.Remarks, r => r.Contains("3 of them are here", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(-0x8d00000, "-0x8d00000")]
    [InlineData(0x1000000, "0x1000000")]
    public void The_physical_base_has_a_sign(long value, string expected)
    {
        byte[] file = new KdumpBuilder { PhysicalBase = value }.Memory(SmallMachine.RamBase, _machine.Memory[..0x1000]).Build();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("based", file));
        Assert.Equal(expected, Assert.Single(dump.Facts.Details, d => d.Key == "Physical base").Value);
    }

    [Fact]
    public void The_parts_of_a_split_dump_are_found_among_many_files()
    {
        for (int i = 0; i < KdumpSiblings.MostFiles + 10; i++)
        {
            _folder.Write($"{i:x4}", []);
        }

        _folder.Write("vmcore2", Split(FirstPage + 3, FirstPage + 16));
        using MemoryDump dump = Open(Split(0, FirstPage + 3), "vmcore1");
        AssertMemory(dump);
        Assert.Contains(dump.Remarks, r => r.Contains("4096 of the 4107 other files", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(31u, false, 0)]
    [InlineData(31u, true, 2)]
    [InlineData(1u, false, 2)]
    public void Pages_left_out_are_listed_only_to_be_filled(uint level, bool zeroFill, int stretches)
    {
        byte[] file = new KdumpBuilder { Level = level }.Memory(SmallMachine.RamBase, _machine.Memory).LeaveOut(3, 5, 6).Build();
        using DataSource source = DataSourceFactory.Open(_folder.Write("left", file));
        var part = new KdumpPart(KdumpFile.Open(source), new DumpOpening(source.Name, null, null, null, [], default) { ZeroFill = zeroFill });
        Assert.Equal(3UL, part.LeftOutCount);
        Assert.Equal(stretches, part.LeftOut.Count);
    }

    [Fact]
    public void A_part_of_a_split_dump_that_is_missing_is_absent_with_a_warning()
    {
        string path = _folder.Write("one", Split(0, FirstPage + 3));
        _folder.Write("three", Split(FirstPage + 9, FirstPage + 16));
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal(10UL * 4096, dump.Memory.Size);
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase + 0x3000, new byte[1]));
        string warning = Assert.Single(dump.Warnings);
        Assert.Contains("0x103000-0x108fff", warning, StringComparison.Ordinal);
        Assert.Contains("6 pages of RAM", warning, StringComparison.Ordinal);
        Assert.Equal(6UL * 4096, dump.MissingSize);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void Flattened_files_are_put_in_order(int pieceSize)
    {
        byte[] file = Builder(KdumpBuilder.Zlib).Build();

        // What was written first is overwritten later, in part and across borders.
        byte[] spoiled = [.. file];
        spoiled.AsSpan(0, 9000).Fill(0xee);
        byte[] flat = KdumpBuilder.Flatten(spoiled, pieceSize, (4000, file[4000..9000]), (0, file[..4100]));
        using MemoryDump dump = Open(flat);
        AssertMemory(dump);
        Assert.Empty(dump.Warnings);
    }

    [Fact]
    public void A_flattened_elf_dump_opens_and_one_cut_off_has_what_is_left()
    {
        byte[] flat = KdumpBuilder.Flatten(_machine.Elf(ElfClass.Elf64, ElfData.LittleEndian), 4096);
        using (MemoryDump dump = Open(flat))
        {
            AssertMemory(dump);
        }

        using MemoryDump cut = Open(flat[..^0x5000], "cut");
        Assert.InRange(cut.Memory.Size, 0xa000UL, 0xb800UL);
        Assert.Equal(2, cut.Warnings.Count);
        byte[] bytes = new byte[cut.Memory.Size];
        Assert.True(cut.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory[..bytes.Length], bytes);
    }

    private byte[] Split(ulong first, ulong end) => new KdumpBuilder { Split = (first, end), Notes = Notes }.Memory(SmallMachine.RamBase, _machine.Memory).Build();

    private KdumpBuilder Builder(uint compression) => new KdumpBuilder { Compression = compression, Notes = Notes }.Memory(SmallMachine.RamBase, _machine.Memory);

    private static List<string> Walk(MemoryDump dump)
    {
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest());
        var list = new MappingList(1000);
        space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref list);
        return [.. list.Items.Select(m => m.ToString()!)];
    }

    private void AssertMemory(MemoryDump dump)
    {
        byte[] bytes = new byte[_machine.Memory.Length];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory, bytes);
        Assert.Equal((ulong)bytes.Length, dump.Memory.Size);
        for (int at = 0; at < bytes.Length; at += 999)
        {
            byte[] few = new byte[Math.Min(2000, bytes.Length - at)];
            Assert.True(dump.Memory.TryRead(SmallMachine.RamBase + (ulong)at, few));
            Assert.Equal(_machine.Memory.AsSpan(at, few.Length).ToArray(), few);
        }
    }

    private MemoryDump Open(byte[] bytes, string name = "dump") => MemoryDump.Open(_folder.Write(name, bytes));
}
