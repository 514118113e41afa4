namespace ElfMmu.Companions;

/// <summary>What a companion says of the stack frames of its functions.</summary>
public enum CompanionFrame
{
    /// <summary>Nothing: the debugger reads the code.</summary>
    None,

    /// <summary>They leave the stack alone: the caller is where the call put its address.</summary>
    Leaf,

    /// <summary>They keep a frame pointer, as compilers do with -fno-omit-frame-pointer.</summary>
    FramePointer,
}
