using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of Intel's extended page tables: ept with 4 levels, ept5 with 5.</summary>
internal sealed class EptSpace : TreeSpace
{
    private readonly string _mode;
    private readonly int _levels;
    private readonly int[] _indexes;
    private readonly ulong _eptp;
    private readonly EptManual _manual;

    public EptSpace(string mode, int seed)
        : base(mode, seed, 0x1000, 0x12_3456_7000)
    {
        _mode = mode;
        _levels = mode == "ept" ? 4 : 5;
        _indexes = SomeIndexes(512, count: 4);
        foreach (ulong page in Pages)
        {
            foreach (int index in _indexes)
            {
                Write(page + ((ulong)index * 8), Entry(), 8, ByteOrder.Little);
            }
        }

        // Nothing in EFER matters to EPT, NXE neither.
        int? bits = Any<int?>(null, 36, 40, 46, 52);
        var options = new PagingOptions
        {
            PhysicalAddressBits = bits,
            Registers = Chance(1, 2) ? RegisterSet.Empty : new RegisterSet([new("efer", Any<ulong>(0x500, 0xd01))]),
        };

        // Memory type, length of the walk less 1, flags for accessed and dirty.
        ulong root = Any(Pages);
        _eptp = root | Any<ulong>(0, 6) | ((ulong)(_levels - 1) << 3) | (Chance(1, 2) ? 1UL << 6 : 0);
        Request = NewRequest(NewMemory(), Chance(1, 2) ? root : _eptp, options);
        _manual = new EptManual(Read, bits ?? 52);
    }

    /// <inheritdoc/>
    public override WalkRequest Request { get; }

    /// <inheritdoc/>
    public override string Why => _manual.Why;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Shift, int[] Indexes)> Selectors =>
        [.. Enumerable.Range(0, _levels).Reverse().Select(level => (12 + (9 * level), _indexes))];

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(_mode, _eptp, address);

    private ulong Entry()
    {
        ulong entry = Random.Next(10) switch
        {
            // A pointer; at the last level a page of memory type 0.
            < 6 => Any(Pages),

            // A 4-KByte page, whose bit 7 is ignored.
            < 8 => Any(Any(Pages), Device, (ulong)Random.NextInt64() & 0xff_ffff_f000) | ((ulong)Random.Next(32) << 3),

            // A page of 2 MBytes or 1 GByte.
            _ => LargePage() | ((ulong)Random.Next(16) << 3),
        };

        // Bits 2:0, most often all of them, and what a pointer or every entry ignores.
        entry |= Random.Next(20) switch
        {
            < 12 => 7UL,
            < 19 => Any<ulong>(1, 3, 4, 5),
            _ => Any<ulong>(0, 2, 6),
        };
        entry |= (ulong)Random.Next(16) << 8;
        entry |= Chance(1, 5) ? (ulong)Random.Next(1 << 12) << 52 : 0;
        if (Chance(1, 15))
        {
            entry ^= 1UL << Random.Next(64);
        }

        return entry;
    }

    private ulong LargePage() =>
        ((ulong)Random.NextInt64() & Any<ulong>(0xff_ffe0_0000, 0xff_c000_0000, 0xff_c000_0000)) | (1 << 7);
}
