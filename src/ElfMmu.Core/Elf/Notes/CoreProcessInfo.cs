namespace ElfMmu.Elf.Notes;

/// <summary>What process a core is of (NT_PRPSINFO; Linux, struct elf_prpsinfo).</summary>
public sealed class CoreProcessInfo
{
    internal CoreProcessInfo()
    {
    }

    /// <summary>Its state as a number (pr_state).</summary>
    public int State { get; internal init; }

    /// <summary>Its state as a letter: R running, S sleeping, D waiting for a device, T stopped, Z ended (pr_sname).</summary>
    public char StateName { get; internal init; }

    /// <summary>Whether it has ended and nobody asked how (pr_zomb).</summary>
    public bool IsZombie { get; internal init; }

    /// <summary>Its nice value (pr_nice).</summary>
    public int Nice { get; internal init; }

    /// <summary>The kernel's flags of it (pr_flag).</summary>
    public ulong Flags { get; internal init; }

    /// <summary>Whose it is (pr_uid).</summary>
    public uint UserId { get; internal init; }

    /// <summary>Its group (pr_gid).</summary>
    public uint GroupId { get; internal init; }

    /// <summary>Its number (pr_pid).</summary>
    public int ProcessId { get; internal init; }

    /// <summary>The number of the process that started it (pr_ppid).</summary>
    public int ParentProcessId { get; internal init; }

    /// <summary>Its process group (pr_pgrp).</summary>
    public int ProcessGroupId { get; internal init; }

    /// <summary>Its session (pr_sid).</summary>
    public int SessionId { get; internal init; }

    /// <summary>The name of its program, at most 15 bytes (pr_fname).</summary>
    public required string FileName { get; init; }

    /// <summary>Its command line, at most 79 bytes (pr_psargs).</summary>
    public required string Arguments { get; init; }
}
