namespace ElfMmu.Dwarf;

/// <summary>
/// How a debugger gets from a function's registers to its caller's (.debug_frame). The canonical frame address, CFA, is the stack
/// pointer's value in the caller, before the call.
/// </summary>
public sealed class DwarfFrame
{
    private DwarfFrame(DwarfFrameKind kind, IReadOnlyList<DwarfFrameRow> rows)
    {
        Kind = kind;
        Explicit = rows;
    }

    /// <summary>
    /// A function that leaves the stack alone: the CFA is the stack pointer (behind the return address on x86), and the return address is
    /// where the call put it.
    /// </summary>
    public static DwarfFrame Leaf { get; } = new(DwarfFrameKind.Leaf, []);

    internal DwarfFrameKind Kind { get; }

    internal IReadOnlyList<DwarfFrameRow> Explicit { get; }

    internal ulong Prologue { get; private init; }

    internal ulong FrameSize { get; private init; }

    /// <summary>
    /// A function that keeps the frame pointer, as compilers do with -fno-omit-frame-pointer: the caller's frame pointer and the return
    /// address are below the CFA on x86 (rbp, ebp), RISC-V (s0) and ARM (r11, as GCC makes it); on AArch64 (x29) they are a record the
    /// frame pointer points to; on PowerPC the chain of frames is followed; on MIPS they are at the end of a frame whose size must be given.
    /// </summary>
    /// <param name="prologue">How many bytes at the start come before the frame is there; for them the function is a leaf.</param>
    /// <param name="frameSize">The size of the whole frame in bytes: on AArch64 16 if 0, on MIPS needed, elsewhere without a meaning.</param>
    public static DwarfFrame FramePointer(ulong prologue = 0, ulong frameSize = 0) =>
        new(DwarfFrameKind.FramePointer, []) { Prologue = prologue, FrameSize = frameSize };

    /// <summary>A frame that is described row by row.</summary>
    /// <param name="rows">The rows, with rising offsets, the first at 0.</param>
    public static DwarfFrame Rows(params IEnumerable<DwarfFrameRow> rows) => new(DwarfFrameKind.Rows, [.. rows]);
}
