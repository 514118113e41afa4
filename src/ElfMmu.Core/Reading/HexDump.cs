using System.Buffers;
using System.Text;

namespace ElfMmu.Reading;

/// <summary>Bytes as people read them: the address, sixteen bytes in hexadecimal, and what is a character of ASCII.</summary>
public static class HexDump
{
    /// <summary>How many bytes stand in a line.</summary>
    public const int LineBytes = 16;

    /// <summary>More characters than any line has.</summary>
    public const int LineSize = 96;

    /// <summary>The lines of a block, each ended by a line feed. O(bytes).</summary>
    /// <param name="block">The bytes; those that aren't there are shown as question marks.</param>
    /// <param name="digits">How many digits an address has: 8 or 16.</param>
    public static string Lines(MemoryBlock block, int digits)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(block, digits, text);
        return Encoding.ASCII.GetString(text.WrittenSpan);
    }

    /// <summary>Writes the lines of a block in ASCII, each ended by a line feed. O(bytes); nothing is allocated.</summary>
    /// <param name="block">The bytes; those that aren't there are shown as question marks.</param>
    /// <param name="digits">How many digits an address has: 8 or 16.</param>
    /// <param name="output">Takes the lines.</param>
    public static void Write(MemoryBlock block, int digits, IBufferWriter<byte> output)
    {
        int range = 0;
        for (int at = 0; at < block.Bytes.Length; at += LineBytes)
        {
            Span<byte> line = output.GetSpan(LineSize);
            ReadOnlySpan<byte> bytes = block.Bytes.AsSpan(at, Math.Min(LineBytes, block.Bytes.Length - at));
            ulong address = block.Address + (ulong)at;

            // Bit by bit, which of these aren't there; the ranges ascend as the lines do.
            int missing = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                while (range < block.Absent.Count && block.Absent[range].Last < address + (ulong)i)
                {
                    range++;
                }

                missing |= range < block.Absent.Count && block.Absent[range].Address <= address + (ulong)i ? 1 << i : 0;
            }

            output.Advance(Line(line, address, digits, bytes, missing));
        }
    }

    private static int Line(Span<byte> line, ulong address, int digits, ReadOnlySpan<byte> bytes, int missing)
    {
        int at = Hex(line, address, digits);
        line[at++] = (byte)' ';
        for (int i = 0; i < LineBytes; i++)
        {
            line[at++] = (byte)' ';
            if (i == LineBytes / 2)
            {
                line[at++] = (byte)' ';
            }

            if (i >= bytes.Length || (missing & (1 << i)) != 0)
            {
                line.Slice(at, 2).Fill(i < bytes.Length ? (byte)'?' : (byte)' ');
                at += 2;
            }
            else
            {
                at += Hex(line[at..], bytes[i], 2);
            }
        }

        line[at++] = (byte)' ';
        line[at++] = (byte)' ';
        for (int i = 0; i < bytes.Length; i++)
        {
            line[at++] = (missing & (1 << i)) != 0 ? (byte)' ' : bytes[i] is >= 0x20 and < 0x7f ? bytes[i] : (byte)'.';
        }

        line[at++] = (byte)'\n';
        return at;
    }

    private static int Hex(Span<byte> text, ulong value, int digits)
    {
        for (int i = digits - 1; i >= 0; i--, value >>= 4)
        {
            text[i] = "0123456789abcdef"u8[(int)(value & 15)];
        }

        return digits;
    }
}
