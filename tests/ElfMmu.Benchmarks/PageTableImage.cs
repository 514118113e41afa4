using System.Buffers.Binary;

namespace ElfMmu.Benchmarks;

/// <summary>Raw images with page tables of ia32e whose root is at 0, and nothing in the pages they map.</summary>
internal sealed class PageTableImage
{
    private const ulong Page = 4096;
    private const ulong PointerBits = 7;
    private const ulong LeafBits = 0x63;
    private const ulong LargeLeafBits = 0xe3;
    private const ulong FirstPage = 0x1_0000_0000;

    // A user's half and a kernel's, as systems have them.
    private static readonly ulong[] Places = [0x0000_5555_5400_0000, 0x0000_7fff_0000_0000, 0xffff_8880_0000_0000, 0xffff_ffff_8000_0000];

    private readonly List<ulong[]> _tables = [new ulong[512]];

    private PageTableImage()
    {
    }

    /// <summary>Pages side by side in a few places, whose frames are in disorder.</summary>
    /// <returns>Their addresses.</returns>
    public static ulong[] Shuffled(string path, int count)
    {
        ulong[] pages = [.. Enumerable.Range(0, count).Select(i => Places[i % 4] + ((ulong)(i / 4) * Page))];
        return Write(path, pages, shuffled: true, large: false);
    }

    /// <summary>Pages anywhere in 16 GiB, nearly each in a table of its own kin: far more tables than are remembered.</summary>
    public static ulong[] Scattered(string path, int count)
    {
        var random = new Random(2);
        var pages = new HashSet<ulong>();
        while (pages.Count < count)
        {
            pages.Add(((ulong)random.Next(4) << 44) + ((ulong)random.Next(1 << 22) * Page));
        }

        return Write(path, [.. pages], shuffled: true, large: false);
    }

    /// <summary>Pages side by side, with frames side by side.</summary>
    public static ulong[] Row(string path, int count, bool large) =>
        Write(path, [.. Enumerable.Range(0, count).Select(i => Places[2] + ((ulong)i * (large ? Page * 512 : Page)))], false, large);

    private static ulong[] Write(string path, ulong[] pages, bool shuffled, bool large)
    {
        var image = new PageTableImage();
        int[] frames = [.. Enumerable.Range(0, pages.Length)];
        if (shuffled)
        {
            new Random(3).Shuffle(frames);
        }

        for (int i = 0; i < pages.Length; i++)
        {
            image.Map(pages[i], large ? 21 : 12, FirstPage + ((ulong)frames[i] << (large ? 21 : 12)) | (large ? LargeLeafBits : LeafBits));
        }

        using FileStream file = File.Create(path);
        byte[] bytes = new byte[(int)Page];
        foreach (ulong[] table in image._tables)
        {
            for (int i = 0; i < table.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), table[i]);
            }

            file.Write(bytes);
        }

        return pages;
    }

    private void Map(ulong address, int leafShift, ulong leaf)
    {
        ulong[] table = _tables[0];
        for (int shift = 39; ; shift -= 9)
        {
            ref ulong entry = ref table[(int)(address >> shift) & 511];
            if (shift == leafShift)
            {
                entry = leaf;
                return;
            }

            if (entry == 0)
            {
                entry = ((ulong)_tables.Count * Page) | PointerBits;
                _tables.Add(new ulong[512]);
            }

            table = _tables[(int)(entry / Page)];
        }
    }
}
