namespace ElfMmu.Discovery;

/// <summary>A stretch of whole frames that a thread looks at in one go.</summary>
/// <param name="Run">The run of the memory it is in.</param>
/// <param name="Offset">Where it starts in the run, in bytes.</param>
/// <param name="Frames">How many frames.</param>
/// <param name="Kind">How its bytes are had.</param>
internal readonly record struct FramePiece(int Run, ulong Offset, int Frames, FramePieceKind Kind);
