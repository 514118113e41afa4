using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ElfMmu.Tests.Support;

/// <summary>
/// Builds kdump-compressed files as makedumpfile lays them out (its IMPLEMENTATION and diskdump_mod.h), in any word size, byte order and version.
/// </summary>
internal sealed class KdumpBuilder
{
    public const uint Zlib = 1;
    public const uint Lzo = 2;
    public const uint Snappy = 4;
    public const uint Zstandard = 0x20;
    public const int PageSize = 4096;

    private readonly SortedDictionary<ulong, byte[]> _pages = [];
    private readonly SortedSet<ulong> _leftOut = [];

    public int WordSize { get; init; } = 64;

    public bool IsBigEndian { get; init; }

    /// <summary>Whether 64-bit numbers are aligned: not on x86 of 32 bits.</summary>
    public bool IsPadded { get; init; } = true;

    public uint Version { get; init; } = 6;

    public uint Compression { get; init; } = Zlib;

    public uint Status { get; init; }

    public uint Level { get; init; }

    public long PhysicalBase { get; init; } = 0x100_0000;

    public string Signature { get; init; } = "KDUMP   ";

    public string Machine { get; init; } = "x86_64";

    public byte[] Notes { get; init; } = [];

    /// <summary>The first page of a part of a split dump, and the one behind its last.</summary>
    public (ulong First, ulong End)? Split { get; init; }

    /// <summary>Where the bytes of each page begin in what was built last.</summary>
    public Dictionary<ulong, int> PageAt { get; } = [];

    /// <summary>Where the descriptor of the first page is in what was built last.</summary>
    public int DescriptorsAt { get; private set; }

    public KdumpBuilder Memory(ulong start, ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += PageSize)
        {
            _pages[(start + (ulong)at) / PageSize] = bytes.Slice(at, PageSize).ToArray();
        }

