namespace ElfMmu.Discovery;

/// <summary>How the bytes of a stretch of frames are had.</summary>
internal enum FramePieceKind
{
    /// <summary>All of it is known to be zeros.</summary>
    Hole,

    /// <summary>All of it is data, and enough to be read in place where that is possible.</summary>
    Data,

    /// <summary>Little data with holes beside it, which are not to be touched.</summary>
    Island,
}
