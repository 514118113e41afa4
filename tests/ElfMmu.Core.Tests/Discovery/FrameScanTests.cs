using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ElfMmu.Discovery;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>The one look at all frames: it means what a look at one entry after the other means, and holes are zeros.</summary>
public sealed class FrameScanTests
{
    private const int Size = 6 << 20;

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x7000UL)]
    [InlineData(0x123UL)]
    public void MeansWhatEachEntryAloneMeans(ulong start)
    {
        byte[] image = Image(1);
        using var folder = new TempFolder();
        DataSource source = DataSourceFactory.Open(folder.Write("image", image));
        using var memory = new PhysicalMemory([new PhysicalRun(start, Size - (start & 0xfff) - 0x800, source, start & 0xfff)]);
        Check<X86Test64>(memory, default, 12, 12);
        Check(memory, new X86Test32(0x8000), 12, 12);
        Check<RiscVTest64>(memory, default, 12, 12);
        Check<RiscVTest32>(memory, default, 12, 12);
        Check(memory, new ArmTest64(0x0003_c000_0000_0000), 12, 12);
        Check(memory, new ArmTest64(0x0003_c000_0000_3000), 14, 14);
        Check(memory, new ArmTest64(0x0003_c000_0000_f000), 16, 16);
        Check<ArmTest32>(memory, default, 10, 14);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SeesInASparseFileWhatItSeesInAFullOne(bool mapped)
    {
        using var folder = new TempFolder();
        byte[] image = Image(2);
        string full = folder.Write("full", image);
        string sparse = folder.File("sparse");
        var zeros = new byte[4096];
        using (var file = new FileStream(sparse, FileMode.Create))
        {
            file.SetLength(image.Length);
            for (int i = 0; i < image.Length; i += 4096)
            {
                if (!image.AsSpan(i, 4096).SequenceEqual(zeros))
                {
                    file.Position = i;
                    file.Write(image, i, 4096);
                }
            }
        }

        foreach (ulong start in new ulong[] { 0, 0x5000 })
        {
            List<FrameBits> expected = Scan(full, start, true);
            List<FrameBits> actual = Scan(sparse, start, mapped);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Indexes(), pair.Second.Indexes()));
            Assert.All(expected, bits => Assert.True(bits.Count() > 0));
        }
    }

    private static List<FrameBits> Scan(string path, ulong start, bool mapped)
    {
        using var memory = new PhysicalMemory([new PhysicalRun(start, Size, DataSourceFactory.Open(path, mapped), 0)]);
        TableScan[] scans =
        [
            new TableScan<X86Test64>(default, memory.PageCount, 12, 12),
            new TableScan<ArmTest64>(new ArmTest64(0x0003_c000_0000_0000), memory.PageCount, 14, 14),
            new TableScan<ArmTest64>(new ArmTest64(0x0003_c000_0000_0000), memory.PageCount, 16, 16),
            new TableScan<ArmTest32>(default, memory.PageCount, 10, 14),
        ];
        var pointers = new PointerScan(memory.PageCount, 0x7fff_c000_0000_01c7, 1, 4);
        FrameScan scan = FrameScan.Run(memory, [.. scans, pointers], null, default);
        return [scan.Zeros, pointers.Frames, .. scans.SelectMany(s => new[] { s.Last, s.Directory })];
    }

    private static void Check<TTest>(PhysicalMemory memory, TTest test, int lastShift, int directoryShift)
        where TTest : struct, IEntryTest
    {
        var scan = new TableScan<TTest>(test, memory.PageCount, lastShift, directoryShift);
        PointerScan[] pointers = [.. new[] { 2, 4 }.Select(n => new PointerScan(memory.PageCount, 0x7fff_c000_0000_01c7, 1, n))];
        FrameScan found = FrameScan.Run(memory, [scan, .. pointers], null, default);
        PhysicalRun run = memory.Runs[0];
        byte[] bytes = new byte[run.Size];
        run.Source.Read(run.Offset, bytes);
        ulong first = (run.Start + 0xfff) & ~0xfffUL;
        ulong end = (run.Start + run.Size) & ~0xfffUL;
        for (ulong address = first; address < end; address += 0x1000)
        {
            int hint = 0;
            ulong index = memory.PageIndex(address, hint);
            ReadOnlySpan<byte> rest = bytes.AsSpan((int)(address - run.Start), (int)(end - address));
            bool zero = rest[..4096].IndexOfAnyExcept((byte)0) < 0;
            Assert.Equal(zero, found.Zeros[index]);
            Assert.Equal(!zero && Holds(rest[..4096], 2), pointers[0].Frames[index]);
            Assert.Equal(!zero && Holds(rest[..4096], 4), pointers[1].Frames[index]);
            Assert.Equal(IsAligned(address, rest, directoryShift) && Classify(test, rest[..(1 << directoryShift)]).Directory, scan.Directory[index]);
            for (int part = 0; part < 1 << scan.Last.PartShift; part++)
            {
                bool expected = IsAligned(address, rest, lastShift) && Classify(test, rest.Slice(part << lastShift, 1 << lastShift)).Last;
                Assert.Equal(expected, scan.Last[(index << scan.Last.PartShift) | (uint)part]);
            }
        }

        Assert.True(scan.Last.Count() > 0 && scan.Directory.Count() > 0);
    }

    private static bool IsAligned(ulong address, ReadOnlySpan<byte> rest, int shift) =>
        (address & ((1UL << shift) - 1) & ~0xfffUL) == 0 && rest.Length >= 1 << shift;

    /// <summary>Whether so many entries side by side all have the pattern or are zero, and one has.</summary>
    private static bool Holds(ReadOnlySpan<byte> frame, int entries)
    {
        for (int i = 0; i < frame.Length; i += 8 * entries)
        {
            ulong[] values = [.. MemoryMarshal.Cast<byte, ulong>(frame.Slice(i, 8 * entries))];
            bool[] fits = [.. values.Select(v => (v & 0x7fff_c000_0000_01c7) == 1 && v > 0xfff)];
            if (fits.Any(f => f) && values.Zip(fits).All(v => v.Second || v.First == 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Entry by entry: few may be unlikely, and of the first 128 bytes not more than eight.</summary>
    private static (bool Directory, bool Last) Classify<TTest>(TTest test, ReadOnlySpan<byte> table)
        where TTest : struct, IEntryTest
    {
        int size = 1 << TTest.EntrySizeShift;
        int limit = table.Length / size / 16;
        int present = 0;
        int notDirectory = 0;
        int notLast = 0;
        for (int i = 0; i < table.Length; i += size)
        {
            byte[] entry = new byte[32];
            table.Slice(i, size).CopyTo(entry);
            test.Test(Vector256.Create(entry), out Vector256<byte> isPresent, out Vector256<byte> isNotDirectory, out Vector256<byte> isNotLast);
            present += isPresent[0] != 0 ? 1 : 0;
            notDirectory += isNotDirectory[0] != 0 ? 1 : 0;
            notLast += isNotLast[0] != 0 ? 1 : 0;
            if (i + size == 128 && notDirectory > Math.Min(limit, 8) && notLast > Math.Min(limit, 8))
            {
                return default;
            }
        }

        int allowed = Math.Min(limit, 4 + (present / 8));
        return (present > 0 && notDirectory <= allowed, present > 0 && notLast <= allowed);
    }

    /// <summary>Islands of tables with more or fewer mistakes, noise and zeros, of a few frames each.</summary>
    private static byte[] Image(int seed)
    {
        var random = new Random(seed);
        byte[] image = new byte[Size];
        random.NextBytes(image.AsSpan(2 << 20, (1 << 20) + (3 << 12)));
        for (int at = 0; at < Size;)
        {
            int size = Math.Min(Size - at, (1 + random.Next(40)) << 12);
            int kind = random.Next(7);
            int mistakes = random.Next(3) * random.Next(40);
            for (int i = at; i < at + size && kind < 5; i += 8)
            {
                ulong entry = (ulong)random.Next(0x800) << 16 | (kind < 2 ? 0x67UL : kind < 4 ? 0x703UL : 1);
                entry = random.Next(512) < mistakes ? (ulong)random.NextInt64() : random.Next(kind + 1) == 0 ? entry : 0;
                BitConverter.TryWriteBytes(image.AsSpan(i), entry);
            }

            at += size;
        }

        return image;
    }
}
