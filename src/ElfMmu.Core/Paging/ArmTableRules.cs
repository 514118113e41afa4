namespace ElfMmu.Paging;

/// <summary>What the registers say about how 64-bit descriptors of ARM are read.</summary>
internal sealed record ArmTableRules
{
    /// <summary>The granule.</summary>
    public required ArmGranule Granule { get; init; }

    /// <summary>How many bits an output address has; one above them is an address size fault.</summary>
    public required int OutputBits { get; init; }

    /// <summary>Whether descriptors and roots hold addresses of 52 bits (FEAT_LPA, FEAT_LPA2).</summary>
    public bool Wide { get; init; }

    /// <summary>Whether tables take rights away from everything below them.</summary>
    public bool HasTableRights { get; init; }

    /// <summary>What the rights bits of a leaf allow.</summary>
    public required ArmRights Rights { get; init; }

    /// <summary>Whether these are stage 2 descriptors.</summary>
    public bool IsNested { get; init; }

    /// <summary>Whether bit 51 is the dirty bit modifier; 32-bit processors have none.</summary>
    public bool HasDirtyModifier { get; init; }

    /// <summary>Whether the processor itself makes pages with the dirty bit modifier writable when they are written to.</summary>
    public bool ManagesDirty { get; init; }

    /// <summary>One tree.</summary>
    /// <param name="root">The value that holds the root, with or without what a register has beside it.</param>
    /// <param name="levels">The levels.</param>
    /// <returns>
    /// The tree. Where the root is an address too large for the processor, it translates nothing: every access is a fault.
    /// </returns>
    public RadixTree<ArmFormat64> Tree(ulong root, PagingLevel[] levels)
    {
        int size = 3 + levels[^1].IndexBits;
        root &= ~((1UL << (Wide ? Math.Max(size, 6) : size)) - 1);
        var tree = new RadixTree<ArmFormat64>(new ArmFormat64(this), root, levels);
        return root >> OutputBits == 0 ? tree : tree with { First = ulong.MaxValue, Last = 0 };
    }

    /// <summary>The root in a TTBR's value: bits 47:1, or with wide addresses bits 47:6 with 51:48 in bits 5:2.</summary>
    public static ulong DecodeRoot(ulong register, bool wide) =>
        wide ? (register & 0xffff_ffff_ffc0) | (((register >> 2) & 15) << 48) : register & 0xffff_ffff_fffe;
}
