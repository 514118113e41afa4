namespace ElfMmu.Paging;

/// <summary>The registers of RISC-V that paging depends on.</summary>
/// <remarks>
/// RISC-V Privileged Architecture, "Supervisor Address Translation and Protection (satp) Register", "Hypervisor Guest Address
/// Translation and Protection (hgatp) Register", and "Memory Privilege in mstatus Register".
/// </remarks>
internal static class RiscVRegisters
{
    /// <summary>sstatus.SUM.</summary>
    public const ulong SupervisorUserMemory = 1 << 18;

    /// <summary>sstatus.MXR.</summary>
    public const ulong MakeExecutableReadable = 1 << 19;

    public static readonly PagingRegister Satp = new("satp", "the top table; MODE: the mode");
    public static readonly PagingRegister Hgatp = new("hgatp", "the top table; MODE: the mode");

    // What an S-mode register shows of mstatus stands at the same bits there.
    public static readonly PagingRegister Sstatus =
        new("sstatus", "SUM: supervisor mode may use user pages; MXR: what can be executed can be read", "mstatus")
        {
            Bits = SupervisorUserMemory | MakeExecutableReadable,
        };

    /// <summary>The same as the second stage reads it, where every page is a user's.</summary>
    public static readonly PagingRegister NestedSstatus = Sstatus with { Bits = MakeExecutableReadable };

    /// <summary>sstatus.SUM: whether supervisor mode may read and write user pages; not where it isn't known.</summary>
    public static bool CanUseUserPages(PagingOptions options) => IsSet(options, SupervisorUserMemory);

    /// <summary>sstatus.MXR: whether pages that can be executed can be read; not where it isn't known.</summary>
    public static bool CanReadExecutable(PagingOptions options) => IsSet(options, MakeExecutableReadable);

    private static bool IsSet(PagingOptions options, ulong bit) => ((Sstatus.In(options.Registers) ?? 0) & bit) != 0;
}
