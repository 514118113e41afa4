namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of ARM's long descriptors, with both ranges of addresses and the hole between them.</summary>
internal sealed class ArmLpaeSpace : LongDescriptorSpace
{
    private readonly ArmLpaeManual _manual;

    /// <summary>Makes a memory for <c>arm-lpae</c>.</summary>
    public ArmLpaeSpace(string mode, int seed)
        : base(mode, seed)
    {
        RegisterSet registers = RegisterSet.Empty;
        if (!Chance(1, 10))
        {
            ulong ttbcr = Size() | (Size() << 16) | MaybeBit(7, 12) | MaybeBit(23, 12) | MaybeBit(22, 2) | (1UL << 31);
            registers = registers.With("ttbcr", ttbcr);
        }

        if (!Chance(1, 4))
        {
            registers = registers.With("sctlr", RandomBits(19) | MaybeBit(19, 4) | MaybeBit(20, 3));
        }

        var shapes = new ArmLpaeManual(static (_, _) => null, name => registers[name]);
        AArch64Tables lower = Shape(shapes.Size(upper: false));
        AArch64Tables upper = Shape(shapes.Size(upper: true));
        var filled = Fill(lower, [LowStart, 0x12_3450_0000], [5, 3], 7);
        ulong root = AddRoot(lower, filled, upper: false, tagShift: 48);
        if (!Chance(1, 4))
        {
            registers = registers.With("ttbr1", AddRoot(upper, filled, upper: true, tagShift: 48));
        }

        Complete(root, physicalAddressBits: null, registers);
        _manual = new ArmLpaeManual(Read, name => registers[name]);
    }

    /// <inheritdoc/>
    public override ManualPage? Translate(ulong address) => _manual.Translate(Request.Root!.Value, address);

    /// <inheritdoc/>
    protected override IEnumerable<ulong> Enumerate() => base.Enumerate().Select(a => a & uint.MaxValue);

    private static AArch64Tables Shape(int size) =>
        new(GranuleBits: 12, Ds: false, OutputBits: 40, InputBits: 32 - size, StartLevel: size < 2 ? 1 : 2);

    private ulong Size() => (ulong)new[] { 0, 0, 0, 1, 2, Random.Next(8) }[Random.Next(6)];
}
