using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Searching;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>Memory that turns out to be damaged while it is read: it is left out wherever that can be said, and is zeros where it was asked for.</summary>
public sealed class DamageTests : IDisposable
{
    private const ulong Base = 0x4000_0000;
    private const int Page = 4096;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4096, new[] { 0 })]
    [InlineData(4096, new[] { 5, 6, 40, 1023 })]
    [InlineData(65536, new[] { 3, 15 })]
    [InlineData(10000, new[] { 0, 7, 419 })]
    [InlineData(3 << 20, new[] { 1 })]
    public void StretchesAreCutAround(int blockSize, int[] damaged)
    {
        byte[] bytes = RawDump.Pages(1024);
        List<(ulong Start, ulong Size)> sound = Sound(bytes.Length, blockSize, damaged);
        using MemoryDump dump = new PackedMemory(_folder, bytes, blockSize, false, damaged).Open(Base);
        ConvertedDump elf = DumpConverter.Convert(dump, Options(DumpFormat.Elf));
        using MemoryDump fromElf = MemoryDump.Open(elf.Path);
        Assert.Equal(sound, DumpPicture.Runs(fromElf));
        AssertBytes(fromElf, bytes);
        Assert.Equal(sound.Count, elf.Runs);
        Assert.Equal(damaged.Length, elf.DamagedBlocks);
        Assert.Equal((ulong)bytes.Length - sound.Aggregate(0UL, (sum, s) => sum + s.Size), elf.DamagedSize);
        Assert.Equal(fromElf.Memory.Size, elf.MemorySize);
        Assert.Equal(DumpPicture.Sha256(fromElf), elf.MemorySha256);
        Assert.Contains(elf.Warnings, w => w.Contains("damaged", StringComparison.Ordinal));

        ConvertedDump lime = DumpConverter.Convert(dump, Options(DumpFormat.Lime));
        Assert.Equal(
            sound.Select(s => (s.Start, bytes.AsSpan((int)(s.Start - Base), (int)s.Size).ToArray())), LimeFile.Read(lime.Path), LimeFile.Comparer);
        Assert.Equal(elf.MemorySha256, lime.MemorySha256);

        foreach (bool split in new[] { false, true })
        {
            ConvertedDump raw = DumpConverter.Convert(dump, Options(DumpFormat.Raw) with { Split = split, MachinePath = _folder.File("raw.yaml") });
            using MemoryDump fromRaw = MemoryDump.Open(_folder.File("raw.yaml"));
            DumpPicture.SameMemory(fromElf, fromRaw);
            Assert.Equal(elf.MemorySha256, raw.MemorySha256);
        }
    }

    [Fact]
    public void ZerosAreWrittenWhereTheyWereAskedFor()
    {
        byte[] bytes = RawDump.Pages(64);
        using MemoryDump dump = new PackedMemory(_folder, bytes, Page, true, 5, 6).Open(Base);
        ConvertedDump elf = DumpConverter.Convert(dump, Options(DumpFormat.Elf));
        bytes.AsSpan(5 * Page, 2 * Page).Clear();
        using MemoryDump fromElf = MemoryDump.Open(elf.Path);
        Assert.Equal([(Base, (ulong)bytes.Length)], DumpPicture.Runs(fromElf));
        AssertBytes(fromElf, bytes);
        Assert.Equal((2, 0UL), (elf.DamagedBlocks, elf.DamagedSize));
    }

    [Fact]
    public void MoreDamageThanThereIsRoomForIsStillLeftOut()
    {
        // Every second page: 2,500 segments where there is room for a thousand more.
        byte[] bytes = RawDump.Pages(5000);
        int[] damaged = [.. Enumerable.Range(0, 2500).Select(i => (2 * i) + 1)];
        using MemoryDump dump = new PackedMemory(_folder, bytes, Page, false, damaged).Open(Base);
        ConvertedDump elf = DumpConverter.Convert(dump, Options(DumpFormat.Elf));
        using MemoryDump fromElf = MemoryDump.Open(elf.Path);
        Assert.Equal(Sound(bytes.Length, Page, damaged), DumpPicture.Runs(fromElf));
        AssertBytes(fromElf, bytes);
    }

    [Fact]
    public void NothingSoundIsNothingToConvert()
    {
        using MemoryDump dump = new PackedMemory(_folder, RawDump.Pages(4), 4 * Page, false, 0).Open(Base);
        Throws.Error("NothingToConvert", () => DumpConverter.Convert(dump, Options(DumpFormat.Elf)));
        Assert.Equal(["packed"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void EachBlockIsUnpackedOnce()
    {
        var blocks = new PackedMemory(_folder, RawDump.Pages(4096), Page, false);
        using MemoryDump dump = blocks.Open(Base);
        DumpConverter.Convert(dump, Options(DumpFormat.Elf));
        Assert.InRange(blocks.UnpackedInAll, 4096, 4096 + 16);
    }

    [Fact]
    public void ExportedCoresAreCutAround()
    {
        // Two of the pages that are mapped, one of them twice, are damaged: 8 and 5 of 16.
        var machine = new SmallMachine("ia32e");
        using MemoryDump whole = new PackedMemory(_folder, machine.Memory, Page, false).Open(SmallMachine.RamBase, Of(machine));
        ExportSummary all = Cores.Export(whole, whole.Space(), _folder.File("whole"));
        using MemoryDump dump = new PackedMemory(_folder, machine.Memory, Page, false, 8).Open(SmallMachine.RamBase, Of(machine));
        ExportSummary cut = Cores.Export(dump, dump.Space(), _folder.File("cut"));
        Assert.Equal(all.DataSize - Page, cut.DataSize);
        Assert.Contains(cut.Warnings, w => w.Contains("damaged", StringComparison.Ordinal) && w.Contains("0x108000", StringComparison.Ordinal));
        ElfProgramHeader[] left = Loads(_folder.File("cut"));
        Assert.Equal([(0x11000UL, SmallMachine.RamBase + 0x9000, 0x1000UL), (0x12000UL, SmallMachine.RamBase + 0x5000, 0x1000UL)],
            left.Select(l => (l.VirtualAddress, l.PhysicalAddress, l.FileSize)));
        byte[] file = File.ReadAllBytes(_folder.File("cut"));
        Assert.All(left, l => Assert.Equal(
            machine.Memory.AsSpan((int)(l.PhysicalAddress - SmallMachine.RamBase), Page), file.AsSpan((int)l.Offset, Page)));
    }

    [Fact]
    public void ExportedCoresHaveZerosWhereTheyWereAskedFor()
    {
        var machine = new SmallMachine("ia32e");
        using MemoryDump dump = new PackedMemory(_folder, machine.Memory, Page, true, 8).Open(SmallMachine.RamBase, Of(machine));
        Cores.Export(dump, dump.Space(), _folder.File("core"));
        ElfProgramHeader load = Loads(_folder.File("core"))[0];
        Assert.Equal(0x2000UL, load.FileSize);
        Assert.Equal(new byte[Page], File.ReadAllBytes(_folder.File("core")).AsSpan((int)load.Offset, Page).ToArray());
    }

    [Fact]
    public void AllDamagedIsNothingToExport()
    {
        var machine = new SmallMachine("ia32e");
        using MemoryDump dump = new PackedMemory(_folder, machine.Memory, Page, false, 8, 9, 5).Open(SmallMachine.RamBase, Of(machine));
        Throws.Error("NothingToExport", () => Cores.Export(dump, dump.Space(), _folder.File("core")));
        Assert.False(File.Exists(_folder.File("core")));
    }

    [Fact]
    public void SegmentsAreCutLikeBytesAre()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 500; round++)
        {
            ulong top = round % 2 == 0 ? 0 : unchecked(0UL - 200);
            var damaged = new List<(ulong Start, ulong Size)>();
            for (int at = random.Next(8); at < 190;)
            {
                int size = random.Next(1, 20);
                size = Math.Min(size, 200 - at);
                damaged.Add((top + (ulong)at, (ulong)size));
                at += size + random.Next(1, 30);
            }

            CoreSegment[] segments = [.. Enumerable.Range(0, 5).Select(i =>
            {
                int start = random.Next(199);
                return new CoreSegment((ulong)(i * 1000), top + (ulong)start, (ulong)random.Next(1, 201 - start), ElfSegmentFlags.Read);
            })];
            HashSet<(ulong, ulong)> expected = [.. segments.SelectMany(s => Enumerable.Range(0, (int)s.Size)
                .Select(i => (s.VirtualAddress + (ulong)i, s.PhysicalAddress + (ulong)i)))
                .Where(b => !damaged.Exists(d => b.Item2 - d.Start < d.Size))];
            (ulong, ulong)[] actual = [.. SoundSegments.Of(segments, damaged).SelectMany(s => Enumerable.Range(0, (int)s.Size)
                .Select(i => (s.VirtualAddress + (ulong)i, s.PhysicalAddress + (ulong)i)))];
            Assert.Equal(expected.Count, actual.Length);
            Assert.Superset(actual.ToHashSet(), expected);
        }
    }

    [Fact]
    public void DamagedBytesMatchNothing()
    {
        var machine = new SmallMachine("ia32e");
        byte[] text = "needle"u8.ToArray();
        foreach (int at in new[] { 0x8100, 0x8ffd, 0x9100, 0x5100 })
        {
            text.CopyTo(machine.Memory, at);
        }

        using MemoryDump dump = new PackedMemory(_folder, machine.Memory, Page, false, 8).Open(SmallMachine.RamBase, Of(machine));
        foreach (SearchPattern pattern in new SearchPattern[] { SearchPattern.Text("needle"), SearchPattern.Regex("n[e]+dle") })
        {
            var request = new SearchRequest { Patterns = [pattern], ContextBefore = 0x200 };
            SearchHit[] physical = [.. MemorySearch.FindPhysical(dump, request)];
            Assert.Equal([SmallMachine.RamBase + 0x5100, SmallMachine.RamBase + 0x9100], physical.Select(h => h.PhysicalAddress));
            Assert.Null(physical[1].ContextBefore[0]);
            SearchHit[] hits = [.. MemorySearch.Find(dump.Space(), request)];
            Assert.Equal([0x12100UL, 0x11100], hits.Select(h => h.VirtualAddress!.Value));
        }

        var zeros = new SearchRequest { Patterns = [SearchPattern.Bytes("00 00 00 00 00 00 00 00")] };
        Assert.DoesNotContain(MemorySearch.FindPhysical(dump, zeros), h => h.PhysicalAddress - SmallMachine.RamBase is > 0x7ff8 and < 0x9000);
    }

    private static Machine Of(SmallMachine machine) => new()
    {
        Architecture = Architecture.X86,
        WordSize = 64,
        Mode = "ia64",
        Cpus = [new Cpu(0, machine.Registers)],
    };

    private static ElfProgramHeader[] Loads(string path)
    {
        using var input = new ElfFileInput(path);
        return [.. ElfReader.Open(input).ReadProgramHeaders().Where(h => h.Type == ElfSegmentType.Load)];
    }

    /// <summary>The stretches of whole pages that have no damaged byte.</summary>
    private static List<(ulong Start, ulong Size)> Sound(int length, int blockSize, int[] damaged)
    {
        var sound = new List<(ulong Start, ulong Size)>();
        for (int page = 0; page < length / Page; page++)
        {
            bool isSound = !damaged.Any(d => (long)d * blockSize < (page + 1) * Page && page * Page < ((long)d + 1) * blockSize);
            ulong start = Base + ((ulong)page * Page);
            if (isSound && sound.Count > 0 && sound[^1].Start + sound[^1].Size == start)
            {
                sound[^1] = (sound[^1].Start, sound[^1].Size + Page);
            }
            else if (isSound)
            {
                sound.Add((start, Page));
            }
        }

        return sound;
    }

    private static void AssertBytes(MemoryDump dump, byte[] bytes)
    {
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            byte[] read = new byte[run.Size];
            Assert.True(dump.Memory.TryRead(run.Start, read));
            Assert.True(bytes.AsSpan((int)(run.Start - Base), read.Length).SequenceEqual(read));
        }
    }

    private ConversionOptions Options(DumpFormat format) => new() { Path = _folder.File("out." + format), Format = format };
}
