namespace ElfMmu.Dumps;

/// <summary>Where the fields of a Windows crash dump's header stand; offsets in bytes.</summary>
/// <remarks>mindumpdef.h of the Windows SDK (DUMP_HEADER32, DUMP_HEADER64).</remarks>
internal sealed record WindowsLayout
{
    /// <summary>DUMP_HEADER64: <c>PAGEDU64</c>.</summary>
    public static readonly WindowsLayout Wide = new()
    {
        Name = "DUMP64",
        Size = 0x2000,
        PointerSize = 8,
        PfnDatabase = 0x18,
        LoadedModules = 0x20,
        ActiveProcesses = 0x28,
        Machine = 0x30,
        Processors = 0x34,
        BugCheckCode = 0x38,
        BugCheckParameters = 0x40,
        DebuggerData = 0x80,
        RunCount = 0x88,
        PageCount = 0x90,
        Runs = 0x98,
        Context = 0x348,
        ContextSize = 3000,
        Exception = 0xf00,
        ExceptionAddress = 0xf10,
        Comment = 0xfb0,
        Attributes = 0x1050,
        DumpType = 0xf98,
        SecondaryDataState = 0x103c,
        ProductType = 0x1040,
        SuiteMask = 0x1044,
        WriterStatus = 0x1048,
        UpTime = 0x1030,
        Time = 0xfa8,
        OldBitmap = 0x28,
    };

    /// <summary>DUMP_HEADER32: <c>PAGEDUMP</c>.</summary>
    public static readonly WindowsLayout Narrow = new()
    {
        Name = "DUMP32",
        Size = 0x1000,
        PointerSize = 4,
        PfnDatabase = 0x14,
        LoadedModules = 0x18,
        ActiveProcesses = 0x1c,
        Machine = 0x20,
        Processors = 0x24,
        BugCheckCode = 0x28,
        BugCheckParameters = 0x2c,
        PhysicalAddressExtension = 0x5c,
        DebuggerData = 0x60,
        RunCount = 0x64,
        PageCount = 0x68,
        Runs = 0x6c,
        Context = 0x320,
        ContextSize = 1200,
        Exception = 0x7d0,
        ExceptionAddress = 0x7dc,
        Comment = 0x820,
        Attributes = 0x8a0,
        DumpType = 0xf88,
        SecondaryDataState = 0xf90,
        ProductType = 0xf94,
        SuiteMask = 0xf98,
        WriterStatus = 0xf9c,
        UpTime = 0xfb8,
        Time = 0xfc0,
        OldBitmap = 0x20,
    };

    /// <summary>DirectoryTableBase, in both.</summary>
    public const int DirectoryTable = 0x10;

    /// <summary>MajorVersion (free or checked) and behind it MinorVersion (the build), in both.</summary>
    public const int Version = 8;

    public const int CommentSize = 128;

    public required string Name { get; init; }

    public required int Size { get; init; }

    public required int PointerSize { get; init; }

    public required int PfnDatabase { get; init; }

    public required int LoadedModules { get; init; }

    public required int ActiveProcesses { get; init; }

    public required int Machine { get; init; }

    public required int Processors { get; init; }

    public required int BugCheckCode { get; init; }

    public required int BugCheckParameters { get; init; }

    /// <summary>PaeEnabled; 0 where there is none.</summary>
    public int PhysicalAddressExtension { get; init; }

    public required int DebuggerData { get; init; }

    public required int RunCount { get; init; }

    public required int PageCount { get; init; }

    /// <summary>The runs: pairs of pointers, first page and pages.</summary>
    public required int Runs { get; init; }

    public required int Context { get; init; }

    public required int ContextSize { get; init; }

    public required int Exception { get; init; }

    public required int ExceptionAddress { get; init; }

    public required int Comment { get; init; }

    public required int Attributes { get; init; }

    public required int DumpType { get; init; }

    public required int SecondaryDataState { get; init; }

    public required int ProductType { get; init; }

    public required int SuiteMask { get; init; }

    public required int WriterStatus { get; init; }

    public required int UpTime { get; init; }

    public required int Time { get; init; }

    /// <summary>Where the bits begin behind the first kind of bitmap header (SUMMARY_DUMP32, SUMMARY_DUMP64), from that header on.</summary>
    public required int OldBitmap { get; init; }

    /// <summary>How many runs fit between the table's start and the context record.</summary>
    public int MostRuns => (Context - Runs) / (2 * PointerSize);
}
