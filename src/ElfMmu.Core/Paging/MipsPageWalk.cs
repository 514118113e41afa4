namespace ElfMmu.Paging;

/// <summary>
/// The page walk that PWField, PWSize and PWCtl describe. PWCtl.PWEn isn't asked: what the registers describe are the tables, whoever
/// walks them.
/// </summary>
/// <remarks>
/// MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, "Hardware Page Table Walker", and the
/// registers PWBase, PWField, PWSize and PWCtl.
/// </remarks>
internal sealed class MipsPageWalk
{
    private const int FieldBits = 6;
    private const int PageTableField = 1;
    private const int SmallestPageShift = 12;
    private const int LargestPageShift = 28;
    private const int NarrowEntryBits = 32;
    private const ulong HugePages = 1 << 6;
    private const ulong DualPages = 1 << 7;

    private MipsPageWalk(ulong field, ulong size, ulong control)
    {
        HasHugePages = (control & HugePages) != 0;
        HasDualPages = (control & DualPages) != 0;
        HugeBit = (int)control & 63;
        int wide = Field(size, 0);
        EntryShift = Field(field, 0);

        // Directories hold entries as wide as the pages' where an entry can be a page.
        int directoryEntry = 2 + (HasHugePages ? wide : 0);
        Levels =
        [
            .. Enumerable.Range(2, 3).Reverse()
                .Where(number => Field(size, number) != 0)
                .Select(number => new MipsDirectory(number, Field(field, number), Field(size, number), directoryEntry)),

            // The TLB takes pages in pairs, so there are always two.
            new(1, Field(field, PageTableField), Math.Max(Field(size, PageTableField), 1), 2 + wide),
        ];
        Mistake = Levels.Count == 1 ? "no directory has a width"
            : wide > 1 ? $"PTEW is {wide}, above 1"
            : EntryShift < 2 || EntryShift >= NarrowEntryBits << wide ? $"PTEI is {EntryShift}, outside 2 to {(NarrowEntryBits << wide) - 1}"
            : !IsPageSize(Levels[^1].Shift) ? $"PTI is {Levels[^1].Shift}, and no page has that size"
            : Levels.Any(l => l.Shift < SmallestPageShift) ? "an index starts below bit 12"
            : null;
    }

    /// <summary>The levels, the top one first; the last one is the page table.</summary>
    public IReadOnlyList<MipsDirectory> Levels { get; }

    /// <summary>PWCtl.HugePg: whether entries of directories can be pages.</summary>
    public bool HasHugePages { get; }

    /// <summary>PWCtl.DPH: whether a directory that spans pages of even power takes them from two entries.</summary>
    public bool HasDualPages { get; }

    /// <summary>PWCtl.Psn: the bit that says that an entry of a directory is a page.</summary>
    public int HugeBit { get; }

    /// <summary>PWField.PTEI: how far an entry is shifted right to become an EntryLo.</summary>
    public int EntryShift { get; }

    private string? Mistake { get; }

    /// <summary>
    /// The walk; null, with a warning, when its registers aren't known or describe none. (What PWSize holds after a reset is no walk: so
    /// it is in systems that fill the TLB themselves.)
    /// </summary>
    public static MipsPageWalk? Read(RegisterSet registers, WalkSummary summary)
    {
        if (MipsRegisters.PwField.In(registers) is not { } field || MipsRegisters.PwSize.In(registers) is not { } size)
        {
            // What Linux chooses depends on its version and configuration, down to the places of the bits in an entry.
            summary.Warn(
                "PWField and PWSize aren't both known, and each system has page tables of its own shape: only the unmapped segments are "
                + "listed. Give them as registers, or a machine description with them; PWCtl too if there are huge pages.");
            return null;
        }

        var walk = new MipsPageWalk(field, size, MipsRegisters.PwCtl.In(registers) ?? 0);
        if (walk.Mistake == null)
        {
            int shift = walk.Levels[^1].Shift;
            if (MipsRegisters.PageShift(registers) is { } masked && masked != shift)
            {
                // A handler may have been putting a page of another size into the TLB, so the tables' own shape counts.
                summary.Warn(
                    $"PageMask is for pages of 0x{1UL << masked:x} bytes, but PWField for pages of 0x{1UL << shift:x}, which are listed.");
            }

            return walk;
        }

        summary.Warn(
            $"PWField 0x{field:x} and PWSize 0x{size:x} describe no page walk ({walk.Mistake}): only the unmapped segments are listed.");
        return null;
    }

    /// <summary>Whether PageMask can say a page size: 4 KiB to 256 MiB in steps of four; anything else is undefined.</summary>
    public static bool IsPageSize(int shift) => shift is >= SmallestPageShift and <= LargestPageShift && (shift & 1) == 0;

    private static int Field(ulong register, int number) => (int)(register >> (number * FieldBits)) & 63;
}
