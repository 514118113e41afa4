using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Random tables of RISC-V: sv32, sv39, sv48, sv57, and the same with x4 behind it for the hypervisor's G-stage. Besides pointers
/// and pages there are groups of 16 entries that are a 64 KiB page of Svnapot, whole or with something wrong.
/// </summary>
internal sealed class RiscVSpace : TreeSpace
{
    /// <summary>The first index of the groups of Svnapot.</summary>
    private const int Group = 16;

    private readonly string _mode;
    private readonly bool _guest;
    private readonly bool _wide;
    private readonly int _levels;
    private readonly int _indexBits;
    private readonly int[] _indexes;
    private readonly ulong _atp;
    private readonly RiscVManual _manual;

    public RiscVSpace(string mode, int seed)
        : base(mode, seed, 0x8000_4000, high: IsWide(mode) ? 0x00ab_cdef_1234_4000UL : 0x3_4567_8000)
    {
        _mode = mode;
        _guest = mode.EndsWith("x4", StringComparison.Ordinal);
        _wide = IsWide(mode);
        _levels = mode[..4] switch
        {
            "sv32" => 2,
            "sv39" => 3,
            "sv48" => 4,
            _ => 5,
        };
        _indexBits = _wide ? 9 : 10;
        _indexes = SomeIndexes(1 << _indexBits, _levels switch
        {
            <= 3 => 6,
            4 => 4,
            _ => 3,
        });

        var state = new List<KeyValuePair<string, ulong>>();
        ulong status = ((ulong)Random.NextInt64() & ~0xc0000UL) | ((ulong)Random.Next(4) << 18);
        string? statusName = Any("sstatus", "sstatus", "mstatus", null);
        if (statusName is not null)
        {
            state.Add(new(statusName, _wide ? status : (uint)status));
        }

        // How many bits a physical address has is nothing to the entries; the tables of a big-endian system are big-endian.
        var options = new PagingOptions
        {
            PhysicalAddressBits = Any<int?>(null, null, 32, 39, 56),
            ByteOrder = Chance(1, 6) ? ByteOrder.Big : ByteOrder.Little,
            Registers = new RegisterSet(state),
        };
        Fill(options.ByteOrder);

        // The first table of the G-stage takes four pages and is aligned to them.
        ulong root = Any([.. Pages.Where(p => !_guest || p % 0x4000 == 0)]);
        _atp = Register(root >> 12);
        PhysicalMemory memory = NewMemory();
        Request = NewRequest(memory, Chance(1, 2) ? root : _atp, options);
        _manual = new RiscVManual(
            Read,
            sum: statusName is not null && (status & (1 << 18)) != 0,
            mxr: statusName is not null && (status & (1 << 19)) != 0);
    }

    /// <inheritdoc/>
    public override WalkRequest Request { get; }

