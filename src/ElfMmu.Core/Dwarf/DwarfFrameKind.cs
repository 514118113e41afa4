namespace ElfMmu.Dwarf;

/// <summary>How a frame is described.</summary>
internal enum DwarfFrameKind
{
    Leaf,
    FramePointer,
    Rows,
}
