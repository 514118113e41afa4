namespace ElfMmu.Searching;

/// <summary>Finds a pattern whose hits all have one length, at every position where it is: hits may overlap.</summary>
internal abstract unsafe class FixedMatcher(int length, int alignment) : IMatcher
{
    /// <summary>The length of every hit.</summary>
    public int Length { get; } = length;

    /// <inheritdoc/>
    public int Alignment { get; } = alignment;

    /// <summary>Whether nothing but zeros can be a hit.</summary>
    public abstract bool MatchesZeros { get; }

    int IMatcher.MostLength => Length;

    /// <inheritdoc/>
    public bool MayBeZeros(CancellationToken cancellation) => MatchesZeros;

    /// <summary>Finds the pattern in some bytes. O(bytes), and the length for each place that looks like a hit.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="starts">How many of the first ones a hit may start at; all of a hit lies within the bytes.</param>
    /// <param name="address">The address of the first byte, for alignment.</param>
    /// <param name="hits">Takes the offsets of the hits.</param>
    public abstract void Find(byte* text, int size, int starts, ulong address, ref MatchSink hits);

    /// <summary>The offset of the first aligned address.</summary>
    protected int FirstAligned(ulong address) => (int)((0 - address) & (ulong)(Alignment - 1));
}
