using ElfMmu.Discovery;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>The statistics of blocks, wherever runs and holes end: they are those of each block on its own.</summary>
public sealed unsafe class PowerPcHashScanTests
{
    private const int Size = 8 << 20;
    private const int BlockSize = 0x10000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EachBlockIsSeenAsOnItsOwn(bool mapped)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            using var folder = new TempFolder();
            string path = Sparse(folder, random);
            using PhysicalMemory memory = new(Runs(random, DataSourceFactory.Open(path, mapped)));
            var scan = new PowerPcHashScan(memory, ByteOrder.Big);
            FrameScan frames = FrameScan.Run(memory, [scan], null, default);
            _ = new PowerPcHashMap(memory, scan, frames.Zeros, default);
            Assert.Equal((int)((memory.Runs[^1].Last / BlockSize) + 1), scan.Blocks.Length);
            var scanner = new PowerPcHashScanner(scan.Format);
            var bytes = new byte[BlockSize];
            int tables = 0;
            for (uint number = 0; number < scan.Blocks.Length; number++)
            {
                PowerPcHashBlock expected = default;
                fixed (byte* block = bytes)
                {
                    if (memory.TryRead((ulong)number * BlockSize, bytes))
                    {
                        expected = scanner.Scan(block, number, 0);
                    }
                }

                tables += expected.Valid > 0 ? 1 : 0;
                Assert.Equal(Text(expected), Text(scan.Blocks[number]));
            }

            Assert.True(tables > 5, $"seed {seed}: {tables}");
        }
    }

    private static string Text(PowerPcHashBlock block) =>
        $"{block.IsClean} {block.Valid} {block.Malformed} {block.Stale} {block.Repeated} {string.Join(' ', Enumerable.Range(0, 10).Select(block.Agreeing))}";

    /// <summary>Noise, tables and nothing, in stretches of any number of pages; what is nothing is a hole.</summary>
    private static string Sparse(TempFolder folder, Random random)
    {
        byte[] tables = new PowerPcTableImage(random.Next(), 0, Size, length: Size).Add(20_000, 300).Bytes;
        string path = folder.File("sparse");
        using var file = new FileStream(path, FileMode.Create);
        file.SetLength(Size);
        for (int at = 0, size; at < Size; at += size)
        {
            size = Math.Min(Size - at, random.Next(1, 64) * 4096);
            byte[] noise = new byte[size];
            random.NextBytes(noise);
            int kind = random.Next(5);
            file.Position = at;
            file.Write(kind < 3 ? tables.AsSpan(at, size) : kind == 3 ? noise : []);
        }

        return path;
    }

    /// <summary>Runs that follow each other or don't, with any ends.</summary>
    private static List<PhysicalRun> Runs(Random random, DataSource source)
    {
        var runs = new List<PhysicalRun>();
        ulong address = (ulong)random.Next(64) * 4096;
        for (ulong offset = 0, size; offset < Size; offset += size, address += size)
        {
            size = Math.Min(Size - offset, (ulong)random.Next(1, 400) * 4096);
            size -= size > 4096 && random.Next(3) == 0 ? (ulong)random.Next(4096) : 0;
            runs.Add(new PhysicalRun(address, size, source, offset));
            address += random.Next(2) == 0 ? 0 : (ulong)random.Next(40) * 4096;
        }

        return runs;
    }
}
