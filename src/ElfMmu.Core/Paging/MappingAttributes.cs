using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>What a leaf says beside its address, packed in 32 bits so that the walker compares and fuses without branching.</summary>
public readonly record struct MappingAttributes
{
    private const int SupervisorShift = 3;
    private const int GlobalBit = 1 << 6;
    private const int CacheShift = 7;
    private const int AccessedBitIndex = 12;
    private const int AccessedBit = 1 << AccessedBitIndex;
    private const int DirtyBit = 1 << 13;
    private const int ContiguousBit = 1 << 14;
    private const uint AnyPageBits = AccessedBit | DirtyBit | ContiguousBit;
    private const int LevelShift = 15;
    private const int PageShiftShift = 19;

    private readonly uint _bits;

    private MappingAttributes(uint bits) => _bits = bits;

    /// <summary>Packs attributes.</summary>
    /// <param name="user">Effective rights in user mode, over all levels.</param>
    /// <param name="supervisor">Effective rights in supervisor mode, over all levels.</param>
    /// <param name="level">The number of the level, as the architecture counts; 0 to 15.</param>
    /// <param name="pageShift">The base-two logarithm of the page size; 0 to 63.</param>
    /// <param name="cacheIndex">The memory type field of the leaf; 0 to 31.</param>
    /// <param name="global">Whether the translation holds in every address space.</param>
    /// <param name="accessed">Whether the processor has used the page.</param>
    /// <param name="dirty">Whether the processor has written to the page.</param>
    /// <param name="contiguous">Whether the leaf says that its neighbours continue it, so that they can share a TLB entry.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MappingAttributes(
        Rights user,
        Rights supervisor,
        int level,
        int pageShift,
        int cacheIndex,
        bool global,
        bool accessed,
        bool dirty,
        bool contiguous = false)
        : this((uint)user
            | ((uint)supervisor << SupervisorShift)
            | ((uint)level << LevelShift)
            | ((uint)pageShift << PageShiftShift)
            | ((uint)cacheIndex << CacheShift)
            | (global ? (uint)GlobalBit : 0)
            | (accessed ? (uint)AccessedBit : 0)
            | (dirty ? (uint)DirtyBit : 0)
            | (contiguous ? (uint)ContiguousBit : 0))
    {
    }

    /// <summary>Effective rights in user mode.</summary>
    public Rights User => (Rights)(_bits & 7);

    /// <summary>Effective rights in supervisor mode.</summary>
    public Rights Supervisor => (Rights)((_bits >> SupervisorShift) & 7);

    /// <summary>Whether the translation holds in every address space.</summary>
    public bool Global => (_bits & GlobalBit) != 0;

    /// <summary>The memory type field of the leaf; the mode names its values.</summary>
    public int CacheIndex => (int)(_bits >> CacheShift) & 31;

    /// <summary>Whether the processor has used the page, or any page of a fused run.</summary>
    public bool Accessed => (_bits & AccessedBit) != 0;

    /// <summary>Whether the processor has written to the page, or to any page of a fused run.</summary>
    public bool Dirty => (_bits & DirtyBit) != 0;

    /// <summary>
    /// Whether any of the leaves says that its neighbours continue it (AArch64's and LPAE's contiguous hint). It changes nothing about
    /// what is mapped.
    /// </summary>
    public bool Contiguous => (_bits & ContiguousBit) != 0;

    /// <summary>The number of the level the leaf stood at, as the architecture counts.</summary>
    public int Level => (int)(_bits >> LevelShift) & 15;

    /// <summary>The page size in bytes.</summary>
    public ulong PageSize => 1UL << (int)((_bits >> PageShiftShift) & 63);

    /// <summary>Whether two neighbouring leaves may become one run: everything agrees but what any one page can have.</summary>
    public bool FusesWith(MappingAttributes other) => ((_bits ^ other._bits) & ~AnyPageBits) == 0;

    /// <summary>The attributes of a run of two that fuse: accessed, dirty and contiguous if either is.</summary>
    public MappingAttributes Union(MappingAttributes other) => new(_bits | other._bits);

    /// <summary>
    /// What must agree for two mappings to have the same rights whatever their page sizes: rights, global and memory type.
    /// </summary>
    public uint RightsKey => _bits & ((1 << AccessedBitIndex) - 1);

    /// <summary>
    /// The attributes of two mappings with the same <see cref="RightsKey"/> taken together: the smaller page size with its
    /// level; accessed, dirty and contiguous if either is.
    /// </summary>
    public MappingAttributes UnionOfPages(MappingAttributes other)
    {
        const uint PageBits = (63u << PageShiftShift) | (15u << LevelShift);
        uint pages = Math.Min(_bits & PageBits, other._bits & PageBits);
        return new((_bits & ~PageBits) | pages | (other._bits & AnyPageBits));
    }

    /// <summary>
    /// The attributes of a page that is reached through another one, as a guest's through its hypervisor's: the rights that both
    /// give, and the smaller page size; all else is the first one's.
    /// </summary>
    public MappingAttributes Through(MappingAttributes other)
    {
        const uint RightsBits = 63;
        const uint PageShiftBits = 63u << PageShiftShift;
        return new((_bits & ~(RightsBits | PageShiftBits))
            | (_bits & other._bits & RightsBits)
            | Math.Min(_bits & PageShiftBits, other._bits & PageShiftBits));
    }
}