        return this;
    }

    /// <summary>Makes pages RAM that isn't in the file.</summary>
    public KdumpBuilder LeaveOut(params IEnumerable<ulong> pages)
    {
        _leftOut.UnionWith(pages);
        return this;
    }

    public byte[] Build()
    {
        ulong pageCount = Math.Max(_pages.Keys.LastOrDefault(), _leftOut.LastOrDefault()) + 1;
        int bitmapBlocks = (int)((pageCount + (PageSize * 8) - 1) / (PageSize * 8)) * 2;
        int word = WordSize / 8;
        var file = new MemoryStream();
        byte[] head = new byte[2 * PageSize];
        Encoding.ASCII.GetBytes(Signature).CopyTo(head, 0);
        Put(head, 8, Version, 4);
        string[] names = ["Linux", "victim", "6.1.0-test", "#1 SMP", Machine, "(none)"];
        for (int i = 0; i < names.Length; i++)
        {
            Encoding.ASCII.GetBytes(names[i]).CopyTo(head, 12 + (65 * i));
        }

        int at = WordSize == 64 ? 408 : 404;
        Put(head, at, 1_700_000_000, word);
        at += 2 * word;
        Put(head, at, Status == 0 ? Compression : Status, 4);
        Put(head, at + 4, PageSize, 4);
        Put(head, at + 8, 1, 4);
        Put(head, at + 12, (ulong)bitmapBlocks, 4);
        Put(head, at + 16, pageCount, 4);
        Put(head, at + 36, 1, 4);
        int notesAt = PageSize + 512;
        PutSubHeader(head, word, pageCount, notesAt);
        Notes.CopyTo(head, notesAt);
        file.Write(head);
        byte[] ram = new byte[bitmapBlocks / 2 * PageSize];
        byte[] filled = new byte[ram.Length];
        foreach (ulong page in _pages.Keys)
        {
            ram[page / 8] |= (byte)(1 << (int)(page % 8));
            filled[page / 8] |= (byte)(1 << (int)(page % 8));
        }

        foreach (ulong page in _leftOut)
        {
            ram[page / 8] |= (byte)(1 << (int)(page % 8));
        }

        file.Write(ram);
        file.Write(filled);
        DescriptorsAt = (int)file.Length;
        WritePages(file);
        return file.ToArray();
    }

    /// <summary>What a file is in makedumpfile's flattened form, in pieces of a size.</summary>
    public static byte[] Flatten(byte[] file, int pieceSize, params (int Offset, byte[] Bytes)[] later)
    {
        var flat = new MemoryStream();
        byte[] head = new byte[4096];
        "makedumpfile"u8.CopyTo(head);
        head[23] = head[31] = 1;
        flat.Write(head);
        for (int at = 0; at < file.Length; at += pieceSize)
        {
            Piece(at, file.AsSpan(at, Math.Min(pieceSize, file.Length - at)));
        }

        foreach ((int offset, byte[] bytes) in later)
        {
            Piece(offset, bytes);
        }

        flat.Write([.. Enumerable.Repeat((byte)0xff, 16)]);
        return flat.ToArray();

        void Piece(int offset, ReadOnlySpan<byte> bytes)
        {
            Span<byte> numbers = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(numbers, offset);
            BinaryPrimitives.WriteInt64BigEndian(numbers[8..], bytes.Length);
            flat.Write(numbers);
            flat.Write(bytes);
        }
    }

    private void PutSubHeader(byte[] head, int word, ulong pageCount, int notesAt)
    {
        int at = PageSize;
        Put(head, at, unchecked((ulong)PhysicalBase), word);
        Put(head, at + word, Level, 4);
        Put(head, at + word + 4, Split == null ? 0UL : 1, 4);
        at += word + 8;
        Put(head, at, Split?.First ?? 0, word);
        Put(head, at + word, Split?.End ?? 0, word);
        at += 2 * word;
        Part(0, 0);
        Part((ulong)(Notes.Length > 0 ? notesAt : 0), (ulong)Notes.Length);
        Part(0, 0);
        Align();
        if (Version >= 6)
        {
            Put(head, at, Split?.First ?? 0, 8);
            Put(head, at + 8, Split?.End ?? 0, 8);
            Put(head, at + 16, pageCount, 8);
        }

        void Part(ulong offset, ulong size)
        {
            Align();
            Put(head, at, offset, 8);
            Put(head, at + 8, size, word);
            at += 8 + word;
        }

        void Align() => at = IsPadded ? (at + 7) & ~7 : at;
    }

    private void WritePages(MemoryStream file)
    {
        KeyValuePair<ulong, byte[]>[] here = [.. _pages.Where(p => Split is not { } s || (p.Key >= s.First && p.Key < s.End))];
        byte[] descriptors = new byte[here.Length * 24];
        var data = new MemoryStream();
        long dataAt = file.Length + descriptors.Length;
        long? zeros = null;
        PageAt.Clear();
        for (int i = 0; i < here.Length; i++)
        {
            byte[] packed = Pack(here[i].Value);
            bool isPacked = packed.Length < PageSize;
            bool isZeros = !here[i].Value.AsSpan().ContainsAnyExcept((byte)0);
            long offset = isZeros && zeros != null ? zeros.Value : dataAt + data.Length;
            if (offset == dataAt + data.Length)
            {
                data.Write(isPacked ? packed : here[i].Value);
            }

            zeros = isZeros ? offset : zeros;
            PageAt[here[i].Key] = (int)offset;
            Put(descriptors, i * 24, (ulong)offset, 8);
            Put(descriptors, (i * 24) + 8, (ulong)(isPacked ? packed.Length : PageSize), 4);
            Put(descriptors, (i * 24) + 12, isPacked ? Compression : 0, 4);
        }

        file.Write(descriptors);
        data.WriteTo(file);
    }

    private byte[] Pack(byte[] page)
    {
        // Zeros aside, what isn't zlib is made of literals alone: the decoders have tests of their own.
        bool isZeros = !page.AsSpan().ContainsAnyExcept((byte)0);
        switch (Compression)
        {
            case Zlib:
                var zlib = new MemoryStream();
                using (var stream = new ZLibStream(zlib, CompressionLevel.Fastest, leaveOpen: true))
                {
                    stream.Write(page);
                }

                return zlib.ToArray();
            case Lzo when isZeros:
                // One literal and a match of 4095 bytes at distance 1: 2 + 31 + 255 * 15 + 237.
                return [0x12, 0, 0x20, .. new byte[15], 237, 0, 0, 0x11, 0, 0];
            case Snappy when isZeros:
                // One literal and 64 matches at distance 1, of 64 bytes but for the last.
                return [0x80, 0x20, 0, 0, .. Enumerable.Repeat(new byte[] { 0xfe, 1, 0 }, 63).SelectMany(b => b), 0xfa, 1, 0];
            case Zstandard when isZeros:
                // A frame of one segment with one block that is a run.
                return [0x28, 0xb5, 0x2f, 0xfd, 0x60, 0, 15, 0x03, 0x80, 0, 0];
            default:
                return page;
        }
    }

    private void Put(byte[] bytes, int at, ulong value, int size)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        number = number[..size];
        if (IsBigEndian)
        {
            number.Reverse();
        }

        number.CopyTo(bytes.AsSpan(at));
    }
}
