namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of ARM's short descriptors: sections, supersections, large and small pages, domains.</summary>
internal sealed class ArmShortSpace : ArmTableSpace
{
    private const ulong FirstStart = 0x4000_0000;
    private const ulong SecondStart = 0x4010_0000;
    private const ulong HighStart = 0x8000_0000;

    // A whole group that a supersection or a large page repeats itself in, and some entries by themselves.
    private static readonly int[] Group = [.. Enumerable.Range(32, 16)];
    private static readonly int[] Single = [0, 1, 15, 16, 254, 255];

    private readonly ArmShortManual _manual;
    private readonly ulong _root0;
    private readonly ulong? _root1;
    private readonly int _split;

    /// <summary>Makes a memory for <c>arm-short</c>.</summary>
    public ArmShortSpace(string mode, int seed)
        : base(mode, seed, entrySize: 4)
    {
        RegisterSet registers = RegisterSet.Empty;
        if (!Chance(1, 10))
        {
            _split = new[] { 0, 0, 1, 2, Random.Next(8) }[Random.Next(5)];
            registers = registers.With("ttbcr", (uint)_split | MaybeBit(4, 12) | MaybeBit(5, 12));
        }

        if (!Chance(1, 3))
        {
            ulong domains = 0;
            for (int domain = 0; domain < 16; domain++)
            {
                domains |= (Chance(2, 3) ? 1 : RandomBits(2)) << (2 * domain);
            }

            registers = registers.With("dacr", domains);
        }

        if (!Chance(1, 4))
        {
            registers = registers.With(
                "sctlr", RandomBits(19) | MaybeBit(19, 4) | MaybeBit(20, 3) | MaybeBit(28, 2) | MaybeBit(29, 2));
        }

        // Two first-level tables of 16 KiB, which the registers may share, and second-level ones low and high.
        AddMemory(FirstStart, 0x8000);
        AddMemory(SecondStart, 0x1400);
        AddMemory(HighStart, 0xc00);
        for (int table = 0; table < 2; table++)
        {
            int block = 256 * Random.Next(16);
            FillGroup(FirstStart + (0x4000 * (ulong)table) + (4 * (ulong)block), First);
            foreach (int index in Single.Concat([256, 4080, 4094, 4095, Random.Next(4096) & ~255]))
            {
                Put(FirstStart + (0x4000 * (ulong)table) + (4 * (ulong)index), First());
            }
        }

        foreach (ulong table in SecondLevelTables().Skip(2))
        {
            FillGroup(table, Second);
            foreach (int index in Single)
            {
                Put(table + (4 * (ulong)index), Second());
            }
        }

        // A table for TTBR0 may be small; it stands where there are entries, at a group or at the start or end of a table.
        ulong mask = (1UL << (14 - _split)) - 1;
        _root0 = FirstStart + (Chance(1, 2) ? 0 : 0x4000UL) + (4 * (ulong)new[] { 0, 32, 256, 4095 }[Random.Next(4)]);
        _root0 &= ~mask;
        if (!Chance(1, 4))
        {
            _root1 = FirstStart + (Chance(1, 2) ? 0 : 0x4000UL);
            registers = registers.With("ttbr1", _root1.Value | RandomBits(7));
        }

        Complete(_root0 | RandomBits(7) & mask, physicalAddressBits: null, registers);
        _manual = new ArmShortManual(Read, name => registers[name]);
    }

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(Request.Root!.Value, address);

    /// <inheritdoc/>
    protected override IEnumerable<ulong> Enumerate()
    {
        IEnumerable<ulong> first = UsedIndexes(_root0, 4096UL >> _split);
        if (_root1 is { } root1)
        {
            first = first.Concat(UsedIndexes(root1, 4096));
        }

        ulong[] second = UsedIndexes(256);
        return first.SelectMany(i => second.Select(j => (i << 20) | (j << 12)));
    }

    private static IEnumerable<ulong> SecondLevelTables() =>
    [
        FirstStart,
        FirstStart + 0x4000,
        .. Enumerable.Range(0, 5).Select(i => SecondStart + (0x400 * (ulong)i)),
        .. Enumerable.Range(0, 3).Select(i => HighStart + (0x400 * (ulong)i)),
    ];

    /// <summary>Sixteen entries that agree as they should, but for one at times.</summary>
    private void FillGroup(ulong table, Func<ulong> entry)
    {
        ulong same = entry();
        bool alike = Chance(4, 5);
        foreach (int index in Group)
        {
            Put(table + (4 * (ulong)index), alike && !Chance(1, 40) ? same : entry());
        }
    }

    private ulong Address(int bits)
    {
        ulong[] tables = [.. SecondLevelTables()];
        return Random.Next(8) switch
        {
            < 4 => tables[Random.Next(tables.Length)],
            4 => 0xfee0_0000,
            _ => RandomBits(32),
        } & (uint.MaxValue << bits);
    }

    private ulong First()
    {
        ulong table = Chance(4, 5) ? SecondLevelTables().ElementAt(Random.Next(2, 10)) : Address(10);
        ulong entry = Random.Next(12) switch
        {
            // A table, with PXN at times.
            < 5 => table | 1 | MaybeBit(2, 4) | MaybeBit(3, 4),

            // A section or a supersection, with PXN at times; all else in it is free.
            < 11 => (Address(20) | RandomBits(20)) & ~(3UL | (1 << 18)) | 2 | MaybeBit(0, 4) | MaybeBit(18, 3),
            _ => Address(10) | RandomBits(10),
        };
        entry |= RandomBits(4) << 5;
        return Chance(1, 16) ? entry ^ (1UL << Random.Next(32)) : entry;
    }

    private ulong Second()
    {
        ulong entry = Address(12) | RandomBits(12);
        entry = (entry & ~3UL) | (Random.Next(8) switch
        {
            < 3 => 1UL,
            < 7 => 2 | MaybeBit(0, 3),
            _ => RandomBits(2),
        });
        if ((entry & 3) == 1)
        {
            entry = (entry & ~0xf000UL) | (RandomBits(4) << 12);
        }

        return Chance(1, 16) ? entry ^ (1UL << Random.Next(32)) : entry;
    }
}
