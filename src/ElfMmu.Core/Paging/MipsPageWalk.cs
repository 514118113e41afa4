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
    private const ulong HugePages = 1 << 6;
    private const ulong DualPages = 1 << 7;

    /// <summary>Reads the registers.</summary>
    /// <exception cref="ElfMmuException">
    /// <c>RegistersRequired</c>: PWField or PWSize isn't known; <c>RegistersInvalid</c>: they describe no walk.
    /// </exception>
    public MipsPageWalk(PagingOptions options)
    {
        RegisterSet registers = options.Registers;
        if (MipsRegisters.PwField.In(registers) is not { } field || MipsRegisters.PwSize.In(registers) is not { } size)
        {
            // What Linux chooses depends on its version and configuration, down to the places of the bits in an entry.
            throw new ElfMmuException(
                "RegistersRequired",
                ErrorKind.InvalidArgument,
                "Mode mips32 needs the registers PWField and PWSize: each system has page tables of its own shape, and only these say "
                + "which. Give them as registers, or a machine description with them; PWCtl too if there are huge pages.");
        }

        ulong control = MipsRegisters.PwCtl.In(registers) ?? 0;
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
        string? wrong = Levels.Count == 1 ? "no directory has a width"
            : wide > 1 ? $"PTEW is {wide}, above 1"
            : EntryShift is < 2 or > 31 ? $"PTEI is {EntryShift}, outside 2 to 31"
            : Levels[^1].Shift is < SmallestPageShift or > 31 ? $"PTI is {Levels[^1].Shift}, outside 12 to 31"
            : null;
        if (wrong != null)
        {
            throw new ElfMmuException(
                "RegistersInvalid",
                ErrorKind.InvalidArgument,
                $"PWField 0x{field:x} and PWSize 0x{size:x} describe no page walk: {wrong}. Check the values.");
        }
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

    private static int Field(ulong register, int number) => (int)(register >> (number * FieldBits)) & 63;
}
