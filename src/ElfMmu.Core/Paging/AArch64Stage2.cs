namespace ElfMmu.Paging;

/// <summary>A guest's physical addresses: VTCR_EL2 and what follows from it.</summary>
/// <remarks>Arm ARM DDI 0487, D8.2 "Translation process", concatenated translation tables, and the description of VTCR_EL2.</remarks>
internal sealed class AArch64Stage2
{
    private readonly PagingOptions _options;
    private readonly ulong? _vtcr;
    private readonly ArmGranule _granule;
    private readonly int _bits = 48;
    private readonly int _top;

    /// <summary>
    /// Reads VTCR_EL2. Where it isn't known, addresses have 48 bits and translation starts where that takes the fewest levels
    /// without concatenated tables, or with two of them for the 16K granule, which has no other way.
    /// </summary>
    /// <param name="named">The granule that the mode is named for.</param>
    /// <param name="options">The processor's state.</param>
    /// <exception cref="ElfMmuException">
    /// <c>ModeConflict</c>: the granule is another one; <c>ControlInvalid</c>: the level to start at can't translate the addresses.
    /// </exception>
    public AArch64Stage2(ArmGranule named, PagingOptions options)
    {
        _options = options;
        _granule = named;
        _vtcr = AArch64Registers.Vtcr.In(options.Registers);
        _top = named == ArmGranule.Size16K ? 2 : named.TopHeight(_bits);
        if (_vtcr is not { } vtcr)
        {
            return;
        }

        if (ArmGranule.FromTg0(vtcr) is { } said && said != named)
        {
            throw AArch64Registers.Conflict(AArch64Registers.Vtcr, vtcr, said, named, "aarch64-s2-");
        }

        _bits = AArch64Registers.InputBits(named, vtcr, DS);
        _top = Top(vtcr);

        // At least one bit for the top level, and at most a whole table's with the 16 tables that can stand in a row.
        int top = _bits - named.PageShift - (_top * named.Stride);
        if (_top < 0 || top < 1 || top > named.Stride + 4)
        {
            throw new ElfMmuException(
                "ControlInvalid",
                ErrorKind.InvalidArgument,
                $"VTCR_EL2 (0x{vtcr:x}) can't be right: SL0 is {(vtcr >> 6) & 3}, but T0SZ is {vtcr & 63}, and addresses of {_bits} "
                + $"bits can't be translated from that level on with a granule of {named.Name}. Give the VTCR_EL2 that these tables "
                + "are for.");
        }
    }

    /// <summary>Whether the root holds an address of 52 bits.</summary>
    public bool IsWide => _vtcr is { } vtcr && AArch64Registers.IsWide(_granule, vtcr >> 16, DS, _options);

    private bool DS => Bit(32);

    /// <summary>The one tree there is.</summary>
    public IReadOnlyList<RadixTree<ArmFormat64>> Trees(ulong root)
    {
        var rules = new ArmTableRules
        {
            Granule = _granule,
            Wide = IsWide,
            OutputBits = AArch64Registers.OutputBits(_vtcr >> 16, IsWide, _options),
            Rights = ArmRights.Stage2(),
            IsNested = true,
            HasDirtyModifier = true,
            ManagesDirty = Bit(21) && Bit(22),
        };
        return [rules.Tree(root, _granule.Levels(_bits, _top))];
    }

    /// <summary>How many levels are below the one that SL0, and with 4K SL2, choose; less than 0 for what is reserved.</summary>
    private int Top(ulong vtcr)
    {
        int sl0 = (int)(vtcr >> 6) & 3;
        if (_granule == ArmGranule.Size4K)
        {
            return !DS || !Bit(33) ? sl0 == 3 ? 0 : sl0 + 1 : sl0 == 0 ? 4 : -1;
        }

        return sl0 == 3 && !(DS && _granule == ArmGranule.Size16K) ? -1 : sl0;
    }

    private bool Bit(int bit) => _vtcr is { } vtcr && ((vtcr >> bit) & 1) != 0;
}
