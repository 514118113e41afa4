using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace ElfMmu.Packing;

/// <summary>
/// Decompresses blocks of snappy's raw format: a length, then literals and copies of what came out before. It allocates nothing, and
/// neither reads nor writes outside the spans whatever the block says.
/// </summary>
internal static unsafe class SnappyDecoder
{
    // The most bytes of a length: 7 bits each, 32 in all.
    private const int MostLengthBytes = 5;

    /// <summary>The length that a block says it unpacks to. O(1).</summary>
    /// <param name="packed">The block, or at least its first five bytes.</param>
    /// <param name="length">The length in bytes; 0 where it can't be read.</param>
    /// <param name="size">The bytes that the length takes.</param>
    /// <returns>False when it is cut off or doesn't fit 32 bits.</returns>
    public static bool TryReadLength(ReadOnlySpan<byte> packed, out uint length, out int size)
    {
        ulong value = 0;
        for (size = 0; size < packed.Length && size < MostLengthBytes;)
        {
            byte next = packed[size];
            value |= (ulong)(next & 0x7f) << (7 * size++);
            if (next < 0x80)
            {
                length = value <= uint.MaxValue ? (uint)value : 0;
                return value <= uint.MaxValue;
            }
        }

        length = 0;
        return false;
    }

    /// <summary>Unpacks a block. O(what comes out).</summary>
    /// <param name="packed">The whole block and nothing behind it.</param>
    /// <param name="destination">Takes what comes out, which is exactly as long; undefined when it is damaged.</param>
    /// <returns>False when it is damaged, or unpacks to another length.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        if (!TryReadLength(packed, out uint length, out int start) || length != (uint)destination.Length)
        {
            return false;
        }

        fixed (byte* source = packed)
        fixed (byte* target = destination)
        {
            return Decode(source + start, source + packed.Length, target, target + destination.Length);
        }
    }

    private static bool Decode(byte* from, byte* fromEnd, byte* start, byte* end)
    {
        byte* to = start;
        while (from < fromEnd)
        {
            uint tag = *from++;
            uint size = (tag >> 2) + 1;
            if ((tag & 3) == 0)
            {
                if (size <= 16 && fromEnd - from >= 16 && end - to >= 16)
                {
                    // Most literals are short: what is copied too much is written over by what follows.
                    Vector128.Load(from).Store(to);
                }
                else if (!TryLiteral(ref from, fromEnd, to, end, ref size))
                {
                    return false;
                }

                from += size;
                to += size;
                continue;
            }

            if (!TryOffset(ref from, fromEnd, tag, ref size, out uint offset) || offset - 1u >= (ulong)(to - start) || size > (ulong)(end - to))
            {
                return false;
            }

            Copy(to, offset, size, end);
            to += size;
        }

        return to == end;
    }

    private static bool TryLiteral(ref byte* from, byte* fromEnd, byte* to, byte* end, ref uint size)
    {
        if (size > 60)
        {
            int bytes = (int)size - 60;
            if (fromEnd - from < bytes)
            {
                return false;
            }

            uint value = 0;
            for (int i = bytes - 1; i >= 0; i--)
            {
                value = (value << 8) | from[i];
            }

            // The longest there is, 2^32 bytes, has no place in a span.
            if (value == uint.MaxValue)
            {
                return false;
            }

            size = value + 1;
            from += bytes;
        }

        if (size > (ulong)(fromEnd - from) || size > (ulong)(end - to))
        {
            return false;
        }

        new ReadOnlySpan<byte>(from, (int)size).CopyTo(new Span<byte>(to, (int)size));
        return true;
    }

    private static bool TryOffset(ref byte* from, byte* fromEnd, uint tag, ref uint size, out uint offset)
    {
        int bytes = (tag & 3) == 3 ? 4 : (int)(tag & 3);
        offset = 0;
        if (fromEnd - from < bytes)
        {
            return false;
        }

        switch (bytes)
        {
            case 1:
                size = ((tag >> 2) & 7) + 4;
                offset = ((tag >> 5) << 8) | *from;
                break;
            case 2:
                offset = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(from, 2));
                break;
            default:
                offset = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(from, 4));
                break;
        }

        from += bytes;
        return true;
    }

    /// <summary>Repeats what stands before; a copy that reaches into itself goes on with its own beginning.</summary>
    private static void Copy(byte* to, uint offset, uint size, byte* end)
    {
        byte* from = to - offset;
        if (offset >= 16 && end - to >= 64)
        {
            // At most 64 bytes, in steps that don't reach into themselves; what is too much is written over.
            for (uint done = 0; done < size; done += 16)
            {
                Vector128.Load(from + done).Store(to + done);
            }
        }
        else if (offset == 1)
        {
            new Span<byte>(to, (int)size).Fill(*from);
        }
        else if (end - to >= 96)
        {
            // A short pattern, said twice, four times..., until a step of eight doesn't reach into itself.
            uint period = offset;
            while (period < 8)
            {
                period *= 2;
            }

            uint done = 0;
            for (; done < period - offset; done++)
            {
                to[done] = from[done];
            }

            for (from = to - period; done < size; done += 8)
            {
                *(ulong*)(to + done) = *(ulong*)(from + done);
            }
        }
        else
        {
            for (uint i = 0; i < size; i++)
            {
                to[i] = from[i];
            }
        }
    }
}
