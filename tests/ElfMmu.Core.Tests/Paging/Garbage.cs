using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Memory full of random bytes, and requests to walk it with random registers.</summary>
internal static class Garbage
{
    private const int Size = 1 << 18;

    /// <summary>A memory.</summary>
    public static PhysicalMemory Memory(Random random)
    {
        var source = new MemoryDataSource("garbage", Size);
        ulong start = (ulong)random.Next(16) << 16;
        Fill(source.Bytes, random, start);
        return new PhysicalMemory([new PhysicalRun(start, source.Length, source, 0)]);
    }

    /// <summary>A request to walk it.</summary>
    public static WalkRequest Request(PagingMode mode, PhysicalMemory memory, Random random)
    {
        ulong start = memory.Runs[0].Start;
        PagingRegister?[] registers = [mode.RootRegister, mode.SecondRootRegister, mode.ControlRegister, .. mode.OtherRegisters];
        var options = new PagingOptions
        {
            PhysicalAddressBits = random.Next(2) == 0 ? null : random.Next(32, 65),
            ByteOrder = (ByteOrder)random.Next(2),
            Registers = new RegisterSet(registers.OfType<PagingRegister>().Where(_ => random.Next(4) != 0)
                .Select(r => KeyValuePair.Create(r.Name, Value(random, start)))),
        };
        return new WalkRequest
        {
            Memory = memory,
            Map = new PhysicalMap(memory, []),
            Root = Root(mode, options, Value(random, start)),
            Options = options,
            IncludeAbsent = random.Next(2) == 0,
            PerPage = random.Next(2) == 0,
        };
    }

    private static ulong Root(PagingMode mode, PagingOptions options, ulong value)
    {
        try
        {
            return mode.DecodeRoot(value, options);
        }
        catch (ElfMmuException)
        {
            // The walk refuses it too.
            return value;
        }
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
