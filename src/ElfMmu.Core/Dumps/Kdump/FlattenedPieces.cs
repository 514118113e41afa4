namespace ElfMmu.Dumps;

/// <summary>Pieces of a flattened file that follow one another there and in what it stands for, all of one size.</summary>
/// <param name="Start">Where the first one belongs.</param>
/// <param name="FileOffset">Where its bytes are in the file.</param>
/// <param name="PieceSize">How many bytes each has, at least 1.</param>
/// <param name="Count">How many there are, at least 1.</param>
internal readonly record struct FlattenedPieces(ulong Start, ulong FileOffset, ulong PieceSize, ulong Count)
{
    /// <summary>The offset behind the last one.</summary>
    public ulong End => Start + (PieceSize * Count);

    /// <summary>Whether another piece goes on where these end.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="gap">How many bytes stand between two pieces in the file.</param>
    public bool IsContinuedBy(in FlattenedPieces piece, ulong gap) =>
        piece.PieceSize == PieceSize && piece.Start == End && piece.FileOffset == FileOffset + (Count * (PieceSize + gap));
}
