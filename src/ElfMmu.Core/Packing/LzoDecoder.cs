using System.Runtime.CompilerServices;

namespace ElfMmu.Packing;

/// <summary>
/// Decompresses LZO1X streams, whatever level made them: instructions of literals and matches, with a marker at the end. It has no state, takes no
/// memory, and writes nowhere but to its destination.
/// </summary>
/// <remarks>The format is described in the Linux kernel's Documentation/staging/lzo.rst.</remarks>
internal static unsafe class LzoDecoder
{
    private const int MinMatch = 2;

    // What a copy in steps of 8 bytes may write or read behind its end.
    private const int Slack = 8;

    /// <summary>Decompresses a stream. O(source + destination).</summary>
    /// <param name="source">The whole stream, with its end marker.</param>
    /// <param name="destination">Takes what comes out.</param>
    /// <returns>How many bytes came out; -1 when the stream is damaged or more would come out.</returns>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return from == null || to == null ? -1 : Decode(from, source.Length, to, destination.Length);
        }
    }

    private static int Decode(byte* input, int inputSize, byte* start, int outputSize)
    {
        byte* inputEnd = input + inputSize;
        byte* output = start;
        byte* outputEnd = start + outputSize;

        // How many literals the last instruction ended with: 0 to 3, or 4 behind a run of them. It says what a small instruction means.
        int state = 0;
        if (*input > 17)
        {
            int count = *input++ - 17;
            if (!Literals(ref input, inputEnd, ref output, outputEnd, count))
            {
                return -1;
            }

            state = Math.Min(count, 4);
        }

        while (input < inputEnd)
        {
            int instruction = *input++;
            int distance;
            int length;
            int after = instruction & 3;
            if (instruction >= 64)
            {
                if (input >= inputEnd)
                {
                    return -1;
                }

                distance = (*input++ << 3) + ((instruction >> 2) & 7) + 1;
                length = (instruction >> 5) - 1 + MinMatch;
            }
            else if (instruction >= 16)
            {
                bool isFar = instruction < 32;
                int most = isFar ? 7 : 31;
                length = instruction & most;
                if (length == 0 && (length = Length(ref input, inputEnd, most)) < 0)
                {
                    return -1;
                }

                if (inputEnd - input < 2)
                {
                    return -1;
                }

                int low = input[0] | (input[1] << 8);
                input += 2;
                after = low & 3;
                distance = (low >> 2) + 1;
                length += MinMatch;
                if (isFar)
                {
                    distance += 0x3fff + ((instruction & 8) << 11);
                    if (distance == 0x4000)
                    {
                        return length == MinMatch + 1 && input == inputEnd ? (int)(output - start) : -1;
                    }
                }
            }
            else if (state == 0)
            {
                length = instruction;
                if (length == 0 && (length = Length(ref input, inputEnd, 15)) < 0)
                {
                    return -1;
                }

                if (!Literals(ref input, inputEnd, ref output, outputEnd, length + 3))
                {
                    return -1;
                }

                state = 4;
                continue;
            }
            else
            {
                if (input >= inputEnd)
                {
                    return -1;
                }

                distance = (*input++ << 2) + (instruction >> 2) + (state == 4 ? 0x801 : 1);
                length = state == 4 ? MinMatch + 1 : MinMatch;
            }

            if (distance > output - start || length > outputEnd - output)
            {
                return -1;
            }

            Match(ref output, outputEnd, distance, length);
            if (after > 0 && !Literals(ref input, inputEnd, ref output, outputEnd, after))
            {
                return -1;
            }

            state = after;
        }

        // Without its marker it was cut off.
        return -1;
    }

    /// <summary>A length that didn't fit its instruction: 255 for each zero byte, and the byte behind them.</summary>
    private static int Length(ref byte* input, byte* inputEnd, int most)
    {
        const int Largest = int.MaxValue / 2;
        int length = most;
        for (; input < inputEnd && length < Largest; input++)
        {
            if (*input != 0)
            {
                return length + *input++;
            }

            length += 255;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Literals(ref byte* input, byte* inputEnd, ref byte* output, byte* outputEnd, int count)
    {
        if (count > inputEnd - input || count > outputEnd - output)
        {
            return false;
        }

        if (count <= Slack && inputEnd - input >= Slack && outputEnd - output >= Slack)
        {
            *(ulong*)output = *(ulong*)input;
        }
        else
        {
            Unsafe.CopyBlockUnaligned(output, input, (uint)count);
        }

        input += count;
        output += count;
        return true;
    }

    /// <summary>Repeats what came out before; it may go on in what it makes itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Match(ref byte* output, byte* outputEnd, int distance, int length)
    {
        byte* to = output;
        byte* from = to - distance;
        output = to + length;
        if (distance >= Slack && outputEnd - output >= Slack)
        {
            for (; to < output; to += Slack, from += Slack)
            {
                *(ulong*)to = *(ulong*)from;
            }
        }
        else if (distance == 1)
        {
            Unsafe.InitBlockUnaligned(to, *from, (uint)length);
        }
        else
        {
            while (to < output)
            {
                *to++ = *from++;
            }
        }
    }
}
