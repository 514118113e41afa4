using System.Numerics;

namespace ElfMmu.Paging;

/// <summary>A pair of BAT registers: a block of addresses that is translated without any table.</summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.4 "Block Address Translation".</remarks>
/// <param name="Upper">The upper register: BEPI, BL, Vs, Vp.</param>
/// <param name="Lower">The lower register: BRPN, WIMG, PP.</param>
internal readonly record struct PowerPcBat(uint Upper, uint Lower)
{
    /// <summary>The base-two logarithm of the smallest block; all others are made of such.</summary>
    public const int BlockShift = 17;

    private const uint SupervisorValid = 2;
    private const uint UserValid = 1;
    private const uint Guarded = 1 << 3;
    private const uint HighBits = 0xfffe_0000;

    /// <summary>BL: which of the upper address bits lie within the block, and are passed through like the lower ones.</summary>
    private uint Within => (Upper & 0x1ffc) << 15;

    /// <summary>
    /// Whether the block holds an address for a privilege. The bits of BEPI within the block have to be 0: they are compared with
    /// those of the address after BL was taken out of it.
    /// </summary>
    public bool Matches(uint address, bool user) =>
        (Upper & (user ? UserValid : SupervisorValid)) != 0 && (Upper & HighBits) == (address & HighBits & ~Within);

    /// <summary>
    /// Marks the smallest blocks that match for any privilege. BL needn't be a row of ones, though nothing says what processors do
    /// then: the comparison is done as it is described, as emulators do it too.
    /// </summary>
    public void Mark(Span<bool> matched)
    {
        uint within = Within >> BlockShift;
        uint first = Upper >> BlockShift;
        if ((Upper & (SupervisorValid | UserValid)) == 0 || (first & within) != 0)
        {
            return;
        }

        // All that can stand in the bits of BL, descending.
        for (uint inside = within; ; inside = (inside - 1) & within)
        {
            matched[(int)(first | inside)] = true;
            if (inside == 0)
            {
                return;
            }
        }
    }

    /// <summary>What data accesses find at an address that matches.</summary>
    public PowerPcTranslation Data(uint address) => Translation(address) with
    {
        Rights = (Lower & 3) switch
        {
            0 => Rights.None,
            2 => Rights.Read | Rights.Write,
            _ => Rights.Read,
        },
    };

    /// <summary>What instruction fetches find at an address that matches: nothing in a guarded block.</summary>
    public PowerPcTranslation Instructions(uint address) => Translation(address) with
    {
        Rights = (Lower & 3) == 0 || (Lower & Guarded) != 0 ? Rights.None : Rights.Execute,
    };

    // The address bits of BL are joined to BRPN by OR, as the manual draws it; in BRPN they are meant to be 0.
    private PowerPcTranslation Translation(uint address) => new()
    {
        Physical = (Lower & HighBits) | (address & (Within | ~HighBits)),
        PageShift = BlockShift + BitOperations.TrailingZeroCount(~(Within >> BlockShift)),
        Wimg = (Lower >> 3) & 15,
    };
}
