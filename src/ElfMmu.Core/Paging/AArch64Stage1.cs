namespace ElfMmu.Paging;

/// <summary>EL1 and EL0: TCR_EL1 and what follows from it for the two halves of the addresses.</summary>
/// <remarks>Arm ARM DDI 0487, D8.2 "Translation process", and the description of TCR_EL1.</remarks>
internal sealed class AArch64Stage1
{
    private readonly PagingOptions _options;
    private readonly ulong? _tcr;
    private readonly ArmGranule _named;

    /// <summary>Reads TCR_EL1. Where it isn't known, both halves have 48 bits.</summary>
    /// <param name="named">The granule that the mode is named for.</param>
    /// <param name="options">The processor's state.</param>
    /// <exception cref="ElfMmuException"><c>ModeConflict</c>: the lower half has another granule.</exception>
    public AArch64Stage1(ArmGranule named, PagingOptions options)
    {
        _options = options;
        _named = named;
        _tcr = AArch64Registers.Tcr.In(options.Registers);
        if (_tcr is { } tcr && ArmGranule.FromTg0(tcr) is { } said && said != named)
        {
            throw AArch64Registers.Conflict(AArch64Registers.Tcr, tcr, said, named, "aarch64-");
        }
    }

    private bool DS => Bit(59);

    /// <summary>Whether the roots hold addresses of 52 bits.</summary>
    public bool IsWide(int half) => _tcr is { } tcr && AArch64Registers.IsWide(Granule(half), tcr >> 32, DS, _options);

    /// <summary>The root of the upper half; null when it has none or is turned off.</summary>
    public ulong? Root1 =>
        AArch64Registers.Ttbr1.In(_options.Registers) is { } upper && !Bit(23) ? ArmTableRules.DecodeRoot(upper, IsWide(1)) : null;

    /// <summary>The trees of the halves that have a root and aren't turned off.</summary>
    public IReadOnlyList<RadixTree<ArmFormat64>> Trees(ulong? root)
    {
        var trees = new List<RadixTree<ArmFormat64>>(2);
        if (root is { } lower && !Bit(7))
        {
            trees.Add(Tree(0, lower));
        }

        if (Root1 is { } upper)
        {
            trees.Add(Tree(1, upper));
        }

        return trees;
    }

    /// <summary>TCR_EL1.TBI0 and TBI1: in which half the top byte is ignored.</summary>
    public static AddressTags Tags(PagingOptions options) => AArch64Registers.Tcr.In(options.Registers) is { } tcr
        ? new AddressTags(((tcr >> 37) & 1) != 0, ((tcr >> 38) & 1) != 0)
        : default;

    private RadixTree<ArmFormat64> Tree(int half, ulong root)
    {
        ArmGranule granule = Granule(half);
        int bits = _tcr is { } tcr ? AArch64Registers.InputBits(granule, tcr >> (half * 16), DS) : 48;
        var rules = new ArmTableRules
        {
            Granule = granule,
            Wide = IsWide(half),
            OutputBits = AArch64Registers.OutputBits(_tcr >> 32, IsWide(half), _options),
            HasTableRights = !Bit(41 + half),
            Rights = ArmRights.Stage1(AArch64Registers.WriteNeverExecute(_options.Registers) == true),
            HasDirtyModifier = true,
            ManagesDirty = Bit(39) && Bit(40),
        };
        return rules.Tree(root, granule.Levels(bits, granule.TopHeight(bits))) with { Base = half == 0 ? 0 : 0UL - (1UL << bits) };
    }

    private ArmGranule Granule(int half) => (half == 1 && _tcr is { } tcr ? ArmGranule.FromTg1(tcr) : null) ?? _named;

    private bool Bit(int bit) => _tcr is { } tcr && ((tcr >> bit) & 1) != 0;
}
