using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// What a flattened file stands for, read out of its pieces. A later piece wins over an earlier one, and what no piece has is zeros, as in the file
/// that would have been written. O(log pieces) a read, and what is read.
/// </summary>
internal sealed class FlattenedDataSource : DataSource
{
    private const ulong PieceHeaderSize = 16;

    private readonly DataSource _file;
    private readonly FlattenedPieces[] _pieces;
    private readonly LatestExtent[] _extents;

    /// <summary>Takes over a file. O(n log n).</summary>
    /// <param name="file">The file.</param>
    /// <param name="pieces">Its pieces in its order, all of them in it.</param>
    public FlattenedDataSource(DataSource file, FlattenedPieces[] pieces)
    {
        _file = file;
        _pieces = pieces;
        _extents = LatestExtents.Arrange(pieces.Length, i => (pieces[i].Start, pieces[i].End));
        Length = _extents[^1].End;
    }

    /// <inheritdoc/>
    public override string Name => _file.Name;

    /// <inheritdoc/>
    public override ulong Length { get; }

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        for (int index = Find(offset); !destination.IsEmpty;)
        {
            int size;
            if (index == _extents.Length || offset < _extents[index].Start)
            {
                ulong next = index == _extents.Length ? Length : _extents[index].Start;
                size = (int)Math.Min(next - offset, (ulong)destination.Length);
                destination[..size].Clear();
            }
            else
            {
                ref readonly FlattenedPieces pieces = ref _pieces[_extents[index].Range];
                (ulong number, ulong within) = Math.DivRem(offset - pieces.Start, pieces.PieceSize);
                ulong left = Math.Min(pieces.PieceSize - within, _extents[index].End - offset);
                size = (int)Math.Min(left, (ulong)destination.Length);
                _file.Read(pieces.FileOffset + (number * (pieces.PieceSize + PieceHeaderSize)) + within, destination[..size]);
            }

            offset += (ulong)size;
            destination = destination[size..];
            index += index < _extents.Length && offset >= _extents[index].End ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end)
    {
        int index = Find(offset);
        if (index == _extents.Length || offset < _extents[index].Start)
        {
            end = index == _extents.Length ? Length : _extents[index].Start;
            return true;
        }

        ref readonly FlattenedPieces pieces = ref _pieces[_extents[index].Range];
        ulong step = pieces.PieceSize + PieceHeaderSize;
        (ulong number, ulong within) = Math.DivRem(offset - pieces.Start, pieces.PieceSize);
        ulong at = pieces.FileOffset + (number * step) + within;
        bool isHole = _file.IsHole(at, out ulong known);

        // Headers are no holes, so a hole ends in its piece; data goes on through all pieces that end before the next hole.
        ulong pieceEnd = pieces.Start + ((number + 1) * pieces.PieceSize);
        ulong whole = pieces.Start + ((known - pieces.FileOffset) / step * pieces.PieceSize);
        end = Math.Min(isHole || whole < pieceEnd ? Math.Min(offset + (known - at), pieceEnd) : whole, _extents[index].End);
        return isHole;
    }

    /// <inheritdoc/>
    internal override void CheckLength() => _file.CheckLength();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    /// <summary>The first extent that ends behind an offset.</summary>
    private int Find(ulong offset)
    {
        int first = 0;
        for (int end = _extents.Length; first < end;)
        {
            int middle = (first + end) >>> 1;
            (first, end) = _extents[middle].End <= offset ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
