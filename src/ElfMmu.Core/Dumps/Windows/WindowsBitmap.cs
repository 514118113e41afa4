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
    /// <param name="opening">What is known while it is being opened.</param>
    /// <param name="warnings">Takes what is doubtful.</param>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>, <c>DumpTruncated</c> or <c>DumpTooManyRuns</c>.</exception>
    public static WindowsRuns Read(DataSource source, WindowsHeader header, DumpOpening opening, List<string> warnings)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        source.Read((ulong)header.Layout.Size, bytes);
        (WindowsBitmap now, WindowsBitmap old) = Both(bytes, header.Layout);

        // The two kinds have the same signature. Which one it is shows in the bits: there are as many as pages.
        bool isOld = header.DumpType == WindowsDumpType.Summary;
        foreach (WindowsBitmap bitmap in isOld ? new[] { old, now } : [now, old])
        {
            if (bitmap.IsSound(source) && Bitmap(bitmap) is var pages && pages.Count(0, bitmap.Bits) == bitmap.Pages)
            {
                return bitmap.Collect(source, pages, opening.ZeroFill);
            }
        }

        if (now.IsSound(source) && !isOld)
        {
            WindowsRuns runs = now.Collect(source, Bitmap(now), opening.ZeroFill);
            warnings.Add($"The bitmap of '{source.Name}' has {runs.Pages} pages, but its header says {now.Pages}. The bitmap is taken as it is; "
                + "the dump may be damaged.");
            return runs;
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

        PageBitmap Bitmap(in WindowsBitmap bitmap) => new(source, bitmap.Offset, without: null, opening.Cancellation);
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

    private WindowsRuns Collect(DataSource source, PageBitmap pages, bool zeroFill)
    {
        var runs = new WindowsRuns(source, FirstPage, zeroFill);
        foreach (PageStretch stretch in pages.Read(0, Bits).List)
        {
            runs.Add(stretch.First, stretch.Count);
        }

        return runs;
    }
}
