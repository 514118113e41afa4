using System.Numerics;
using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The bitmap of a crash dump (<c>SDMPDUMP</c>, <c>FDMPDUMP</c>): a bit for each page from physical address 0 on, and the pages whose bit is
/// set one behind the other.
/// </summary>
/// <param name="FirstPage">The offset of the first page in the file.</param>
/// <param name="Pages">How many pages there are to be.</param>
/// <param name="Bits">How many bits there are.</param>
/// <param name="Offset">The offset of the first bit.</param>
internal readonly record struct WindowsBitmap(ulong FirstPage, ulong Pages, ulong Bits, ulong Offset)
{
    private const int HeaderSize = 0x38;
    private const int ChunkSize = 1 << 16;
    private const ulong MostBits = 1UL << 40;

    private ulong Bytes => (Bits + 7) / 8;

    /// <summary>Whether there is a bitmap's header at an offset.</summary>
    public static bool IsAt(DataSource source, int offset)
    {
        Span<byte> signature = stackalloc byte[8];
        if (source.Length < (ulong)offset + HeaderSize)
        {
            return false;
        }

        source.Read((ulong)offset, signature);
        return signature.StartsWith("SDMPDUMP"u8) || signature.StartsWith("FDMPDUMP"u8);
    }

    /// <summary>Reads the pages behind a dump's header. O(bits).</summary>
    /// <param name="source">The file, in which <see cref="IsAt"/> found a bitmap's header.</param>
    /// <param name="header">The dump's header.</param>
    /// <param name="zeroFill">Whether what isn't in the file is read as zeros.</param>
    /// <param name="warnings">Takes what is doubtful.</param>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c> or <c>DumpTruncated</c>.</exception>
    public static WindowsRuns Read(DataSource source, WindowsHeader header, bool zeroFill, List<string> warnings)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        source.Read((ulong)header.Layout.Size, bytes);
        (WindowsBitmap now, WindowsBitmap old) = Both(bytes, header.Layout);

        // The two kinds have the same signature. Which one it is shows in the bits: there are as many as pages.
        bool isOld = header.DumpType == WindowsDumpType.Summary;
        foreach (WindowsBitmap bitmap in isOld ? new[] { old, now } : [now, old])
        {
            if (bitmap.IsSound(source) && bitmap.Count(source) == bitmap.Pages)
            {
                return bitmap.Collect(source, zeroFill);
            }
        }

        if (now.IsSound(source) && !isOld)
        {
            ulong count = now.Count(source);
            warnings.Add($"The bitmap of '{source.Name}' has {count} pages, but its header says {now.Pages}. The bitmap is taken as it is; "
                + "the dump may be damaged.");
            return now.Collect(source, zeroFill);
        }

        WindowsBitmap wanted = (isOld, now.Fits, old.Fits) is (true, false, _) or (true, _, true) ? old : now;
        string what = $"0x{wanted.Bits:x} bits from offset 0x{wanted.Offset:x} on, 0x{wanted.Pages:x} pages from offset 0x{wanted.FirstPage:x} on";
        if (wanted.Fits && wanted.Offset + wanted.Bytes > source.Length)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' is cut off inside the bitmap that says which pages it holds ({what}; the file has 0x{source.Length:x} bytes). "
                + "None of its memory is there; get the whole file.")
            { Path = source.Name, Offset = source.Length };
        }

        throw new ElfMmuException(
            "DumpInconsistent",
            ErrorKind.InvalidData,
            $"The bitmap's header of '{source.Name}' at offset 0x{header.Layout.Size:x} contradicts itself or the file ({what}; the file has "
            + $"0x{source.Length:x} bytes). The dump is damaged.")
        { Path = source.Name, Offset = (ulong)header.Layout.Size };
    }

    private static (WindowsBitmap Now, WindowsBitmap Old) Both(ReadOnlySpan<byte> bytes, WindowsLayout layout)
    {
        ReadOnlySpan<ulong> longs = MemoryMarshal.Cast<byte, ulong>(bytes);
        ReadOnlySpan<uint> numbers = MemoryMarshal.Cast<byte, uint>(bytes);
        ulong at = (ulong)layout.Size;
        return (
            new WindowsBitmap(longs[4], longs[5], longs[6], at + HeaderSize),
            new WindowsBitmap(numbers[3], numbers[5], numbers[6], at + (ulong)layout.OldBitmap));
    }

    /// <summary>Whether the numbers agree with each other.</summary>
    private bool Fits => Bits is > 0 and <= MostBits && Pages > 0 && Pages <= Bits && FirstPage >= Offset + Bytes;

    private bool IsSound(DataSource source) => Fits && Bytes <= source.Length - Math.Min(Offset, source.Length);

    private ulong Count(DataSource source)
    {
        ulong count = 0;
        Scan(source, (word, _) => count += (ulong)BitOperations.PopCount(word));
        return count;
    }

    private WindowsRuns Collect(DataSource source, bool zeroFill)
    {
        var runs = new WindowsRuns(source, FirstPage, zeroFill);
        ulong start = 0;
        bool isOpen = false;
        Scan(source, (word, first) =>
        {
            for (int at = 0; at < 64;)
            {
                if (!isOpen)
                {
                    if (word >> at == 0)
                    {
                        break;
                    }

                    at += BitOperations.TrailingZeroCount(word >> at);
                    start = first + (ulong)at;
                    isOpen = true;
                    continue;
                }

                at += BitOperations.TrailingZeroCount(~(word >> at));
                if (at < 64)
                {
                    runs.Add(start, first + (ulong)at - start);
                    isOpen = false;
                }
            }
        });
        if (isOpen)
        {
            // The last bit of the last word is set: the scan has no word behind it that would end the run.
            runs.Add(start, ((Bits + 63) / 64 * 64) - start);
        }

        return runs;
    }

    /// <summary>Gives every word of 64 bits, and the page of its first bit; bits behind the last one are 0.</summary>
    private void Scan(DataSource source, Action<ulong, ulong> word)
    {
        byte[] chunk = new byte[ChunkSize];
        for (ulong done = 0; done < Bytes; done += ChunkSize)
        {
            int size = (int)Math.Min(ChunkSize, Bytes - done);
            source.Read(Offset + done, chunk.AsSpan(0, size));
            chunk.AsSpan(size).Clear();
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(chunk.AsSpan(0, (size + 7) & ~7));
            for (int i = 0; i < words.Length; i++)
            {
                ulong first = (done * 8) + ((ulong)i * 64);
                ulong bits = words[i];
                if (Bits - first < 64)
                {
                    bits &= (1UL << (int)(Bits - first)) - 1;
                }

                word(bits, first);
            }
        }
    }
}
