using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>The families of modes whose tables can be recognised; a new one is a row here.</summary>
internal static class TableFamilies
{
    // No machine has memory where these address bits are set, but text and pointers have them.
    private const ulong TooHigh = 0x0003_c000_0000_0000;

    // Bits 11 to 2 of a table's descriptor are ignored. A page has its attributes there, and else looks the same.
    private const ulong IgnoredInTables = 0xffc;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TableFamily> All { get; } =
    [
        new TableFamily<X86Format64, X86Test64>(
            X86Modes.La57.Levels,
            [new(X86Modes.Ia32e, 3, 512), new(X86Modes.La57, 4, 512)],
            options => new X86Format64(options, pae: false),
            _ => default),
        new TableFamily<X86Format64, X86Test64>(
            X86Modes.Pae.Levels,

            // The rights bits are reserved in a PDPTE; those of an x86-64 table that looks like one are set.
            [new(X86Modes.Pae, 2, 4) { Clear = 0x7fff_c000_0000_01c6, Set = 1 }],
            options => new X86Format64(options, pae: true),
            _ => default),
        new TableFamily<X86Format32, X86Test32>(
            X86Modes.Ia32.Levels,
            [new(X86Modes.Ia32, 1, 1024)],
            options => new X86Format32(options),
            memory => new X86Test32((memory.Runs[^1].Last >> TableScan.FrameShift) + 1))
        {
            // Which pages can be written to is left to the last level.
            TableSet = 1 << 1,
        },
        Nested(EptModes.Ept, EptModes.Ept5, options => new EptFormat(options)),
        Nested(NptModes.Npt, NptModes.Npt5, options => new NptFormat(options)),
        new TableFamily<RiscVFormat64, RiscVTest64>(
            RiscVModes.Sv57.Levels,
            [new(RiscVModes.Sv39, 2, 512), new(RiscVModes.Sv48, 3, 512), new(RiscVModes.Sv57, 4, 512)],
            options => new RiscVFormat64(options, nested: false),
            _ => default),
        new TableFamily<RiscVFormat32, RiscVTest32>(
            RiscVModes.Sv32.Levels,
            [new(RiscVModes.Sv32, 1, 1024)],
            options => new RiscVFormat32(options, nested: false),
            _ => default),
        Arm(AArch64Modes.Granule4K, ArmGranule.Size4K, 39, 42, 48, 52),
        Arm(AArch64Modes.Granule16K, ArmGranule.Size16K, 36, 47, 48, 52),
        Arm(AArch64Modes.Granule64K, ArmGranule.Size64K, 42, 48, 52),
        new TableFamily<ArmFormat64, ArmTest64>(
            ArmModes.Lpae.Levels,
            [
                new(ArmModes.Lpae, 2, 4) { Control = ("TTBCR", 0x8000_0000, 0x8000_0000), Clear = TooHigh | IgnoredInTables, Set = 3 },
                new(ArmModes.Lpae, 1, 512) { Control = ("TTBCR", 0x8000_0002, 0x8002_0000) },
            ],
            _ => new ArmFormat64(Rules(ArmGranule.Size4K, 40, hasDirtyModifier: false)),
            _ => new ArmTest64(TooHigh))
        {
            LeafClear = height => BlockClear(ArmGranule.Size4K, height),
            TableClear = IgnoredInTables,
            NeedsAccessed = true,
        },
        new TableFamily<ArmFormat32, ArmTest32>(
            ArmModes.Short.Levels,
            [new(ArmModes.Short, 1, 4096)],
            options => new ArmFormat32(options),
            _ => default)
        { HasAccessed = false },
    ];

    private static TableFamily<TFormat, X86Test64> Nested<TFormat>(
        PagingMode four, PagingMode five, Func<PagingOptions, TFormat> format)
        where TFormat : struct, IRadixFormat =>
        new(five.Levels, [new(four, 3, 512), new(five, 4, 512)], format, _ => default);

    /// <summary>AArch64 with one granule.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="granule">The granule.</param>
    /// <param name="sizes">How many bits the addresses of a half can have: those that operating systems choose.</param>
    private static TableFamily Arm(PagingMode mode, ArmGranule granule, params int[] sizes)
    {
        int most = sizes[^1];
        ulong misaligned = (1UL << granule.PageShift) - 0x1000;
        return new TableFamily<ArmFormat64, ArmTest64>(
            granule.Levels(granule.PageShift + ((granule.TopHeight(most) + 1) * granule.Stride), granule.TopHeight(most)),
            [.. sizes.Select(bits => Shape(mode, granule, bits))],
            _ => new ArmFormat64(Rules(granule, 48, hasDirtyModifier: true)),
            _ => new ArmTest64(TooHigh | misaligned))
        {
            LeafClear = height => BlockClear(granule, height),
            TableClear = IgnoredInTables,
            NeedsAccessed = true,
        };
    }

    private static RootShape Shape(PagingMode mode, ArmGranule granule, int bits)
    {
        // TG0 and TG1 count granules differently. IPS asks for 48 bits; addresses of 52 bits need DS, unless the granule is 64K.
        (ulong lower, ulong upper) = granule.PageShift switch { 12 => (0UL, 2UL), 14 => (2UL, 1UL), _ => (1UL, 3UL) };
        ulong size = 64 - (ulong)bits;
        ulong wide = bits > 48 && granule.PageShift < 16 ? 1UL << 59 : 0;
        ulong control = size | (size << 16) | (lower << 14) | (upper << 30) | (5UL << 32) | wide;
        int top = granule.TopHeight(bits);
        return new RootShape(mode, top, 1 << (bits - granule.PageShift - (top * granule.Stride)))
        {
            Control = ("TCR_EL1", control, control),
            Clear = TooHigh | IgnoredInTables,
            Set = 3,
        };
    }

    /// <summary>The bits within a block but for nT, bit 16.</summary>
    private static ulong BlockClear(ArmGranule granule, int height) =>
        height == 0 ? 0 : ((1UL << (granule.PageShift + (height * granule.Stride))) - 1) & ~0x1_0fffUL;

    private static ArmTableRules Rules(ArmGranule granule, int outputBits, bool hasDirtyModifier) => new()
    {
        Granule = granule,
        OutputBits = outputBits,
        HasTableRights = true,
        Rights = hasDirtyModifier ? ArmRights.Stage1(false) : ArmRights.Long32(false, false),
        HasDirtyModifier = hasDirtyModifier,
    };
}
