using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>A page that the hash table maps in a segment.</summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition".</remarks>
/// <param name="Pte">The second word of its PTE.</param>
internal readonly record struct PowerPcPage(uint Pte)
{
    /// <summary>The base-two logarithm of the page size.</summary>
    public const int Shift = 12;

    /// <summary>The physical address.</summary>
    public uint Physical => Pte & 0xffff_f000;

    /// <summary>PP: the rights, as the segment reads them.</summary>
    public uint Protection => Pte & 3;

    private uint Wimg => (Pte >> 3) & 15;

    private bool Referenced => (Pte & (1 << 8)) != 0;

    private bool Changed => (Pte & (1 << 7)) != 0;

    /// <summary>What data accesses find.</summary>
    public PowerPcTranslation Data(PowerPcSegment segment, bool user) =>
        Translation with { Rights = segment.DataRights(Protection, user) };

    /// <summary>
    /// What instruction fetches find. That a page is guarded is listed as its memory type; not every machine refuses to fetch from it.
    /// </summary>
    public PowerPcTranslation Instructions(PowerPcSegment segment, bool user) =>
        Translation with { Rights = segment.InstructionRights(Protection, user) };

    /// <summary>What is listed of the page where no block covers it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MappingAttributes Attributes(Rights user, Rights supervisor) =>
        new(user, supervisor, 1, Shift, (int)Wimg, global: false, Referenced, Changed);

    private PowerPcTranslation Translation => new()
    {
        Physical = Physical,
        PageShift = Shift,
        Level = 1,
        Wimg = Wimg,
        Referenced = Referenced,
        Changed = Changed,
    };
}
