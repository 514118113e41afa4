using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Searching;

/// <summary>
/// A raw image whose page tables map pages at random: many to the same frames, some next to each other only virtually or only physically, at
/// the bottom and at the very top of the addresses. Few different bytes, so that short patterns are all over it.
/// </summary>
internal sealed class RandomSpace : IDisposable
{
    private const int PageSize = 4096;
    private const int Tables = 16;
    private readonly TempFolder _folder = new();
    private readonly byte[] _memory;
    private readonly bool _isWide;
    private int _nextTable = 2;

    /// <param name="seed">Which one.</param>
    /// <param name="wide">4-level tables, else 32-bit ones.</param>
    /// <param name="frames">How many frames hold data.</param>
    /// <param name="pages">About how many pages are mapped.</param>
    /// <param name="sparse">Whether frames of zeros are holes in the file.</param>
    public RandomSpace(int seed, bool wide = true, int frames = 24, int pages = 40, bool sparse = false)
    {
        _isWide = wide;
        var random = new Random(seed);
        _memory = new byte[(Tables + frames) * PageSize];
        for (int frame = Tables; frame < Tables + frames; frame++)
        {
            Span<byte> bytes = _memory.AsSpan(frame * PageSize, PageSize);
            int kind = random.Next(5);
            for (int i = 0; i < PageSize && kind > 0; i++)
            {
                bytes[i] = kind == 1 ? (byte)'a' : "aabAB\0\0\0\x10"u8[random.Next(9)];
            }
        }

        ulong[] bases = wide ? [0, 0x40_0000, 0xffff_ffff_ffe0_0000 + (480 * 4096)] : [0x40_0000, 0xffc0_0000 + (992 * 4096UL)];
        int last = -1;
        for (int i = 0; i < pages; i++)
        {
            ulong page = bases[random.Next(bases.Length)] + ((ulong)random.Next(32) * PageSize);
            if (Pages.ContainsKey(page))
            {
                continue;
            }

            // Often the frame behind that of the page before, so that both continue.
            int frame = Pages.TryGetValue(page - PageSize, out (ulong Frame, bool User) before) && random.Next(2) == 0
                ? (int)(before.Frame / PageSize) + 1
                : last >= 0 && random.Next(4) == 0 ? last : Tables + random.Next(frames);
            frame = frame < Tables + frames ? frame : Tables;
            last = frame;
            bool user = random.Next(3) > 0;
            Map(page, (ulong)frame * PageSize, user);
            Pages.Add(page, ((ulong)frame * PageSize, user));
        }

        string path = _folder.File("memory.raw");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(_memory.Length);
            for (int at = 0; at < _memory.Length; at += PageSize)
            {
                ReadOnlySpan<byte> bytes = _memory.AsSpan(at, PageSize);
                if (!sparse || bytes.ContainsAnyExcept((byte)0))
                {
                    file.Position = at;
                    file.Write(bytes);
                }
            }
        }

        Dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        Space = AddressSpace.Open(Dump, new SpaceRequest { Root = PageSize, Mode = wide ? "ia32e" : "ia32" });
    }

    public MemoryDump Dump { get; }

    public AddressSpace Space { get; }

    /// <summary>What is mapped where: frames and whether users have them.</summary>
    public SortedDictionary<ulong, (ulong Frame, bool User)> Pages { get; } = [];

    public ReadOnlyMemory<byte> Memory => _memory;

    public void Dispose()
    {
        Dump.Dispose();
        _folder.Dispose();
    }

    private void Map(ulong address, ulong physical, bool user)
    {
        int bits = _isWide ? 9 : 10;
        int size = _isWide ? 8 : 4;
        ulong table = PageSize;
        for (int shift = _isWide ? 39 : 22; ; shift -= bits)
        {
            int slot = (int)table + ((int)((address >> shift) & ((1UL << bits) - 1)) * size);
            if (shift == 12)
            {
                Write(slot, physical | (user ? 7UL : 3));
                return;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(_memory.AsSpan(slot)) == 0)
            {
                Write(slot, ((ulong)_nextTable++ * PageSize) | 7);
            }

            table = BinaryPrimitives.ReadUInt32LittleEndian(_memory.AsSpan(slot)) & ~0xfffUL;
        }
    }

    private void Write(int at, ulong entry)
    {
        if (_isWide)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan(at), entry);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_memory.AsSpan(at), (uint)entry);
        }
    }
}
