namespace ElfMmu.Elf.Notes;

/// <summary>The signal that ended a process (NT_SIGINFO; Linux, siginfo_t). What the kind of signal has no room for is null.</summary>
public sealed class CoreSignal
{
    internal CoreSignal()
    {
    }

    /// <summary>The signal (si_signo).</summary>
    public int Signal { get; internal init; }

    /// <summary>Its name, such as SIGSEGV; null for one that has none.</summary>
    public string? SignalName { get; internal init; }

    /// <summary>The error that came with it (si_errno).</summary>
    public int Error { get; internal init; }

    /// <summary>Why it came (si_code).</summary>
    public int Code { get; internal init; }

    /// <summary>The name of the reason, such as SEGV_MAPERR; null for one that has none.</summary>
    public string? CodeName { get; internal init; }

    /// <summary>The address that is at fault (si_addr).</summary>
    public ulong? Address { get; internal init; }

    /// <summary>The process that sent it (si_pid).</summary>
    public int? ProcessId { get; internal init; }

    /// <summary>Whose that process is (si_uid).</summary>
    public uint? UserId { get; internal init; }
}
