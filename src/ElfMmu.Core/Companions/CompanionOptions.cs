namespace ElfMmu.Companions;

/// <summary>What a companion file is to hold, and where it goes.</summary>
public sealed record CompanionOptions
{
    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The machine.</summary>
    public required CompanionTarget Target { get; init; }

    /// <summary>Ranges that become sections whatever lies in them.</summary>
    public IReadOnlyList<CompanionRange> Sections { get; init; } = [];

    /// <summary>The ranges of the core; those with a symbol become sections. Null to have sections made of the symbols.</summary>
    public IReadOnlyList<CompanionRange>? CoreRanges { get; init; }

    /// <summary>Whether functions and data of no known size reach to the next symbol.</summary>
    public bool InferSizes { get; init; } = true;

    /// <summary>ARM: whether functions are Thumb code, so that bit 0 of their symbols is set.</summary>
    public bool Thumb { get; init; }

    /// <summary>The version of DWARF to write, 4 or 5; null for none.</summary>
    public int? Dwarf { get; init; }

    /// <summary>Texts that define types, and declare what has one.</summary>
    public IReadOnlyList<CompanionTypes> Types { get; init; } = [];

    /// <summary>Names for numbers.</summary>
    public IReadOnlyList<KeyValuePair<string, Int128>> Constants { get; init; } = [];

    /// <summary>Lines of source, in any order.</summary>
    public IReadOnlyList<CompanionLine> Lines { get; init; } = [];

    /// <summary>The folder that relative names of source files are below; empty for none.</summary>
    public string SourceFolder { get; init; } = "";

    /// <summary>What is said of the frames of functions.</summary>
    public CompanionFrame Frame { get; init; }

    /// <summary>With <see cref="CompanionFrame.FramePointer"/>: the bytes of code at a function's start before the frame is there.</summary>
    public ulong PrologueSize { get; init; }

    /// <summary>With <see cref="CompanionFrame.FramePointer"/>: the size of a frame in bytes, which MIPS needs and AArch64 may have.</summary>
    public ulong FrameSize { get; init; }

    /// <summary>Full paths of what was read; none of them may be the output.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Whether to refuse to replace a file.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Whether to replace a read-only file.</summary>
    public bool Force { get; init; }

    /// <summary>Ends the work; nothing is left of the file then.</summary>
    public CancellationToken Cancellation { get; init; }
}
