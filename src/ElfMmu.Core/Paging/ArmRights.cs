namespace ElfMmu.Paging;

/// <summary>
/// What the bits of a 64-bit descriptor allow, as a table: bit 0 of the index is the descriptor's bit 6, bit 1 says that nothing
/// may be written, bits 2 and 3 are the descriptor's bits 53 and 54. Three bits of the numbers are the rights of one index.
/// </summary>
internal readonly record struct ArmRights
{
    private ArmRights(Func<bool, bool, bool, bool, (Rights User, Rights Supervisor)> rights)
    {
        for (int i = 0; i < 16; i++)
        {
            (Rights user, Rights supervisor) = rights((i & 1) != 0, (i & 2) == 0, (i & 4) != 0, (i & 8) != 0);
            User |= (ulong)user << (3 * i);
            Supervisor |= (ulong)supervisor << (3 * i);
        }
    }

    /// <summary>The rights in user mode.</summary>
    public ulong User { get; }

    /// <summary>The rights in supervisor mode.</summary>
    public ulong Supervisor { get; }

    /// <summary>EL1 and EL0: AP[2:1], PXN, UXN. What EL0 can write, EL1 never executes.</summary>
    /// <param name="writeNeverExecute">SCTLR_EL1.WXN.</param>
    /// <remarks>
    /// Arm ARM DDI 0487, D8.4 "Memory access control", direct permissions. PAN is a switch of the moment and left out.
    /// </remarks>
    public static ArmRights Stage1(bool writeNeverExecute) => new((unprivileged, writable, pxn, uxn) =>
    {
        bool userWrites = unprivileged && writable;
        return (
            Make(unprivileged, userWrites, !uxn && !(writeNeverExecute && userWrites)),
            Make(true, writable, !pxn && !userWrites && !(writeNeverExecute && writable)));
    });

    /// <summary>
    /// PL1 and PL0 of a 32-bit processor: AP[2:1], PXN, XN. Executing takes the right to read. That PL1 doesn't execute what PL0 can
    /// write is a choice here, unlike in AArch64.
    /// </summary>
    /// <param name="writeNeverExecute">SCTLR.WXN.</param>
    /// <param name="userWriteNeverExecute">SCTLR.UWXN.</param>
    /// <remarks>Arm ARM DDI 0406C, B3.7 "Memory access control".</remarks>
    public static ArmRights Long32(bool writeNeverExecute, bool userWriteNeverExecute) => new((unprivileged, writable, pxn, xn) =>
    {
        bool userWrites = unprivileged && writable;
        return (
            Make(unprivileged, userWrites, unprivileged && !xn && !(writeNeverExecute && userWrites)),
            Make(
                true,
                writable,
                !xn && !pxn && !(writeNeverExecute && writable) && !(userWriteNeverExecute && userWrites)));
    });

    /// <summary>
    /// A guest's physical addresses: S2AP, whose bit 6 is the right to read, and XN[1:0], whose bit 0 turns round for EL1 what
    /// bit 1 says (FEAT_XNX). Without that feature XN[0] is 0, and both levels get the same.
    /// </summary>
    /// <remarks>Arm ARM DDI 0487, D8.4 "Memory access control", stage 2.</remarks>
    public static ArmRights Stage2() => new((readable, writable, xn0, xn1) =>
        (Make(readable, writable, !xn1), Make(readable, writable, xn0 == xn1)));

    private static Rights Make(bool read, bool write, bool execute) =>
        (read ? Rights.Read : 0) | (write ? Rights.Write : 0) | (execute ? Rights.Execute : 0);
}
