using System.Buffers.Binary;
using System.Globalization;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

public sealed class PowerPcHashFinderTests : IDisposable
{
    private const double Minimum = RootSearch.DefaultMinimumScore;
    private const uint Block = 0x10000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("raw.bin.gz")]
    [InlineData("phys.elf.gz")]
    public void TheTableOfARealGuest(string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path("bare-ppc32", file));
        PageTableRoot root = Assert.Single(Find(dump));
        Assert.Equal((0x20_0001UL, 0UL, "ppc32"), (root.Root, root.RamBase, root.Mode.Name));
        Assert.InRange(root.Score, 0.65, 1);
        Assert.Contains("23 valid entries, all in the group their hash says in a table of 128 KiB", root.Reasons);
        Assert.Contains(root.Doubts, d => d.Contains("SR0 to SR15"));

        // With the segment registers it is a whole space: the same as the guest's own.
        using MemoryDump described = MemoryDump.Open(TestData.Path("bare-ppc32", "machine.yaml"));
        AddressSpace truth = described.Space();
        var registers = new RegisterSet(truth.Options.Registers.Where(r => r.Key != "sdr1").ToDictionary(r => r.Key, r => r.Value));
        using MemoryDump opened = root.Dump.Reopen();
        AddressSpace found = AddressSpace.Open(
            opened, new SpaceRequest { Mode = root.Mode.Name, Root = root.Root, Registers = registers });
        Assert.Equal(
            truth.All().Select(m => (m.VirtualAddress, m.PhysicalAddress, m.Size)),
            found.All().Select(m => (m.VirtualAddress, m.PhysicalAddress, m.Size)));
    }

    [Theory]
    [InlineData(PowerPcFiller.Noise)]
    [InlineData(PowerPcFiller.Zeros)]
    [InlineData(PowerPcFiller.Text)]
    public void RandomTablesAreFound(PowerPcFiller filler)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            uint size = Block << random.Next(5);
            uint table = (uint)random.Next((int)((8u << 20) / size)) * size;
            int entries = Math.Min(20 << random.Next(8), 3000);
            int segments = Math.Max(2, random.Next(entries / 20, entries / 6));
            PowerPcTableImage image = new PowerPcTableImage(seed, table, size, filler).Add(entries, segments);
            image.Invalidate(image.Count > 40 ? random.Next(image.Count / 10) : 0);
            IReadOnlyList<PageTableRoot> roots = Find(image.Bytes);
            string what = $"seed {seed}: SDR1 0x{image.Sdr1:x}, {image.Count} entries, {segments} segments";
            Assert.True(roots.Count > 0 && roots[0].Root == image.Sdr1, $"{what}, but {Text(roots)}");
            Assert.True(roots[0].Score >= Minimum, $"{what}, but {Text(roots)}");
            Assert.True(roots.Skip(1).All(r => r.Score < Minimum), $"{what}, but {Text(roots)}");
            Assert.True(size > Block || roots[0].Score <= 0.8, what);
            Assert.Equal((1UL, 0UL, 0UL), (roots[0].Tables, roots[0].UserBytes, roots[0].SupervisorBytes));
        }
    }

    [Fact]
    public void WhereTheHashProvesItNothingElseHasToFit()
    {
        // Each entry of a segment of its own, all pages outside of RAM.
        for (int seed = 0; seed < 20; seed++)
        {
            var image = new PowerPcTableImage(seed, 0x20_0000, 4 * Block, PowerPcFiller.Noise, ramBase: 0x7000_0000);
            image.Add(200, 200);
            PageTableRoot root = Find(image.Bytes, ramBase: 0)[0];
            Assert.Equal(0x20_0003UL, root.Root);
            Assert.InRange(root.Score, 0.9, 0.99);
            Assert.Contains(root.Doubts, d => d.Contains("aren't in RAM"));
        }
    }

    [Fact]
    public void TheLargestTableIsFoundWhole()
    {
        var image = new PowerPcTableImage(3, 32 << 20, 512 * Block, PowerPcFiller.Zeros, length: 64 << 20);
        image.Add(20_000, 600);
        PageTableRoot root = Assert.Single(Find(image.Bytes));
        Assert.Equal(0x0200_01ffUL, root.Root);
        string reason = string.Create(CultureInfo.InvariantCulture, $"{image.Count:N0} valid entries, all in the group");
        Assert.Contains(root.Reasons, r => r.StartsWith(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void TooFewEntriesDecideNothing()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            uint size = Block << random.Next(5);
            var image = new PowerPcTableImage(seed, 4 * size, size, (PowerPcFiller)random.Next(3));
            int entries = random.Next(8);
            for (int i = 0; i < entries; i++)
            {
                image.TryAdd((uint)random.Next(1 << 24), (uint)random.Next(1 << 16));
            }

            Assert.All(Find(image.Bytes), r => Assert.True(r.Score < Minimum, $"seed {seed}: {Text([r])}"));
        }
    }

    [Fact]
    public void MoreEntriesMakeItSurer()
    {
        double[] scores = [.. new[] { 10, 20, 40, 200 }.Select(entries =>
            Find(new PowerPcTableImage(1, 2 * Block, 2 * Block).Add(entries, Math.Max(2, entries / 8)).Bytes)[0].Score)];
        Assert.True(scores.Zip(scores.Skip(1)).All(p => p.First < p.Second), string.Join(", ", scores));
    }

    [Fact]
    public void ATornDumpHasAFewEntriesInTheWrongPlace()
    {
        var whole = new PowerPcTableImage(5, 0x40_0000, 8 * Block);
        whole.Add(1000, 40);
        PageTableRoot sound = Find(whole.Bytes)[0];
        whole.Misplace(12);
        PageTableRoot torn = Find(whole.Bytes)[0];
        Assert.Equal((whole.Sdr1, whole.Sdr1), (sound.Root, torn.Root));
        Assert.InRange(torn.Score, Minimum, sound.Score - 0.05);
        Assert.Contains(torn.Reasons, r => r.Contains("all but 12 in the group"));
        Assert.Contains(sound.Reasons, r => r.Contains("all in the group"));
    }

    [Fact]
    public void AWrongHashIsNoTable()
    {
        // Half of the entries moved: what is left are well-formed entries in places that mean nothing.
        var image = new PowerPcTableImage(6, 0x40_0000, 8 * Block);
        image.Add(1000, 1000).Misplace(500);
        Assert.All(Find(image.Bytes), r => Assert.True(r.Score < Minimum, Text([r])));
    }

    [Theory]
    [InlineData(0x800)]
    [InlineData(0x400)]
    [InlineData(0x200)]
    [InlineData(0x004)]
    public void ReservedBitsAreZeroInATable(uint bit)
    {
        var image = new PowerPcTableImage(14, 0x40_0000, 2 * Block);
        image.Add(300, 20);
        double sound = Find(image.Bytes)[0].Score;
        PageTableRoot one = Find(image.SetBits(1, bit).Bytes)[0];
        Assert.InRange(one.Score, Minimum, sound - 0.01);
        Assert.Contains("slots with reserved bits set: 1", one.Doubts);
        Assert.All(Find(image.SetBits(40, bit).Bytes), r => Assert.True(r.Score < Minimum, Text([r])));
    }

    [Theory]
    [InlineData(0x12_3000, 0x20_0000)]
    [InlineData(0x12_3400, 0x21_0000)]
    public void AnEmptyHalfLeavesTheSizeOpen(uint vsid, ulong expected)
    {
        // One page range of one segment: of the table's two halves it only ever needs one.
        var image = new PowerPcTableImage(7, 0x20_0000, 2 * Block, PowerPcFiller.Zeros);
        for (uint page = 0; page < 100; page++)
        {
            image.TryAdd(vsid, page);
        }

        PageTableRoot root = Find(image.Bytes)[0];
        Assert.Equal(expected, root.Root);
        Assert.Contains(root.Doubts, d => d.Contains("may be larger"));
    }

    [Fact]
    public void LittleEndianTablesAreFoundWhenAskedFor()
    {
        PowerPcTableImage image = new PowerPcTableImage(8, 0x40_0000, 4 * Block, order: ByteOrder.Little).Add(300, 20);
        Assert.Empty(Find(image.Bytes));
        Assert.Equal(image.Sdr1, Find(image.Bytes, order: ByteOrder.Little)[0].Root);
    }

    [Theory]
    [InlineData(0x8000_0000UL)]
    [InlineData(0x1000_0000UL)]
    public void AKnownRamBaseMovesTheTable(ulong ramBase)
    {
        PowerPcTableImage image = new PowerPcTableImage(9, 0x40_0000, 4 * Block, ramBase: ramBase).Add(300, 20);
        PageTableRoot root = Find(image.Bytes, ramBase)[0];
        Assert.Equal((ramBase + 0x40_0003, ramBase, ramBase), (root.Root, root.RamBase, root.Dump.RamBase!.Value));
        Assert.InRange(root.Score, 0.9, 1);
    }

    [Fact]
    public void TheTableIsAlignedInPhysicalMemory()
    {
        // In the file the table is at an odd multiple of 32 KiB.
        const ulong RamBase = 0x100_8000;
        byte[] bytes = new PowerPcTableImage(10, 0x10_0000, 4 * Block, ramBase: 0x100_0000).Add(300, 20).Bytes[0x8000..];
        PageTableRoot root = Find(bytes, RamBase)[0];
        Assert.Equal((0x110_0003UL, RamBase), (root.Root, root.RamBase));
    }

    [Fact]
    public void ThePagesTellOfRamElsewhere()
    {
        PowerPcTableImage image = new PowerPcTableImage(11, 0x40_0000, 4 * Block, ramBase: 0x4000_0000);
        for (uint page = 0; page < 300; page++)
        {
            image.TryAdd(0x12_3000 + (page / 8 * 0x1357), page * 97);
        }

        // Those that lead elsewhere, one in ten, would be too many for a guess.
        byte[] bytes = WithoutOutsiders(image.Bytes, 0x40_0000, 4 * Block, 0x4000_0000);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump.bin", bytes));
        PageTableRoot root = Find(dump)[0];
        Assert.Equal((0x4040_0003UL, 0x4000_0000UL, 0x4000_0000UL), (root.Root, root.RamBase, root.Dump.RamBase!.Value));
        Assert.InRange(root.Score, Minimum, 0.9);
        Assert.Contains(root.Doubts, d => d.Contains("is a guess"));
        using MemoryDump reopened = root.Dump.Reopen();
        Assert.Equal(0x4000_0000UL, reopened.Memory.Runs[0].Start);

        // Who gave a base is believed.
        using MemoryDump given = MemoryDump.Open(dump.Identity.Path, new DumpOptions { RamBase = 0 });
        Assert.Equal(0x40_0003UL, Find(given)[0].Root);
    }

    [Fact]
    public void AContainerSaysItselfWhereItsMemoryWas()
    {
        PowerPcTableImage image = new PowerPcTableImage(12, 0x30_0000, 2 * Block, ramBase: 0x1000_0000).Add(300, 20);
        byte[] low = new byte[0x4_1000];
        byte[] core = new ElfBuilder(ElfClass.Elf32, ElfData.BigEndian, ElfMachine.PowerPC)
            .Load(0x1000, low)
            .Load(0x1000_0000, image.Bytes[..0x30_8000])
            .Load(0x1030_8000, image.Bytes[0x30_8000..])
            .Build();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", core));
        PageTableRoot root = Find(dump)[0];
        Assert.Equal((0x1030_0001UL, 0x1000UL), (root.Root, root.RamBase));
    }

    [Fact]
    public void NoTableIsAboveFourGigabytes()
    {
        const uint Table = 0xc000_0000;
        PowerPcTableImage image = new PowerPcTableImage(13, 0, 2 * Block, PowerPcFiller.Zeros).Add(300, 20);
        using (FileStream file = File.Create(_folder.File("large")))
        {
            file.SetLength(6L << 30);
            foreach (long at in new[] { Table, 5L << 30 })
            {
                file.Position = at;
                file.Write(image.Bytes.AsSpan(0, 2 * (int)Block));
            }
        }

        using MemoryDump dump = MemoryDump.Open(_folder.File("large"));
        Assert.Equal([Table + 1UL], Find(dump).Select(r => r.Root));
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("zeros")]
    [InlineData("text")]
    [InlineData("programs")]
    [InlineData("pointers")]
    [InlineData("pattern")]
    [InlineData("frames")]
    public void OtherThingsAreNoTables(string what)
    {
        byte[] bytes = new byte[4 << 20];
        for (int seed = 0; seed < 4; seed++)
        {
            OtherThings.Fill(bytes, what, new Random(seed));
            foreach (ByteOrder order in new[] { ByteOrder.Big, ByteOrder.Little })
            {
                Assert.All(Find(bytes, order: order), r => Assert.True(r.Score < Minimum, Text([r])));
            }
        }
    }

    [Fact]
    public void OtherArchitecturesGuestsHaveNone()
    {
        string[] images = [.. Directory.GetDirectories(TestData.Folder)
            .Where(d => !d.EndsWith("ppc32", StringComparison.Ordinal))
            .SelectMany(d => Directory.GetFiles(d, "raw.bin.gz"))];
        Assert.True(images.Length > 10);
        Assert.All(images, HasNone);
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void LinuxGuestsHaveNone(string name) => HasNone(Path.Combine(BigDumps.Folder(name), "raw.bin"));

    [Fact]
    public void CancellingEndsTheSearch()
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[1 << 20]);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Find(dump, cancellation: cancelled.Token));
    }

    private static void HasNone(string path)
    {
        foreach (ulong ramBase in new[] { 0UL, 0x4000_0000UL, 0x8000_0000UL })
        {
            using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = ramBase });
            foreach (ByteOrder order in new[] { ByteOrder.Big, ByteOrder.Little })
            {
                Assert.All(Find(dump, order), r => Assert.True(r.Score < Minimum, $"{path}: {Text([r])}"));
            }
        }
    }

    private static byte[] WithoutOutsiders(byte[] bytes, int table, uint size, uint ramBase)
    {
        for (int at = table; at < table + size; at += 8)
        {
            uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 4));
            if (word - ramBase >= bytes.Length)
            {
                bytes.AsSpan(at, 8).Clear();
            }
        }

        return bytes;
    }

    private IReadOnlyList<PageTableRoot> Find(byte[] bytes, ulong ramBase = 0, ByteOrder order = ByteOrder.Big)
    {
        using MemoryDump dump = RawDump.Open(_folder, bytes, ramBase);
        return Find(dump, order);
    }

    private static IReadOnlyList<PageTableRoot> Find(
        MemoryDump dump, ByteOrder order = ByteOrder.Big, CancellationToken cancellation = default)
    {
        var hashes = new PowerPcHashScan(dump.Memory, order);
        FrameScan frames = FrameScan.Run(dump.Memory, [hashes], null, cancellation);
        return PowerPcHashFinder.Find(dump, hashes, frames.Zeros, cancellation);
    }

    private static string Text(IReadOnlyList<PageTableRoot> roots) =>
        string.Join("; ", roots.Select(r => $"0x{r.Root:x} {r.Score:f3} ({string.Join(", ", r.Reasons)}, {string.Join(", ", r.Doubts)})"));
}
