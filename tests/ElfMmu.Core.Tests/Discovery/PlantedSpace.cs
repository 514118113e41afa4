using System.Buffers.Binary;

namespace ElfMmu.Tests.Discovery;

/// <summary>
/// An address space made at random and put into noise: regions of user mode, and the kernel's map of memory and its own regions, with
/// tables wherever there was room.
/// </summary>
internal sealed class PlantedSpace
{
    private readonly TableStyle _style;
    private readonly Random _random;
    private readonly ulong _ramBase;
    private readonly HashSet<int> _taken = [];
    private readonly Dictionary<(ulong Table, int Index), ulong> _below = [];

    /// <summary>Makes one.</summary>
    /// <param name="style">How tables look.</param>
    /// <param name="seed">Where all chance comes from.</param>
    /// <param name="ramBase">The physical address of the image's first byte.</param>
    /// <param name="pages">How many pages user mode has.</param>
    /// <param name="regions">In how many regions.</param>
    public PlantedSpace(TableStyle style, int seed, ulong ramBase, int pages, int regions)
    {
        (_style, _ramBase, _random) = (style, ramBase, new Random(seed));
        Image = new byte[(_random.Next(4, 17) << 20) + ((64 + (3 * pages)) * style.PageSize)];
        Noise.Fill(Image, _random);
        Root = NewTable(0);
        UpperRoot = style.TwoRoots ? NewTable(0) : null;

        // A root with one entry says no more than the table below it does: which of them is the root can't be told.
        for (int i = 0; i < regions || _below.Keys.Count(k => k.Table == Root) < 2; i++)
        {
            UserRegion(Math.Max(1, pages / regions));
        }

        Kernel();
    }

    /// <summary>The image.</summary>
    public byte[] Image { get; }

    /// <summary>The root, or user mode's.</summary>
    public ulong Root { get; }

    /// <summary>The kernel's root, where there are two.</summary>
    public ulong? UpperRoot { get; }

    /// <summary>Where the tables below the roots are.</summary>
    public IEnumerable<ulong> LowerTables => _below.Values;

    /// <summary>Whether an address is one of the roots.</summary>
    public bool IsRoot(ulong address) => address == Root || address == UpperRoot;

    private void UserRegion(int pages)
    {
        ulong limit = _style.TwoRoots ? 1UL << _style.AddressBits : (1UL << (_style.AddressBits - 2)) * (ulong)_style.UserQuarters;
        ulong start = (ulong)_random.NextInt64((long)(limit / (ulong)_style.PageSize) - pages) * (ulong)_style.PageSize;
        var use = new PageUse(true, _random.Next(2) == 0, _random.Next(3) == 0, _random.Next(2) == 0, false);
        bool together = pages * _style.PageSize <= 32 * 4096 && _random.Next(2) == 0;
        int frame = NewFrames(together ? pages : 1);
        for (int i = 0; i < pages; i++)
        {
            Map(Root, start + ((ulong)i * (ulong)_style.PageSize), Address(frame), use);
            frame = together ? frame + (_style.PageSize / 4096) : NewFrames(1);
        }
    }

    /// <summary>All memory at one place, in large pages where there are any that fit, and some small pages elsewhere.</summary>
    private void Kernel()
    {
        ulong root = UpperRoot ?? Root;
        ulong half = _style.TwoRoots ? 0 : (1UL << (_style.AddressBits - 2)) * (ulong)_style.UserQuarters;
        int shift = _style.Levels[_style.LargeLevel ?? ^1].Shift;
        bool large = _style.LargeLevel != null && Image.Length >= 1 << shift && _ramBase % (1UL << shift) == 0;
        ulong size = large ? 1UL << shift : (ulong)_style.PageSize;
        ulong space = (_style.TwoRoots ? 1UL << _style.AddressBits : 1UL << _style.AddressBits) - half;
        ulong linear = half + ((ulong)_random.Next(4) * (space / 8) / size * size);
        var data = new PageUse(false, true, false, true, large);
        for (ulong offset = 0; offset + size <= (ulong)Image.Length; offset += size)
        {
            Map(root, linear + offset, _ramBase + offset, data);
        }

        ulong text = half + (space / 8 * 7) + ((ulong)_random.Next(16) * (ulong)_style.PageSize);
        for (int i = 0; i < 24; i++)
        {
            var use = new PageUse(false, i >= 16, i < 16, i >= 16, false);
            Map(root, text + ((ulong)i * (ulong)_style.PageSize), Address(NewFrames(1)), use);
        }
    }

    private void Map(ulong table, ulong address, ulong physical, PageUse use)
    {
        int last = use.Large ? _style.LargeLevel!.Value : _style.Levels.Length - 1;
        for (int level = 0; level < last; level++)
        {
            int index = Index(address, level);
            if (!_below.TryGetValue((table, index), out ulong next))
            {
                next = NewTable(level + 1);
                _below[(table, index)] = next;
                Write(table, index, _style.Table(next, level, use.User));
            }

            table = next;
        }

        Write(table, Index(address, last), _style.Page(physical, use));
    }

    private int Index(ulong address, int level) => (int)(address >> _style.Levels[level].Shift) & ((1 << _style.Levels[level].Bits) - 1);

    private void Write(ulong table, int index, ulong entry)
    {
        Span<byte> bytes = Image.AsSpan((int)(table - _ramBase) + (index * _style.EntrySize));
        if (_style.EntrySize == 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)entry);
        }
    }

    /// <summary>
    /// Room for a table, which is cleared. What is left of its page is bytes by chance: among zeros, nothing would say where in the
    /// page a small root begins.
    /// </summary>
    private ulong NewTable(int level)
    {
        int size = _style.TableSize(level);
        int frames = Math.Max(1, size / 4096);
        int first = Take(frames, frames);
        int room = Math.Max(0, (frames * 4096) - size);
        int offset = (first * 4096) + (room == 0 || level > 0 ? 0 : _random.Next((room / size) + 1) * size);
        if (room > 0)
        {
            _random.NextBytes(Image.AsSpan(first * 4096, frames * 4096));
        }

        Image.AsSpan(offset, size).Clear();
        return _ramBase + (ulong)offset;
    }

    private int NewFrames(int pages) => Take(pages * (_style.PageSize / 4096), _style.PageSize / 4096);

    /// <summary>Takes frames that nothing else has, somewhere.</summary>
    private int Take(int frames, int alignment)
    {
        int places = ((Image.Length / 4096) - frames) / alignment;
        int start = _random.Next(places);
        for (int i = 0; i < places; i++)
        {
            int first = (start + i) % places * alignment;
            if (!Enumerable.Range(first, frames).Any(_taken.Contains))
            {
                _taken.UnionWith(Enumerable.Range(first, frames));
                return first;
            }
        }

        throw new InvalidOperationException("The image is full.");
    }

    private ulong Address(int frame) => _ramBase + ((ulong)frame * 4096);
}