    /// <inheritdoc/>
    public override string Why => _manual.Why;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Shift, int[] Indexes)> Selectors
    {
        get
        {
            var selectors = new List<(int, int[])>();
            for (int level = _levels - 1; level >= 0; level--)
            {
                int[] indexes = _indexes;
                if (_guest && level == _levels - 1)
                {
                    // Every page of the first table has entries at the same indexes.
                    indexes = [.. Enumerable.Range(0, 4).SelectMany(page => _indexes.Select(i => (page << _indexBits) | i))];
                }
                else if (_wide && level == 0)
                {
                    // No entry of a group is a pointer or an aligned superpage, so they count at the last level only.
                    indexes = [.. _indexes.Union(Enumerable.Range(Group, 16))];
                }

                selectors.Add((12 + (_indexBits * level), indexes));
            }

            return selectors;
        }
    }

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(_mode, _atp, address);

    /// <inheritdoc/>
    protected override ulong Extend(ulong address)
    {
        int unused = _guest || !_wide ? 0 : 64 - 12 - (9 * _levels);
        return (ulong)((long)(address << unused) >> unused);
    }

    private static bool IsWide(string mode) => !mode.StartsWith("sv32", StringComparison.Ordinal);

    /// <summary>satp or hgatp with any ASID or VMID.</summary>
    private ulong Register(ulong ppn)
    {
        if (!_wide)
        {
            return (1UL << 31) | ((ulong)Random.Next(_guest ? 1 << 7 : 1 << 9) << 22) | ppn;
        }

        ulong mode = (ulong)_levels + 5;
        return (mode << 60) | ((ulong)Random.Next(_guest ? 1 << 14 : 1 << 16) << 44) | ppn;
    }

    private void Fill(ByteOrder order)
    {
        int size = _wide ? 8 : 4;
        foreach (ulong page in Pages)
        {
            foreach (int index in _indexes)
            {
                Write(page + (ulong)(index * size), Entry(), size, order);
            }

            if (_wide && Chance(1, 3))
            {
                ulong[] group = NapotGroup();
                for (int i = 0; i < group.Length; i++)
                {
                    Write(page + (ulong)((Group + i) * size), group[i], size, order);
                }
            }
        }
    }

    private ulong Entry()
    {
        // The more levels, the more pointers, so that the last level is reached often enough.
        ulong entry = Chance(Math.Max(_levels, 3) + 1, 10) ? Pointer() : Leaf();
        if (Chance(1, 15))
        {
            entry ^= 1UL << Random.Next(_wide ? 64 : 32);
        }

        return entry;
    }

    private ulong Pointer()
    {
        ulong pointer = (Any(Pages) >> 2) | 1;
        pointer |= Chance(1, 6) ? 1UL << 5 : 0;
        pointer |= (ulong)Random.Next(4) << 8;
        return Random.Next(20) switch
        {
            0 => pointer | Any(1UL << 4, 1UL << 6, 1UL << 7),
            1 when _wide => pointer | Any(1UL << 61, 1UL << 62, 1UL << 63),
            _ => pointer,
        };
    }

    private ulong Leaf()
    {
        ulong ppn = Random.Next(4) switch
        {
            0 => Device >> 12,
            1 => Any(Pages) >> 12,
            _ => (ulong)Random.NextInt64() & (_wide ? (1UL << 44) - 1 : (1UL << 22) - 1),
        };
        if (Chance(2, 3))
        {
            // A superpage that is aligned as it should be at one level.
            int zeros = _indexBits * Random.Next(_levels);
            ppn = ppn >> zeros << zeros;
        }

        ulong leaf = (ppn << 10) | Attributes();
        if (_wide && Chance(1, 12))
        {
            leaf |= Any<ulong>(1, 2, 2, 3) << 61;
        }

        if (_wide && Chance(1, 12))
        {
            leaf |= 1UL << 63;
            leaf = Chance(1, 2) ? (leaf & ~(0xfUL << 10)) | (8UL << 10) : leaf;
        }

        return leaf;
    }

    /// <summary>V, some of R, W and X, and chance for the rest of bits 9:0.</summary>
    private ulong Attributes()
    {
        ulong rights = Chance(1, 20) ? Any<ulong>(2, 6) : Any<ulong>(1, 3, 4, 5, 7);
        return 1 | (rights << 1) | (Chance(3, 4) ? 1UL << 4 : 0) | ((ulong)Random.Next(32) << 5);
    }

    private ulong[] NapotGroup()
    {
        // Physical memory that is aligned to 64 KiB, the same attributes in all, ppn[3:0] = 1000.
        ulong ppn = ((ulong)Random.NextInt64() & ((1UL << 44) - 1)) & ~0xfUL;
        ulong low = Attributes() | (Chance(1, 4) ? 1UL << 61 : 0);
        ulong[] group = [.. Enumerable.Repeat((1UL << 63) | ((ppn | 8) << 10) | low, 16)];
        int wrong = Chance(1, 2) ? 0 : Random.Next(1, 6);
        for (; wrong > 0; wrong--)
        {
            int i = Random.Next(1, 16);
            group[i] = Random.Next(5) switch
            {
                0 => 0,
                1 => ((ppn | (uint)i) << 10) | 0x57,
                2 => group[i] ^ (1UL << Any(6, 7, 8, 61)),
                3 => (1UL << 63) | ((ppn | (uint)i) << 10) | low,
                _ => (1UL << 63) | (((ppn ^ 0x10) | 8) << 10) | low,
            };
        }

        return group;
    }
}
