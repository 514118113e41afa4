using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Memory full of random bytes with random registers, through every mode: a walk ends, with mappings that are sound or with one
/// error of ours.
/// </summary>
public class GarbageTests
{
    private const int Seeds = 60;
    private const int Enough = 20_000;

    public static TheoryData<string> Modes => [.. PagingModes.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Modes))]
    public void AWalkOverGarbageEnds(string name)
    {
        PagingMode mode = PagingModes.Get(name);
        int mapped = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var source = new MemoryDataSource("garbage", 1 << 18);
            ulong start = (ulong)random.Next(16) << 16;
            Fill(source.Bytes, random, start);
            using var memory = new PhysicalMemory([new PhysicalRun(start, source.Length, source, 0)]);
            PagingRegister?[] registers = [mode.RootRegister, mode.SecondRootRegister, mode.ControlRegister, .. mode.OtherRegisters];
            var options = new PagingOptions
            {
                PhysicalAddressBits = random.Next(2) == 0 ? null : random.Next(32, 65),
                ByteOrder = (ByteOrder)random.Next(2),
                Registers = new RegisterSet(registers.OfType<PagingRegister>().Where(_ => random.Next(4) != 0)
                    .Select(r => KeyValuePair.Create(r.Name, Value(random, start)))),
            };
            var sink = new MappingList(Enough);
            try
            {
                mode.Walk(
                    new WalkRequest
                    {
                        Memory = memory,
                        Map = new PhysicalMap(memory, []),
                        Root = mode.DecodeRoot(Value(random, start), options),
                        Options = options,
                        IncludeAbsent = random.Next(2) == 0,
                        PerPage = random.Next(2) == 0,
                    },
                    ref sink);
            }
            catch (ElfMmuException)
            {
                // Refusing is as good as any answer.
            }

            mapped += sink.Items.Count;
            ulong? last = null;
            foreach (Mapping mapping in sink.Items)
            {
                Assert.True(mapping.Size > 0 && mapping.VirtualAddress <= mapping.LastAddress, $"{mapping} of seed {seed}");
                Assert.True(last == null || mapping.VirtualAddress > last, $"{mapping} of seed {seed} comes too late.");
                last = mapping.LastAddress;
            }
        }

        Assert.True(mapped > 0, "Nothing came of it.");
    }

    /// <summary>Random bytes, among them words that look like entries: a frame of this memory with random flags below it.</summary>
    private static void Fill(Span<byte> bytes, Random random, ulong start)
    {
        random.NextBytes(bytes);
        int size = random.Next(2) == 0 ? 4 : 8;
        int shift = random.Next(2) * 2;
        bool swapped = random.Next(2) == 0;
        Span<byte> word = stackalloc byte[8];
        for (int at = 0; at < bytes.Length; at += size)
        {
            if (random.Next(8) != 0)
            {
                ulong entry = ((start + ((ulong)random.Next(64) << 12)) >> shift) | (uint)random.Next(1 << (12 - shift));
                BinaryPrimitives.WriteUInt64LittleEndian(word, entry);
                if (swapped)
                {
                    word[..size].Reverse();
                }

                word[..size].CopyTo(bytes[at..]);
            }
        }
    }

    /// <summary>Often the address of a table with some low bits, else anything.</summary>
    private static ulong Value(Random random, ulong start) => random.Next(3) switch
    {
        0 => (ulong)random.NextInt64(),
        _ => start + ((ulong)random.Next(48) << 12) + (ulong)(random.Next(2) * random.Next(64)),
    };
}
