namespace ElfMmu.Memory;

/// <summary>The physical addresses whose bytes turned out not to be had while memory was read, in pages of 4 KiB.</summary>
internal sealed class DamagedStretches
{
    private const int PageSize = 4096;

    private readonly List<(ulong Start, ulong Size)> _stretches = [];

    /// <summary>The stretches, in the order in which they were read; neighbours are one.</summary>
    public IReadOnlyList<(ulong Start, ulong Size)> All => _stretches;

    /// <summary>How many bytes they have.</summary>
    public ulong Size { get; private set; }

    /// <summary>
    /// Reads a piece of memory; pages of which a byte is damaged become zeros, and are kept. O(bytes); where something is damaged, each block
    /// of the piece is unpacked twice at most.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="offset">The offset in it.</param>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <returns>Whether all of it could be had.</returns>
    public bool Read(DataSource source, ulong offset, ulong address, Span<byte> destination)
    {
        if (source.TryRead(offset, destination))
        {
            return true;
        }

        bool isWhole = true;
        for (int size; !destination.IsEmpty; destination = destination[size..], offset += (ulong)size, address += (ulong)size)
        {
            size = Math.Min(PageSize - (int)(address % PageSize), destination.Length);
            if (!source.TryRead(offset, destination[..size]))
            {
                isWhole = false;
                destination[..size].Clear();
                Add(address, (ulong)size);
            }
        }

        return isWhole;
    }

    private void Add(ulong start, ulong size)
    {
        Size += size;
        if (_stretches.Count > 0 && _stretches[^1] is var last && last.Start + last.Size == start)
        {
            _stretches[^1] = (last.Start, last.Size + size);
        }
        else
        {
            _stretches.Add((start, size));
        }
    }
}
