using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of AMD's nested paging: npt with 4 levels, npt5 with 5.</summary>
internal sealed class NptSpace : TreeSpace
{
    private readonly string _mode;
    private readonly int _levels;
    private readonly int[] _indexes;
    private readonly ulong _nestedCr3;
    private readonly NptManual _manual;

    public NptSpace(string mode, int seed)
        : base(mode, seed, 0x1000, 0x12_3456_7000)
    {
        _mode = mode;
        _levels = mode == "npt" ? 4 : 5;
        _indexes = SomeIndexes(512, count: 4);
        foreach (ulong page in Pages)
        {
            foreach (int index in _indexes)
            {
                Write(page + ((ulong)index * 8), Entry(), 8, ByteOrder.Little);
            }
        }

        // SCE, LME, LMA and SVME, with NXE or without it.
        int? bits = Any<int?>(null, 36, 40, 46, 52);
        bool? nxe = Any<bool?>(null, true, false);
        var options = new PagingOptions
        {
            PhysicalAddressBits = bits,
            Registers = nxe is { } known ? new RegisterSet([new("efer", 0x1501UL | (known ? 1UL << 11 : 0))]) : RegisterSet.Empty,
        };
        ulong root = Any(Pages);
        _nestedCr3 = root | Any<ulong>(0, 8, 0x10, 0x18);
        Request = NewRequest(NewMemory(), Chance(1, 2) ? root : _nestedCr3, options);
        _manual = new NptManual(Read, bits ?? 52, nxe ?? true);
    }

    /// <inheritdoc/>
    public override WalkRequest Request { get; }

    /// <inheritdoc/>
    public override string Why => _manual.Why;

    /// <inheritdoc/>
    protected override IReadOnlyList<(int Shift, int[] Indexes)> Selectors =>
        [.. Enumerable.Range(0, _levels).Reverse().Select(level => (12 + (9 * level), _indexes))];

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(_mode, _nestedCr3, address);

    private ulong Entry()
    {
        ulong entry = Random.Next(10) switch
        {
            // A pointer, or a page at the last level.
            < 7 => Any(Pages),
            7 => Any(Device, (ulong)Random.NextInt64() & 0x0000_00ff_ffff_f000),

            // A page of 2 MBytes or 1 GByte, with or without PAT.
            _ => LargePage() | Any<ulong>(0, 1 << 12),
        };
        entry |= Chance(19, 20) ? 1UL : 0;
        entry |= Chance(5, 6) ? 1UL << 1 : 0;
        entry |= Chance(19, 20) ? 1UL << 2 : 0;
        entry |= (ulong)Random.Next(16) << 3;
        entry |= Chance(1, 8) ? 1UL << 7 : 0;

        // G, which must be zero in the first tables, and bits that are the software's.
        entry |= Chance(1, 5) ? 1UL << 8 : 0;
        entry |= (ulong)Random.Next(8) << 9;
        entry |= Chance(1, 5) ? (ulong)Random.Next(1 << 11) << 52 : 0;
        entry |= Chance(1, 6) ? 1UL << 63 : 0;
        if (Chance(1, 15))
        {
            entry ^= 1UL << Random.Next(64);
        }

        return entry;
    }

    private ulong LargePage() =>
        ((ulong)Random.NextInt64() & Any<ulong>(0xff_ffe0_0000, 0xff_c000_0000, 0xff_c000_0000)) | (1 << 7);
}
