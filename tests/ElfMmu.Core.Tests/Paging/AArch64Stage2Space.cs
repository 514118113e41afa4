namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of AArch64's stage 2, with start tables side by side.</summary>
internal sealed class AArch64Stage2Space : LongDescriptorSpace
{
    private readonly AArch64Stage2Manual _manual;

    /// <summary>Makes a memory for <c>aarch64-s2-4k</c>, <c>-16k</c> or <c>-64k</c>.</summary>
    public AArch64Stage2Space(string mode, int seed)
        : base(mode, seed)
    {
        int granule = Granule(mode);
        int? physicalBits = Chance(1, 4) ? new[] { 40, 44, 48, 52 }[Random.Next(4)] : null;
        ulong? vtcr = Chance(1, 10) ? null : Vtcr(granule);
        if (Chance(9, 10))
        {
            // Most random pairs of size and start level contradict each other.
            while (vtcr is not null && new AArch64Stage2Manual(static (_, _) => null, granule, vtcr, null).Tables() is null)
            {
                vtcr = Vtcr(granule);
            }
        }

        AArch64Tables? tables = new AArch64Stage2Manual(static (_, _) => null, granule, vtcr, physicalBits).Tables();
        AArch64Tables shape = tables ?? new AArch64Tables(granule, false, 48, 48, granule == 12 ? 0 : 1);
        int levels = 3 - shape.StartLevel;
        ulong high = new ulong[] { 0x8_8000_0000, 0x8123_4560_0000, 0x9_8123_4560_0000 }[Random.Next(shape.Wide ? 3 : 2)];

        // Start tables side by side are all in the dump, or it ends amid them.
        int start = 1 << Math.Max(0, shape.InputBits - shape.Low(shape.StartLevel) - shape.Stride);
        int low = Chance(1, 2) ? Math.Max(start, 5) : 5;
        var filled = Fill(shape, [LowStart, high], [low, 3], levels > 3 ? 4 : levels > 2 ? 5 : 7);
        ulong root = AddRoot(shape, filled, upper: false, tagShift: 48);
        Complete(root, physicalBits, vtcr is { } value ? RegisterSet.Empty.With("vtcr_el2", value) : RegisterSet.Empty);
        _manual = new AArch64Stage2Manual(Read, granule, vtcr, physicalBits);
    }

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(Request.Root!.Value, address);

    private ulong Vtcr(int granule)
    {
        bool ds = Chance(1, 2);
        ulong vtcr = (ulong)(Random.Next(12) switch
        {
            < 6 => new[] { 16, 20, 24, 25, 32, 12 }[Random.Next(6)],
            < 11 => Random.Next(12, 49),
            _ => Random.Next(64),
        });
        vtcr |= RandomBits(2) << 6;
        vtcr |= (granule switch { 12 => 0UL, 14 => 2, _ => 1 }) << 14;
        vtcr |= (ulong)new[] { 5, 5, 6, 6, Random.Next(8) }[Random.Next(5)] << 16;
        vtcr |= MaybeBit(21, 2) | MaybeBit(22, 2) | (1UL << 31);
        return vtcr | (ds ? 1UL << 32 : 0) | MaybeBit(33, 2);
    }
}
