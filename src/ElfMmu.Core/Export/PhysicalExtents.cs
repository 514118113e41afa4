namespace ElfMmu.Export;

/// <summary>
/// The union of the physical addresses that segments use, each byte once, and its place in the core: ascending by physical
/// address, each extent at an offset that agrees with its address modulo the page size.
/// </summary>
internal sealed class PhysicalExtents
{
    private readonly ulong[] _starts;
    private readonly ulong[] _sizes;
    private readonly ulong[] _offsets;

    /// <summary>Lays the extents out; O(n log n) in the number of segments, O(n) if their physical addresses ascend.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="pageSize">A power of two.</param>
    /// <param name="dataOffset">Where the data may begin in the file; a multiple of the page size.</param>
    public PhysicalExtents(ReadOnlySpan<CoreSegment> segments, ulong pageSize, ulong dataOffset)
    {
        ulong[] starts = new ulong[segments.Length];
        ulong[] sizes = new ulong[segments.Length];
        bool ascending = true;
        for (int i = 0; i < segments.Length; i++)
        {
            starts[i] = segments[i].PhysicalAddress;
            sizes[i] = segments[i].Size;
            ascending &= i == 0 || starts[i - 1] <= starts[i];
        }

        if (!ascending)
        {
            Array.Sort(starts, sizes);
        }

        int count = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            // A physical extent ends inside the address space, so start + size doesn't wrap except to exactly 0 at its top.
            if (count > 0 && starts[i] - starts[count - 1] <= sizes[count - 1])
            {
                sizes[count - 1] = Math.Max(sizes[count - 1], starts[i] - starts[count - 1] + sizes[i]);
            }
            else
            {
                (starts[count], sizes[count]) = (starts[i], sizes[i]);
                count++;
            }
        }

        _starts = starts[..count];
        _sizes = sizes[..count];
        _offsets = new ulong[count];
        ulong offset = dataOffset;
        for (int i = 0; i < count; i++)
        {
            // Pages are aligned, so this moves on only where a run of RAM doesn't end or begin at a page's border.
            offset += (_starts[i] - offset) & (pageSize - 1);
            _offsets[i] = offset;
            offset += _sizes[i];
            Size += _sizes[i];
        }

        EndOffset = offset;
    }

    /// <summary>How many extents there are.</summary>
    public int Count => _starts.Length;

    /// <summary>How many bytes they hold.</summary>
    public ulong Size { get; }

    /// <summary>The offset behind the last extent in the file.</summary>
    public ulong EndOffset { get; }

    /// <summary>An extent's physical address, length and offset in the file.</summary>
    public (ulong Start, ulong Size, ulong Offset) this[int index] => (_starts[index], _sizes[index], _offsets[index]);

    /// <summary>The offset in the file of a physical address that a segment uses. O(log extents).</summary>
    public ulong OffsetOf(ulong physicalAddress)
    {
        int found = Array.BinarySearch(_starts, physicalAddress);
        int index = found >= 0 ? found : ~found - 1;
        return _offsets[index] + (physicalAddress - _starts[index]);
    }
}
