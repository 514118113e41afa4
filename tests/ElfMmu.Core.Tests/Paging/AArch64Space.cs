namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of AArch64's stage 1, with both halves of the addresses.</summary>
internal sealed class AArch64Space : LongDescriptorSpace
{
    private readonly AArch64Manual _manual;

    /// <summary>Makes a memory for <c>aarch64-4k</c>, <c>-16k</c> or <c>-64k</c>.</summary>
    public AArch64Space(string mode, int seed)
        : base(mode, seed)
    {
        int granule = Granule(mode);
        int? physicalBits = Chance(1, 4) ? new[] { 40, 44, 48, 52 }[Random.Next(4)] : null;
        RegisterSet registers = RegisterSet.Empty;
        if (!Chance(1, 10))
        {
            registers = registers.With("tcr_el1", Tcr(granule));
        }

        if (!Chance(1, 4))
        {
            registers = registers.With(Chance(2, 3) ? "sctlr_el1" : "sctlr", RandomBits(19) | MaybeBit(19, 4));
        }

        // How the halves are translated doesn't depend on where their tables are.
        var shapes = new AArch64Manual(static (_, _) => null, granule, name => registers[name], physicalBits);
        AArch64Tables lower = shapes.Tables(upper: false);
        AArch64Tables upper = shapes.Tables(upper: true);
        bool same = lower.GranuleBits == upper.GranuleBits;
        int levels = Math.Max(3 - lower.StartLevel, 3 - upper.StartLevel);
        int indexes = !same || levels > 3 ? 4 : levels > 2 ? 5 : 7;
        ulong high = new ulong[] { 0x8_8000_0000, 0x8123_4560_0000, 0x9_8123_4560_0000 }[Random.Next(lower.Wide ? 3 : 2)];
        var filled = Fill(lower, [LowStart, high], [5, 3], indexes);
        ulong root = AddRoot(lower, filled, upper: false, tagShift: 48);
        if (!Chance(1, 4))
        {
            // Halves of one granule share their tables.
            var other = same ? filled : Fill(upper, [0x5000_0000], [3], 3);
            registers = registers.With("ttbr1_el1", AddRoot(upper, other, upper: true, tagShift: 48));
        }

        // A half that is turned off or has no root has no pages.
        ulong tcr = registers["tcr_el1"] ?? 0;
        bool hasLower = !ManualBits.Bit(tcr, 7);
        bool hasUpper = !ManualBits.Bit(tcr, 23) && registers["ttbr1_el1"] != null;
        SmallestPage = 1UL << Math.Min(hasLower ? lower.GranuleBits : 16, hasUpper ? upper.GranuleBits : 16);
        Complete(root, physicalBits, registers);
        _manual = new AArch64Manual(Read, granule, name => registers[name], physicalBits);
    }

    /// <inheritdoc/>
    public override ulong SmallestPage { get; }

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(Request.Root!.Value, address);

    /// <summary>An address without a tag, since a listing has every page at its canonical address alone.</summary>
    public override ulong Anywhere()
    {
        ulong address = base.Anywhere();
        bool upper = ManualBits.Bit(address, 55);
        return _manual.TopByteIgnored(upper) ? (ulong)((long)(address << 8) >> 8) : address;
    }

    private ulong Tcr(int granule)
    {
        bool ds = Chance(1, 2);
        int other = Chance(3, 4) ? granule : new[] { 12, 14, 16 }[Random.Next(3)];
        ulong tcr = Size(granule, ds) | (Size(other, ds) << 16);
        tcr |= MaybeBit(7, 12) | MaybeBit(23, 12) | MaybeBit(22, 2);
        tcr |= (granule switch { 12 => 0UL, 14 => 2, _ => 1 }) << 14;
        tcr |= (Chance(1, 10) ? 0 : other switch { 12 => 2UL, 14 => 1, _ => 3 }) << 30;
        tcr |= (ulong)new[] { 5, 5, 5, 6, 6, 6, Random.Next(8), Random.Next(8) }[Random.Next(8)] << 32;
        for (int bit = 36; bit <= 42; bit++)
        {
            tcr |= MaybeBit(bit, bit is 39 or 40 ? 2 : 3);
        }

        return tcr | (ds ? 1UL << 59 : 0);
    }

    private ulong Size(int granule, bool ds)
    {
        int[] usual = granule switch
        {
            12 => [16, 25, 28, ds ? 12 : 16],
            14 => [16, 17, 28, ds ? 12 : 17],
            _ => [16, 22, 12, 28],
        };
        return (ulong)(Random.Next(12) switch
        {
            < 7 => usual[Random.Next(4)],
            < 11 => Random.Next(12, 49),
            _ => Random.Next(64),
        });
    }
}
