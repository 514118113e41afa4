namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of long descriptors: AArch64's three granules, both of its stages, and LPAE.</summary>
internal abstract class LongDescriptorSpace(string mode, int seed) : ArmTableSpace(mode, seed, entrySize: 8)
{
    /// <summary>Where the tables below 4 GiB begin; 16 start tables of 64 KiB side by side are aligned there.</summary>
    protected const ulong LowStart = 0x4000_0000;

    private readonly List<(AArch64Tables Shape, ulong Root, bool Upper)> _halves = [];

    /// <summary>The log2 of the granule in a mode's name.</summary>
    protected static int Granule(string mode) => mode[^3..] switch
    {
        "-4k" => 12,
        "16k" => 14,
        "64k" => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <inheritdoc/>
    protected override IEnumerable<ulong> Enumerate()
    {
        foreach ((AArch64Tables shape, ulong root, bool upper) in _halves)
        {
            int low = shape.Low(shape.StartLevel);
            IEnumerable<ulong> addresses = UsedIndexes(root, 1UL << (shape.InputBits - low)).Select(i => i << low);
            ulong[] used = UsedIndexes(1 << shape.Stride);
            for (int level = shape.StartLevel + 1; level <= 3; level++)
            {
                int shift = shape.Low(level);
                addresses = addresses.SelectMany(a => used.Select(i => a | (i << shift)));
            }

            foreach (ulong address in addresses)
            {
                yield return upper ? address | (ulong.MaxValue << shape.InputBits) : address;
            }
        }
    }

    /// <summary>Tables of one granule, low and high ones, with entries at a few indexes.</summary>
    protected (ulong[] Tables, int[] Indexes) Fill(AArch64Tables shape, ulong[] starts, int[] counts, int indexes)
    {
        var tables = new List<ulong>();
        foreach ((ulong start, int count) in starts.Zip(counts))
        {
            AddMemory(start, count << shape.GranuleBits);
            tables.AddRange(Enumerable.Range(0, count).Select(i => start + ((ulong)i << shape.GranuleBits)));
        }

        int[] used = SomeIndexes(1 << shape.Stride, indexes);
        foreach (ulong table in tables)
        {
            ulong previous = 0;
            for (int i = 0; i < used.Length; i++)
            {
                ulong entry = Entry(shape, tables);
                if (i > 0 && used[i] == used[i - 1] + 1 && Chance(1, 2))
                {
                    // A neighbour that continues the one before: as a page, or as a block of the level above.
                    entry = previous + (1UL << (shape.GranuleBits + (Chance(1, 2) ? shape.Stride : 0)));
                }

                Put(table + (8 * (ulong)used[i]), entry);
                previous = entry;
            }
        }

        return ([.. tables], used);
    }

    /// <summary>
    /// A start table for one half of the addresses, in one of the tables: a small one stands where that one has an entry, and
    /// one of several tables side by side begins with the first and may leave the dump.
    /// </summary>
    /// <returns>The register's value.</returns>
    protected ulong AddRoot(AArch64Tables shape, (ulong[] Tables, int[] Indexes) filled, bool upper, int tagShift)
    {
        int alignment = shape.StartAlignment;
        ulong mask = (1UL << alignment) - 1;
        ulong root = filled.Tables[Chance(1, 8) ? ^1 : Random.Next(filled.Tables.Length / 2)];
        if (alignment < shape.GranuleBits)
        {
            root += 8 * (ulong)filled.Indexes[Random.Next(filled.Indexes.Length)];
            if (Chance(1, 2))
            {
                ulong count = 1UL << (shape.InputBits - shape.Low(shape.StartLevel));
                Put((root & ~mask) + (8 * (ulong)Random.NextInt64((long)count)), Entry(shape, filled.Tables));
            }
        }

        root &= ~mask;
        _halves.Add((shape, root, upper));

        // Bits below the alignment count as zero whatever they are, except those that are address bits.
        ulong ignored = shape.Wide ? mask & ~0x3cUL : mask;
        ulong value = (root & 0xffff_ffff_fff8) | (Chance(1, 6) ? RandomBits(alignment) & ignored : RandomBits(1) & ignored);
        return value | (shape.Wide ? (root >> 48) << 2 : 0) | (Chance(1, 2) ? RandomBits(64 - tagShift) << tagShift : 0);
    }

    /// <summary>A descriptor at random; it doesn't know at which level it will be read.</summary>
    private ulong Entry(AArch64Tables shape, IReadOnlyList<ulong> tables)
    {
        ulong granule = 1UL << shape.GranuleBits;
        ulong address = Random.Next(20) switch
        {
            < 14 => tables[Random.Next(tables.Count)],
            14 => 0xfee0_0000,
            15 => RandomBits(52),
            16 => RandomBits(40),
            17 => RandomBits(31),
            18 => RandomBits(36) & ~((1UL << (shape.GranuleBits + shape.Stride)) - 1),
            _ => RandomBits(48) & ~((1UL << (shape.GranuleBits + shape.Stride)) - 1),
        } & ~(granule - 1);
        ulong entry = Random.Next(20) switch
        {
            < 15 => 3,
            < 19 => 1UL,
            _ => RandomBits(2),
        };
        entry |= address & 0xffff_ffff_f000;
        entry |= RandomBits(8) << 2;
        entry |= Chance(4, 5) ? 1UL << 10 : 0;
        entry |= MaybeBit(11, 2);
        if (shape.Ds)
        {
            entry = (entry & ~0x300UL) | (address & (3UL << 48)) | (((address >> 50) & 3) << 8);
        }
        else
        {
            // Reserved, and ignored.
            entry |= MaybeBit(48, 12) | MaybeBit(49, 12);
        }

        if (shape.GranuleBits == 16)
        {
            entry |= shape.Wide ? ((address >> 48) & 15) << 12 : MaybeBit(Random.Next(12, 16), 6);
        }

        for (int bit = 50; bit <= 54; bit++)
        {
            entry |= MaybeBit(bit, 4);
        }

        for (int bit = 55; bit < 64; bit++)
        {
            entry |= MaybeBit(bit, 10);
        }

        return Chance(1, 12) ? entry ^ (1UL << Random.Next(64)) : entry;
    }
}
