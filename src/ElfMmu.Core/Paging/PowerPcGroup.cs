namespace ElfMmu.Paging;

/// <summary>The hash table that SDR1 names: where the groups are that a hash selects, and what their entries are for.</summary>
/// <param name="Sdr1">The register.</param>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1.2 "Page Table Hashing Functions" and 7.6.1.3.</remarks>
internal readonly record struct PowerPcGroup(uint Sdr1)
{
    /// <summary>The size of an entry in bytes.</summary>
    public const int PteSize = 8;

    /// <summary>How many entries a group has.</summary>
    public const int Ptes = 8;

    /// <summary>The size of a group in bytes.</summary>
    public const int Size = PteSize * Ptes;

    private const int LowHashBits = 10;
    private const uint LowHashMask = (1 << LowHashBits) - 1;
    private const uint HighMask = 0x1ff;
    private const int SliceShift = 16;
    private const ulong Valid = 1UL << 63;
    private const ulong Secondary = 1UL << 38;
    private const uint ApiMask = 0x3f;

    /// <summary>The physical address of the table.</summary>
    public uint Origin => Sdr1 & 0xffff_0000;

    /// <summary>Which bits of a hash count.</summary>
    public uint HashMask => ((Sdr1 & HighMask) << LowHashBits) | LowHashMask;

    /// <summary>The hash of a page that selects its group.</summary>
    public uint Hash(uint vsid, uint pageIndex, bool isSecondary) => (isSecondary ? ~(vsid ^ pageIndex) : vsid ^ pageIndex) & HashMask;

    /// <summary>Where a group is.</summary>
    public uint Address(uint hash) => Origin | (hash >> LowHashBits << SliceShift) | ((hash & LowHashMask) * Size);

    /// <summary>The hashes that select groups, ascending.</summary>
    public IEnumerable<uint> Hashes()
    {
        for (uint hash = 0; hash <= HashMask; hash++)
        {
            if ((hash & ~HashMask) == 0)
            {
                yield return hash;
            }
        }
    }

    /// <summary>Whether an entry is one that a search for a page finds.</summary>
    public static bool IsFor(ulong pte, uint vsid, uint pageIndex, bool isSecondary) =>
        (pte >> 32) == ((Valid >> 32) | ((ulong)vsid << 7) | (isSecondary ? Secondary >> 32 : 0) | (pageIndex >> LowHashBits));

    /// <summary>The virtual segment and page of an entry that is valid and in a group where a search finds it; else null.</summary>
    public (uint Vsid, uint PageIndex)? PageOf(ulong pte, uint hash)
    {
        if (!IsValid(pte))
        {
            return null;
        }

        uint vsid = (uint)(pte >> 39) & 0xff_ffff;
        bool isSecondary = (pte & Secondary) != 0;
        uint primary = (isSecondary ? ~hash : hash) & HashMask;
        uint pageIndex = (((uint)(pte >> 32) & ApiMask) << LowHashBits) | ((primary ^ vsid) & LowHashMask);
        return Hash(vsid, pageIndex, false) == primary ? (vsid, pageIndex) : null;
    }

    /// <summary>V.</summary>
    public static bool IsValid(ulong pte) => (pte & Valid) != 0;
}
