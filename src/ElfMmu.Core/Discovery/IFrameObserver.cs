namespace ElfMmu.Discovery;

/// <summary>What looks at frames as <see cref="FrameScan"/> comes by them: several threads at once, each with frames of its own.</summary>
internal unsafe interface IFrameObserver
{
    /// <summary>
    /// The base-two logarithm of the size of the largest thing that is looked for, from which on it is aligned to its size: what a run
    /// has all of is there whole when its first frame is looked at.
    /// </summary>
    int AlignmentShift { get; }

    /// <summary>Looks at up to 64 frames that stand one after the other. Where all are zeros they may be left out.</summary>
    /// <param name="bytes">The first one.</param>
    /// <param name="address">Its address; what is looked for is aligned in it.</param>
    /// <param name="index">Its number.</param>
    /// <param name="count">How many.</param>
    /// <param name="whole">How many bytes can be read, which may be more than the frames.</param>
    /// <param name="zeros">A bit for each frame that holds nothing but zeros.</param>
    void Look(byte* bytes, ulong address, ulong index, int count, ulong whole, ulong zeros);
}
