namespace ElfMmu.Elf.Notes;

/// <summary>The state of one thread or processor (NT_PRSTATUS; Linux, struct elf_prstatus). QEMU fills in the registers and the process number only.</summary>
public sealed class CoreThreadStatus
{
    internal CoreThreadStatus()
    {
    }

    /// <summary>The signal that ended it (pr_info.si_signo).</summary>
    public int Signal { get; internal init; }

    /// <summary>The signal's name, such as SIGSEGV; null for none.</summary>
    public string? SignalName { get; internal init; }

    /// <summary>Why the signal came (pr_info.si_code).</summary>
    public int Code { get; internal init; }

    /// <summary>The error that came with it (pr_info.si_errno).</summary>
    public int Error { get; internal init; }

    /// <summary>The signal that is being handled (pr_cursig).</summary>
    public int CurrentSignal { get; internal init; }

    /// <summary>Signals that have come and wait, a bit each: bit 0 is signal 1 (pr_sigpend).</summary>
    public ulong PendingSignals { get; internal init; }

    /// <summary>Signals that are held back, a bit each (pr_sighold).</summary>
    public ulong HeldSignals { get; internal init; }

    /// <summary>The thread's number (pr_pid); in QEMU's dumps the processor's index plus 1.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>The number of the process that started it (pr_ppid).</summary>
    public int ParentProcessId { get; internal init; }

    /// <summary>Its process group (pr_pgrp).</summary>
    public int ProcessGroupId { get; internal init; }

    /// <summary>Its session (pr_sid).</summary>
    public int SessionId { get; internal init; }

    /// <summary>The time it ran (pr_utime).</summary>
    public TimeSpan UserTime { get; internal init; }

    /// <summary>The time the system ran for it (pr_stime).</summary>
    public TimeSpan SystemTime { get; internal init; }

    /// <summary>The time its children ran (pr_cutime).</summary>
    public TimeSpan ChildrenUserTime { get; internal init; }

    /// <summary>The time the system ran for its children (pr_cstime).</summary>
    public TimeSpan ChildrenSystemTime { get; internal init; }

    /// <summary>Whether there is a note of its floating-point registers (pr_fpvalid).</summary>
    public bool HasFloatingPoint { get; internal init; }

    /// <summary>The registers by their names in lower case, in the order of the machine's ABI.</summary>
    public required IReadOnlyDictionary<string, ulong> Registers { get; init; }
}
