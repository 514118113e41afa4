using System.Buffers.Binary;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Spaces;

/// <summary>
/// A guest whose memory its hypervisor scattered over the memory of the host, with large pages, holes and pages that it may only
/// read; and the guest's own tables in there. Whatever is put in is kept as a list too, so that what both stages together should give
/// can be counted out page by page without reading a table.
/// </summary>
internal sealed class NestedGuest
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong Page = 4096;
    public const ulong LargePage = 512 * Page;

    // What the guest sees as its memory: small pages, then those for its tables, then large pages.
    private const ulong SmallStart = 0x20_0000;
    private const int SmallPages = 1024;
    private const ulong TablesStart = 0x100_0000;
    private const ulong LargeStart = 0x4000_0000;

    // Of the host's frames, the first 2 MiB are one large page of the guest, and four are a top table; the rest is dealt out.
    private const int Frames = 2048;
    private const int RootFrame = 512;
    private const int FirstFree = 516;

    private readonly Random _random;
    private readonly Queue<int> _free;
    private readonly StageTables _host;
    private readonly StageTables _guest;
    private readonly SortedDictionary<ulong, Piece> _below = [];
    private readonly List<(ulong Address, int Height, Piece Piece)> _above = [];
    private ulong _nextTable = TablesStart;

    public NestedGuest(StageFormat guest, StageFormat host, int seed)
    {
        _random = new Random(seed);
        Memory = RawDump.Pages(Frames);
        Memory.AsSpan(RootFrame * (int)Page, (FirstFree - RootFrame) * (int)Page).Clear();

        // Frames are dealt out in disorder, but by threes, so that there is something to fuse.
        int[] threes = [.. Enumerable.Range(0, (Frames - FirstFree) / 3)];
        _random.Shuffle(threes);
        _free = new Queue<int>(threes.SelectMany(t => Enumerable.Range(FirstFree + (t * 3), 3)));
        _host = new StageTables(host, RamBase + (RootFrame * Page), NewHostTable, HostBytes);
        LayOutMemory();
        _guest = new StageTables(guest, NewGuestTable(), NewGuestTable, a => HostBytes(_below[a].Target));
        MapPages();
    }

    public byte[] Memory { get; }

    public ulong HostRoot => _host.Root;

    public ulong GuestRoot => _guest.Root;

    /// <summary>Entries of the guest that lead to tables it can't read.</summary>
    public ulong LostTables { get; private set; }

    /// <summary>What each page of 4 KiB comes to through both stages.</summary>
    public SortedDictionary<ulong, Piece> Both()
    {
        var both = new SortedDictionary<ulong, Piece>();
        foreach ((ulong address, int height, Piece piece) in _above)
        {
            for (ulong offset = 0; offset < Page << (9 * height); offset += Page)
            {
                if (_below.TryGetValue(piece.Target + offset, out Piece below)
                    && new Piece(
                        below.Target, piece.User & below.User, piece.Supervisor & below.Supervisor, Math.Min(piece.Size, below.Size))
                        is var page
                    && (page.User | page.Supervisor) != Rights.None)
                {
                    both.Add(address + offset, page);
                }
            }
        }

        return both;
    }

    private void LayOutMemory()
    {
        for (int i = 0; i < SmallPages; i++)
        {
            ulong address = SmallStart + ((ulong)i * Page);
            if (_random.Next(8) != 0)
            {
                MapBelow(address, NewFrame(), Choice(_host.Format));
            }
            else if (_host.Format.Mode != "ept")
            {
                // All a guest does counts as done by a user, so this is a hole like any other.
                _host.Map(address, 0, RamBase, Choice(_host.Format), user: false);
            }
        }

        // One large page in RAM, and one that leads past its end.
        MapBelow(LargeStart, RamBase, Rights.Read | Rights.Write, height: 1);
        MapBelow(LargeStart + LargePage, RamBase + (8 * LargePage), Rights.Read | Rights.Execute, height: 1);
        if (_host.Format.TopBits > 9)
        {
            MapBelow(1UL << 39, NewFrame(), Rights.Read);
        }
    }

    private void MapPages()
    {
        for (int i = 0; i < 400; i++)
        {
            MapAbove(0x40_0000 + ((ulong)i * Page), SmallStart + ((ulong)_random.Next(SmallPages) * Page), 0);
        }

        // In order, so that what the two stages do to neighbours shows.
        for (int i = 0; i < 300; i++)
        {
            MapAbove(0x80_0000 + ((ulong)i * Page), SmallStart + ((ulong)i * Page), 0, Rights.Read | Rights.Write);
        }

        MapAbove(0x4000_0000, SmallStart, 1);
        MapAbove(0x4020_0000, SmallStart + LargePage, 1, Rights.Read | Rights.Execute);
        MapAbove(0x4040_0000, LargeStart, 1, Rights.Read | Rights.Write);
        MapAbove(0x4060_0000, LargeStart + LargePage, 1);
        MapAbove(0x4080_0000 + (5 * Page), LargeStart + (7 * Page), 0);
        MapAbove(0x8000_0000, LargeStart, 2, Rights.Read | Rights.Write | Rights.Execute);
        MapAbove(0xffff_ffff_ffff_f000, SmallStart + Page, 0);
        MapAbove(0xffff_ffff_8000_0000, 0, 2);
        if (_host.Format.TopBits > 9)
        {
            MapAbove(0xc00_0000, 1UL << 39, 0, Rights.Read | Rights.Write);
        }

        // Tables where the guest has no memory, and where it may only execute.
        _guest.Point(0xc000_0000, 1, TablesStart - Page);
        LostTables = 1;
        if (_host.Format.Choices.Contains(Rights.Execute))
        {
            ulong hidden = TablesStart + (256 * Page);
            ulong frame = NewFrame();
            HostBytes(frame).Span[..(int)Page].Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(
                HostBytes(frame).Span, _guest.Format.Leaf(SmallStart, Rights.Read, true, false));
            MapBelow(hidden, frame, Rights.Execute);
            _guest.Point(0xc020_0000, 1, hidden);
            LostTables++;
        }
    }

    private void MapBelow(ulong address, ulong target, Rights rights, int height = 0)
    {
        _host.Map(address, height, target, rights, user: true);
        ulong size = Page << (9 * height);
        for (ulong offset = 0; offset < size; offset += Page)
        {
            _below[address + offset] = new Piece(target + offset, rights, rights, size);
        }
    }

    private void MapAbove(ulong address, ulong target, int height, Rights rights = Rights.None)
    {
        rights = rights == Rights.None ? Choice(_guest.Format) : rights;
        bool user = _random.Next(2) == 0;
        _guest.Map(address, height, target, rights, user);

        // A supervisor may use a user's page on x86, and on RISC-V only if SUM says so.
        bool supervisor = !user || _guest.Format.Mode == "ia32e";
        _above.Add((address, height, new Piece(
            target, user ? rights : Rights.None, supervisor ? rights : Rights.None, Page << (9 * height))));
    }

    private Rights Choice(StageFormat format) => format.Choices[_random.Next(format.Choices.Length)];

    private ulong NewFrame() => RamBase + ((ulong)_free.Dequeue() * Page);

    private ulong NewHostTable()
    {
        ulong frame = NewFrame();
        HostBytes(frame).Span[..(int)Page].Clear();
        return frame;
    }

    /// <summary>A table of the guest: it can be read, and that is enough.</summary>
    private ulong NewGuestTable()
    {
        ulong address = _nextTable;
        _nextTable += Page;
        MapBelow(address, NewHostTable(), Rights.Read);
        return address;
    }

    private Memory<byte> HostBytes(ulong address) => Memory.AsMemory((int)(address - RamBase));

    /// <summary>What one stage, or both, say of a page: where it is, its rights, and the size of the page it is part of.</summary>
    internal readonly record struct Piece(ulong Target, Rights User, Rights Supervisor, ulong Size);
}
