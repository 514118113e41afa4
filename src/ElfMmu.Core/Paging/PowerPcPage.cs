namespace ElfMmu.Paging;

/// <summary>A page that the hash table maps in a segment, packed so that an array of them sorts by address.</summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition".</remarks>
/// <param name="Bits">The page's number in the upper half, the second word of its PTE in the lower.</param>
internal readonly record struct PowerPcPage(ulong Bits) : IComparable<PowerPcPage>
{
    /// <summary>The base-two logarithm of the page size.</summary>
    public const int Shift = 12;

    public PowerPcPage(uint number, uint pte)
        : this(((ulong)number << 32) | pte)
    {
    }

    /// <summary>The virtual address shifted right by the page size.</summary>
    public uint Number => (uint)(Bits >> 32);

    private uint Pte => (uint)Bits;

    /// <summary>What data accesses find.</summary>
    public PowerPcTranslation Data(PowerPcSegment segment, bool user) => Translation with { Rights = segment.Rights(Pte & 3, user) };

    /// <summary>
    /// What instruction fetches find: they need the right to read, and a segment without N. That a page is guarded is listed as its
    /// memory type; not every machine refuses to fetch from it.
    /// </summary>
    public PowerPcTranslation Instructions(PowerPcSegment segment, bool user)
    {
        bool executable = !segment.IsNoExecute && (segment.Rights(Pte & 3, user) & Rights.Read) != 0;
        return Translation with { Rights = executable ? Rights.Execute : Rights.None };
    }

    public int CompareTo(PowerPcPage other) => Bits.CompareTo(other.Bits);

    private PowerPcTranslation Translation => new()
    {
        Physical = Pte & 0xffff_f000,
        PageShift = Shift,
        Level = 1,
        Wimg = (Pte >> 3) & 15,
        Referenced = (Pte & (1 << 8)) != 0,
        Changed = (Pte & (1 << 7)) != 0,
    };
}
