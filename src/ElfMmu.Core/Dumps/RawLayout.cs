namespace ElfMmu.Dumps;

/// <summary>Where the bytes of a raw image were in physical memory, where they weren't one stretch.</summary>
/// <param name="Pieces">The pieces, ascending by offset; the first one starts at offset 0, and each reaches up to the next one.</param>
public sealed record RawLayout(IReadOnlyList<RawPiece> Pieces)
{
    /// <summary>The pieces.</summary>
    /// <exception cref="ArgumentException">There is none, or they aren't as said.</exception>
    public IReadOnlyList<RawPiece> Pieces { get; } =
        Pieces is [{ Offset: 0 }, ..] && Pieces.Zip(Pieces.Skip(1)).All(p => p.First.Offset < p.Second.Offset)
            ? [.. Pieces]
            : throw new ArgumentException("The pieces don't start at offset 0, or don't ascend.", nameof(Pieces));

    /// <summary>Two layouts are equal if their pieces are.</summary>
    public bool Equals(RawLayout? other) => other != null && Pieces.SequenceEqual(other.Pieces);

    /// <inheritdoc/>
    public override int GetHashCode() => Pieces.Aggregate(0, (hash, piece) => HashCode.Combine(hash, piece));

    /// <summary>The pieces in words.</summary>
    public override string ToString() => string.Join(", ", Pieces.Select(p => $"offset 0x{p.Offset:x} at physical 0x{p.Address:x}"));
}
