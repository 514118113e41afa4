using System.Buffers.Binary;
using ElfMmu.Packing;

namespace ElfMmu.Tests.Packing;

/// <summary>Packs as snappy does, though not as well: whatever came before at the same four bytes is copied.</summary>
internal static class SnappyPacker
{
    /// <summary>A raw block.</summary>
    public static byte[] Block(ReadOnlySpan<byte> plain)
    {
        var packed = new List<byte>(SnappyElements.Length((uint)plain.Length));
        var seen = new Dictionary<uint, int>();
        int literal = 0;
        int at = 0;
        while (at + 4 <= plain.Length)
        {
            uint key = BinaryPrimitives.ReadUInt32LittleEndian(plain[at..]);
            bool isKnown = seen.TryGetValue(key, out int before) && at - before < 65536;
            seen[key] = at;
            if (!isKnown)
            {
                at++;
                continue;
            }

            Literal(packed, plain[literal..at]);
            int size = plain[at..].CommonPrefixLength(plain[before..]);
            int offset = at - before;
            for (int done = 0; done < size;)
            {
                int part = Math.Min(64, size - done);
                packed.AddRange([(byte)(2 | ((part - 1) << 2)), (byte)offset, (byte)(offset >> 8)]);
                done += part;
            }

            at += size;
            literal = at;
        }

        Literal(packed, plain[literal..]);
        return [.. packed];
    }

    /// <summary>A stream of the framing format; chunks that don't pack are stored.</summary>
    public static byte[] Stream(ReadOnlySpan<byte> plain)
    {
        var stream = new List<byte>(SnappyChunk.StreamStart.ToArray());
        for (int at = 0; at < plain.Length; at += 65536)
        {
            ReadOnlySpan<byte> chunk = plain.Slice(at, Math.Min(65536, plain.Length - at));
            byte[] packed = Block(chunk);
            bool isStored = packed.Length > chunk.Length * 7 / 8;
            int size = 4 + (isStored ? chunk.Length : packed.Length);
            stream.AddRange([(byte)(isStored ? 1 : 0), (byte)size, (byte)(size >> 8), (byte)(size >> 16)]);
            byte[] checksum = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, SlowChecksum(chunk));
            stream.AddRange(checksum);
            stream.AddRange(isStored ? chunk : packed);
        }

        return [.. stream];
    }

    /// <summary>CRC-32C bit by bit, masked.</summary>
    public static uint SlowChecksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78u);
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static void Literal(List<byte> packed, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int size = bytes.Length - 1;
        packed.AddRange([(byte)((size < 60 ? size : 61) << 2)]);
        if (size >= 60)
        {
            packed.AddRange([(byte)size, (byte)(size >> 8)]);
        }

        packed.AddRange(bytes);
    }
}
