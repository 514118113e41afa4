namespace ElfMmu.Dumps;

/// <summary>Where the bytes of a raw image were in physical memory, where they weren't one stretch.</summary>
/// <param name="Pieces">The pieces, ascending by offset; the first one starts at offset 0, and each reaches up to the next one.</param>
public sealed record RawLayout(IReadOnlyList<RawPiece> Pieces)
{
    /// <summary>Two layouts are equal if their pieces are.</summary>
    public bool Equals(RawLayout? other) => other != null && Pieces.SequenceEqual(other.Pieces);

    /// <inheritdoc/>
    public override int GetHashCode() => Pieces.Aggregate(0, (hash, piece) => HashCode.Combine(hash, piece));

    /// <summary>The pieces in words.</summary>
    public override string ToString() => string.Join(", ", Pieces.Select(p => $"offset 0x{p.Offset:x} at physical 0x{p.Address:x}"));
}

/// <summary>A piece of a raw image.</summary>
/// <param name="Offset">Its offset in the file, in bytes.</param>
/// <param name="Address">The physical address of its first byte.</param>
public readonly record struct RawPiece(ulong Offset, ulong Address);
