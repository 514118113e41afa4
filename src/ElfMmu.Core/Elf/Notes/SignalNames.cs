namespace ElfMmu.Elf.Notes;

/// <summary>The names of Linux's signals and of the reasons for them (asm-generic/signal.h, asm-generic/siginfo.h).</summary>
internal static class SignalNames
{
    private static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE",
        "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ",
        "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    // arch/mips/include/uapi/asm/signal.h
    private static readonly string[] OfMips =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGEMT", "SIGFPE", "SIGKILL", "SIGBUS", "SIGSEGV", "SIGSYS", "SIGPIPE",
        "SIGALRM", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPWR", "SIGWINCH", "SIGURG", "SIGIO", "SIGSTOP", "SIGTSTP", "SIGCONT",
        "SIGTTIN", "SIGTTOU", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGXFSZ",
    ];

    // By the generic numbers.
    private static readonly Dictionary<int, string[]> Codes = new()
    {
        [4] = ["ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP", "ILL_PRVOPC", "ILL_PRVREG", "ILL_COPROC", "ILL_BADSTK", "ILL_BADIADDR"],
        [5] = ["TRAP_BRKPT", "TRAP_TRACE", "TRAP_BRANCH", "TRAP_HWBKPT", "TRAP_UNK", "TRAP_PERF"],
        [7] = ["BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR", "BUS_MCEERR_AR", "BUS_MCEERR_AO"],
        [8] =
        [
            "FPE_INTDIV", "FPE_INTOVF", "FPE_FLTDIV", "FPE_FLTOVF", "FPE_FLTUND", "FPE_FLTRES", "FPE_FLTINV", "FPE_FLTSUB", "__FPE_DECOVF",
            "__FPE_DECDIV", "__FPE_DECERR", "__FPE_INVASC", "__FPE_INVDEC", "FPE_FLTUNK", "FPE_CONDTRAP",
        ],
        [11] =
        [
            "SEGV_MAPERR", "SEGV_ACCERR", "SEGV_BNDERR", "SEGV_PKUERR", "SEGV_ACCADI", "SEGV_ADIDERR", "SEGV_ADIPERR", "SEGV_MTEAERR", "SEGV_MTESERR",
            "SEGV_CPERR",
        ],
        [17] = ["CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"],
        [29] = ["POLL_IN", "POLL_OUT", "POLL_MSG", "POLL_ERR", "POLL_PRI", "POLL_HUP"],
        [31] = ["SYS_SECCOMP", "SYS_USER_DISPATCH"],
    };

    /// <summary>A signal's name; null for one that has none, and for machines that number them in their own way.</summary>
    public static string? Of(int signal, ElfMachine machine) => HasOwnNumbers(machine) || signal <= 0 ? null
        : IsMips(machine) ? (signal < OfMips.Length ? OfMips[signal] : null)
        : signal < Names.Length ? Names[signal]
        : signal is >= 34 and <= 64 ? $"SIGRTMIN+{signal - 34}"
        : null;

    /// <summary>The name of a reason (si_code); null for one that has none.</summary>
    public static string? OfCode(int signal, int code, ElfMachine machine) => code switch
    {
        0 => "SI_USER",
        0x80 => "SI_KERNEL",
        -1 => "SI_QUEUE",
        -2 or -3 or -4 when IsMips(machine) => null,
        -2 => "SI_TIMER",
        -3 => "SI_MESGQ",
        -4 => "SI_ASYNCIO",
        -5 => "SI_SIGIO",
        -6 => "SI_TKILL",
        -7 => "SI_DETHREAD",
        -60 => "SI_ASYNCNL",
        _ => Of(signal, machine) is { } name && Codes.TryGetValue(Array.IndexOf(Names, name), out string[]? names) && code > 0 && code <= names.Length ? names[code - 1] : null,
    };

    private static bool IsMips(ElfMachine machine) => machine is ElfMachine.Mips or ElfMachine.MipsRs3LittleEndian;

    private static bool HasOwnNumbers(ElfMachine machine) => machine is ElfMachine.Sparc or ElfMachine.Sparc32Plus or ElfMachine.SparcV9 or ElfMachine.Alpha or ElfMachine.PaRisc;
}
