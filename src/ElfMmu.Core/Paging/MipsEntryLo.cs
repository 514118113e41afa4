namespace ElfMmu.Paging;

/// <summary>An entry as the TLB takes it: EntryLo0 or EntryLo1.</summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, registers EntryLo0 and EntryLo1.</remarks>
internal readonly record struct MipsEntryLo
{
    private const ulong GlobalBit = 1;
    private const ulong ValidBit = 2;
    private const ulong DirtyBit = 4;

    private readonly ulong _value;
    private readonly ulong _inhibits;

    /// <summary>
    /// Shifts an entry into place. What software keeps below goes, but its two uppermost bits, which become XI and RI.
    /// </summary>
    public MipsEntryLo(ulong entry, int shift)
    {
        ulong shifted = entry >> (shift - 2);
        _inhibits = shifted & 3;
        _value = shifted >> 2;
    }

    /// <summary>V.</summary>
    public bool IsValid => (_value & ValidBit) != 0;

    /// <summary>G, which counts if both pages of a pair have it.</summary>
    public bool IsGlobal => (_value & GlobalBit) != 0;

    /// <summary>C.</summary>
    public int Caching => (int)(_value >> 3) & 7;

    /// <summary>PFN and, in entries of 64 bits, PFNX.</summary>
    public ulong Physical => ((_value & 0x3fff_ffc0) << 6) | (((_value >> 32) & 0x7f_ffff) << 36);

    /// <summary>D, RI and XI.</summary>
    public Rights Rights(bool hasReadInhibit, bool hasExecuteInhibit) =>
        ((_inhibits & 2) != 0 && hasReadInhibit ? ElfMmu.Rights.None : ElfMmu.Rights.Read)
        | ((_value & DirtyBit) == 0 ? ElfMmu.Rights.None : ElfMmu.Rights.Write)
        | ((_inhibits & 1) != 0 && hasExecuteInhibit ? ElfMmu.Rights.None : ElfMmu.Rights.Execute);
}
