namespace ElfMmu.Paging;

/// <summary>A segment register: which virtual segment 256 MiB of addresses show, and how its pages' rights are read.</summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, "Segment Registers" and "Page Memory Protection".</remarks>
/// <param name="Value">The register's value.</param>
internal readonly record struct PowerPcSegment(uint Value)
{
    private const uint DirectStore = 1U << 31;
    private const uint SupervisorKey = 1 << 30;
    private const uint UserKey = 1 << 29;
    private const uint NoExecute = 1 << 28;

    /// <summary>The virtual segment's number.</summary>
    public uint Vsid => Value & 0xff_ffff;

    /// <summary>Whether the segment's addresses go through the hash table. Direct-store segments (T = 1) reach no memory.</summary>
    public bool IsPaged => (Value & DirectStore) == 0;

    private bool IsNoExecute => (Value & NoExecute) != 0;

    /// <summary>The rights of both sides to a page.</summary>
    /// <param name="pp">The page's PP bits.</param>
    /// <param name="user">Whether user mode is asked for.</param>
    public Rights Rights(uint pp, bool user) => DataRights(pp, user) | InstructionRights(pp, user);

    /// <summary>The right to fetch instructions from a page: it needs the right to read, and a segment without N.</summary>
    /// <param name="pp">The page's PP bits.</param>
    /// <param name="user">Whether user mode is asked for.</param>
    public Rights InstructionRights(uint pp, bool user) =>
        !IsNoExecute && (DataRights(pp, user) & ElfMmu.Rights.Read) != 0 ? ElfMmu.Rights.Execute : ElfMmu.Rights.None;

    /// <summary>The rights to the data of a page.</summary>
    /// <param name="pp">The page's PP bits.</param>
    /// <param name="user">Whether user mode is asked for.</param>
    public Rights DataRights(uint pp, bool user)
    {
        bool key = (Value & (user ? UserKey : SupervisorKey)) != 0;
        return (pp, key) switch
        {
            (0, true) => ElfMmu.Rights.None,
            (1, true) or (3, _) => ElfMmu.Rights.Read,
            _ => ElfMmu.Rights.Read | ElfMmu.Rights.Write,
        };
    }
}
