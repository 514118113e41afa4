using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>
/// Where the chunks of packed blocks are in the file, and what they unpack to, one behind the other. 16 bytes for each chunk, which holds
/// up to 64 KiB of memory.
/// </summary>
internal sealed class AvmlChunks
{
    private readonly List<ulong> _starts = [];
    private readonly List<ulong> _fileOffsets = [];

    /// <summary>How many bytes they unpack to together.</summary>
    public ulong Length { get; private set; }

    /// <summary>Adds a chunk behind those that are there.</summary>
    /// <param name="fileOffset">Where its header is.</param>
    /// <param name="unpacked">How many bytes it unpacks to; at least 1.</param>
    public void Add(ulong fileOffset, int unpacked)
    {
        _starts.Add(Length);
        _fileOffsets.Add(fileOffset);
        Length += (ulong)unpacked;
    }

    /// <summary>The chunk that holds an offset before the end. O(1) where chunks are of full size, O(log chunks) at worst.</summary>
    public BlockSpan At(ulong offset)
    {
        // No chunk is larger than a full one, so it can't stand before where it would be if all of them were.
        int low = (int)(offset / SnappyChunk.MostUnpacked);
        int step = 1;
        int high = low;
        while (high < _starts.Count && _starts[high] <= offset)
        {
            low = high;
            high += step;
            step *= 2;
        }

        for (high = Math.Min(high, _starts.Count); high - low > 1;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _starts[middle] <= offset ? (middle, high) : (low, middle);
        }

        ulong end = low + 1 < _starts.Count ? _starts[low + 1] : Length;
        return new BlockSpan((ulong)low, _starts[low], (int)(end - _starts[low]), _fileOffsets[low]);
    }
}
