namespace ElfMmu.Dumps;

/// <summary>The kinds of a Windows crash dump (DumpType): which memory is in it, and how it is laid out.</summary>
/// <remarks>1 to 7: DUMP_TYPE of the Windows SDK. 8 to 10 are written by debuggers and Windows from 2022 on.</remarks>
internal enum WindowsDumpType : uint
{
    /// <summary>All memory; the header lists the runs.</summary>
    Full = 1,

    /// <summary>The kernel's memory, with a bitmap of the pages.</summary>
    Summary = 2,

    /// <summary>The header alone.</summary>
    Header = 3,

    /// <summary>A small dump: a stack and some structures.</summary>
    Triage = 4,

    /// <summary>All memory, with a bitmap of the pages.</summary>
    BitmapFull = 5,

    /// <summary>What was in use, with a bitmap of the pages: active and live dumps.</summary>
    BitmapKernel = 6,

    /// <summary>What Windows chose, with a bitmap of the pages.</summary>
    Automatic = 7,

    /// <summary>The kernel's memory, with a list of ranges.</summary>
    KernelRanges = 8,

    /// <summary>The memory of the kernel and of processes, with a list of ranges.</summary>
    UserRanges = 9,

    /// <summary>All memory, with a list of ranges.</summary>
    CompleteRanges = 10,
}
