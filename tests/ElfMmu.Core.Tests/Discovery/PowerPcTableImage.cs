using System.Buffers.Binary;

namespace ElfMmu.Tests.Discovery;

/// <summary>
/// An image of RAM with a hash table of pages made at random in it: a few virtual segments, clusters of pages that follow each
/// other, most of them in RAM. Entries go where the manual has them: into the first free slot of the primary group, else of the
/// secondary one.
/// </summary>
internal sealed class PowerPcTableImage
{
    private const int GroupSize = 64;
    private const int PteSize = 8;

    private readonly Random _random;
    private readonly ByteOrder _order;
    private readonly uint _table;
    private readonly uint _size;
    private readonly ulong _ramBase;
    private readonly HashSet<(uint Vsid, uint Page)> _pages = [];

    /// <summary>Makes an image without entries.</summary>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="table">The offset of the table.</param>
    /// <param name="size">The size of the table, from 64 KiB on.</param>
    /// <param name="filler">What is around it.</param>
    /// <param name="length">The size of RAM.</param>
    /// <param name="ramBase">Where RAM starts.</param>
    /// <param name="order">The byte order of the table.</param>
    public PowerPcTableImage(
        int seed,
        uint table,
        uint size,
        PowerPcFiller filler = PowerPcFiller.Noise,
        int length = 8 << 20,
        ulong ramBase = 0,
        ByteOrder order = ByteOrder.Big)
    {
        _random = new Random(seed);
        _order = order;
        _table = table;
        _size = size;
        _ramBase = ramBase;
        Bytes = new byte[length];
        Fill(Bytes, filler, _random);
        Bytes.AsSpan((int)table, (int)size).Clear();
    }

    public byte[] Bytes { get; }

    /// <summary>What finds the table.</summary>
    public ulong Sdr1 => _ramBase + _table + (_size >> 16) - 1;

    /// <summary>How many entries are valid.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there are entries in both halves, without which nothing tells the table from one of half its size.</summary>
    public bool HasBothHalves => HasAny(_table, _size / 2) && HasAny(_table + (_size / 2), _size / 2);

    public static void Fill(Span<byte> bytes, PowerPcFiller filler, Random random)
    {
        if (filler == PowerPcFiller.Noise)
        {
            random.NextBytes(bytes);
        }
        else if (filler == PowerPcFiller.Text)
        {
            ReadOnlySpan<byte> words = "Each PTE group has eight entries; a search goes through them all. "u8;
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = words[i % words.Length];
            }
        }
    }

    /// <summary>Adds entries for pages of some segments.</summary>
    /// <param name="entries">How many, at least.</param>
    /// <param name="segments">Of how many segments.</param>
    public PowerPcTableImage Add(int entries, int segments)
    {
        uint[] vsids = [.. Enumerable.Range(0, segments).Select(_ => (uint)_random.Next(1 << 24))];
        for (int added = 0; added < entries || (_size > 0x10000 && entries >= 20 && !HasBothHalves);)
        {
            uint vsid = vsids[_random.Next(segments)];
            uint page = (uint)_random.Next(1 << 16);
            for (int left = _random.Next(1, 6); left > 0 && page < 1 << 16; left--, page++)
            {
                added += TryAdd(vsid, page) ? 1 : 0;
            }
        }

        return this;
    }

    /// <summary>Adds an entry, unless the page has one or both groups are full.</summary>
    public bool TryAdd(uint vsid, uint page)
    {
        uint hash = (vsid & 0x7ffff) ^ page;
        return _pages.Add((vsid, page)) && (TryAdd(hash, vsid, page, 0) || TryAdd(~hash, vsid, page, 1));
    }

    /// <summary>Moves valid entries into the 64 KiB beside theirs, where no search goes for them in a table of any size.</summary>
    public PowerPcTableImage Misplace(int entries)
    {
        while (entries > 0)
        {
            int from = (int)_table + (_random.Next((int)_size / PteSize) * PteSize);
            int to = from ^ 0x10000;
            if ((Read(from) & 0x8000_0000) != 0 && Read(to) == 0)
            {
                Bytes.AsSpan(from, PteSize).CopyTo(Bytes.AsSpan(to));
                Bytes.AsSpan(from, PteSize).Clear();
                entries--;
            }
        }

        return this;
    }

    /// <summary>Clears V of entries, as an operating system does to remove a page.</summary>
    public PowerPcTableImage Invalidate(int entries)
    {
        while (entries > 0)
        {
            int at = (int)_table + (_random.Next((int)_size / PteSize) * PteSize);
            if ((Read(at) & 0x8000_0000) != 0)
            {
                Write(at, Read(at) & 0x7fff_ffff);
                entries--;
                Count--;
            }
        }

        return this;
    }

    /// <summary>Sets bits in the second word of valid entries, which must not have them yet.</summary>
    public PowerPcTableImage SetBits(int entries, uint bits)
    {
        for (uint at = _table; entries > 0; at += PteSize)
        {
            if ((Read((int)at) & 0x8000_0000) != 0)
            {
                Write((int)at + 4, Read((int)at + 4) | bits);
                entries--;
            }
        }

        return this;
    }

    private bool TryAdd(uint hash, uint vsid, uint page, uint secondary)
    {
        uint group = hash % (_size / GroupSize);
        for (uint at = _table + (group * GroupSize); at < _table + ((group + 1) * GroupSize); at += PteSize)
        {
            if (Read((int)at) == 0)
            {
                ulong frame = _random.Next(10) == 0
                    ? (ulong)_random.Next(1 << 20)
                    : (_ramBase >> 12) + (ulong)_random.Next(Bytes.Length >> 12);
                Write((int)at, 0x8000_0000 | (vsid << 7) | (secondary << 6) | (page >> 10));
                uint bits = (uint)((_random.Next(4) << 7) | (_random.Next(16) << 3) | _random.Next(4));
                Write((int)at + 4, (uint)(frame << 12) | bits);
                Count++;
                return true;
            }
        }

        return false;
    }

    private bool HasAny(uint start, uint size)
    {
        for (uint at = start; at < start + size; at += PteSize)
        {
            if ((Read((int)at) & 0x8000_0000) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private uint Read(int offset) => _order == ByteOrder.Big
        ? BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(offset))
        : BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(offset));

    private void Write(int offset, uint value)
    {
        if (_order == ByteOrder.Big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(offset), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), value);
        }
    }
}
