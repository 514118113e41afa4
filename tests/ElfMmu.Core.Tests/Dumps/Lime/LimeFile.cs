using System.Buffers.Binary;
using ElfMmu.Packing;
using ElfMmu.Tests.Packing;

namespace ElfMmu.Tests.Dumps.Lime;

/// <summary>Writes what LiME and AVML write, and reads LiME, by the layout alone.</summary>
internal sealed class LimeFile
{
    private readonly List<byte> _bytes = [];

    /// <summary>Compares stretches with their bytes.</summary>
    public static IEqualityComparer<(ulong Start, byte[] Bytes)> Comparer { get; } =
        EqualityComparer<(ulong Start, byte[] Bytes)>.Create(
            (a, b) => a.Start == b.Start && a.Bytes.AsSpan().SequenceEqual(b.Bytes), s => s.Start.GetHashCode());

    /// <summary>Whether headers are those of a machine with the highest byte first.</summary>
    public bool IsBig { get; init; }

    /// <summary>Where each header is.</summary>
    public List<int> Headers { get; } = [];

    /// <summary>A range of LiME: a header and the bytes.</summary>
    public LimeFile Range(ulong start, ReadOnlySpan<byte> memory)
    {
        Header(0x4c694d45, 1, start, start + (ulong)memory.Length - 1);
        _bytes.AddRange(memory);
        return this;
    }

    /// <summary>A packed block of AVML.</summary>
    public LimeFile Packed(ulong start, ReadOnlySpan<byte> memory) => Stream(start, start + (ulong)memory.Length - 1, SnappyPacker.Stream(memory));

    /// <summary>A packed block whose stream is given.</summary>
    public LimeFile Stream(ulong start, ulong last, byte[] stream)
    {
        Header(0x4c4d5641, 2, start, last);
        _bytes.AddRange(stream);
        Number((ulong)stream.Length);
        return this;
    }

    /// <summary>Memory as AVML writes it: in blocks of 16 MiB, without those that are all zeros.</summary>
    public LimeFile Avml(ulong start, ReadOnlySpan<byte> memory, bool isPacked = true)
    {
        const int BlockSize = 16 << 20;
        for (int at = 0; at < memory.Length; at += BlockSize)
        {
            ReadOnlySpan<byte> block = memory.Slice(at, Math.Min(BlockSize, memory.Length - at));
            if (block.ContainsAnyExcept((byte)0))
            {
                _ = isPacked ? Packed(start + (ulong)at, block) : Range(start + (ulong)at, block);
            }
        }

        return this;
    }

    public LimeFile Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>Where the chunks of a block are in the file.</summary>
    public static List<int> Chunks(ReadOnlySpan<byte> file, int header)
    {
        var chunks = new List<int>();
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file[(header + 16)..]) - BinaryPrimitives.ReadUInt64LittleEndian(file[(header + 8)..]) + 1;
        int at = header + 32;
        for (ulong done = 0; done < length;)
        {
            var chunk = SnappyChunk.Read(file[at..]);
            chunk.TryMeasure(file.Slice(at, Math.Min(SnappyChunk.MeasureSize, 4 + chunk.Size)), out int unpacked, out _);
            if (unpacked > 0)
            {
                chunks.Add(at);
            }

            done += (ulong)unpacked;
            at += 4 + chunk.Size;
        }

        return chunks;
    }

    /// <summary>The stretches in the order of the file.</summary>
    public static List<(ulong Start, byte[] Bytes)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var stretches = new List<(ulong Start, byte[] Bytes)>();
        for (int at = 0; at < file.Length;)
        {
            ReadOnlySpan<byte> header = file.AsSpan(at, 32);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x4c694d45 || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != 1
                || BinaryPrimitives.ReadUInt64LittleEndian(header[24..]) != 0)
            {
                throw new InvalidDataException($"No header at {at}.");
            }

            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            int size = (int)(BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) - start + 1);
            stretches.Add((start, file[(at + 32)..(at + 32 + size)]));
            at += 32 + size;
        }

        return stretches;
    }

    public void Header(uint magic, uint version, ulong start, ulong last)
    {
        Headers.Add(_bytes.Count);
        Span<byte> header = stackalloc byte[8];
        if (IsBig)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header, magic);
            BinaryPrimitives.WriteUInt32BigEndian(header[4..], version);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header, magic);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], version);
        }

        _bytes.AddRange(header);
        Number(start);
        Number(last);
        Number(0);
    }

    private void Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (IsBig)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        }

        _bytes.AddRange(bytes);
    }
}
