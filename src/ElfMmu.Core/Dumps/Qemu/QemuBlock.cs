namespace ElfMmu.Dumps;

/// <summary>A block of RAM in a stream of QEMU's, such as <c>pc.ram</c>, and its pages in the order of the stream.</summary>
/// <param name="name">Its name.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="pageSize">The size of a page in bytes.</param>
internal sealed class QemuBlock(string name, ulong length, int pageSize)
{
    private readonly List<QemuStretch> _stretches = [];

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its length in bytes.</summary>
    public ulong Length => length;

    /// <summary>Adds a page; O(1).</summary>
    /// <param name="address">Its address in the block, inside it.</param>
    /// <param name="offset">Where its bytes are in the file; 0 if it is zeros.</param>
    public void Add(ulong address, ulong offset)
    {
        ulong page = address / (ulong)pageSize;
        if (_stretches.Count > 0 && _stretches[^1] is var last && page == last.End && (offset == 0
            ? last.IsZero
            : !last.IsZero && offset == last.Offset + (last.Count * (QemuStretch.HeaderSize + (ulong)pageSize))))
        {
            _stretches[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            _stretches.Add(new QemuStretch(page, 1, offset));
        }
    }

    /// <summary>
    /// The pages, ascending; of one that was sent more than once the last counts, for the machine had changed it meanwhile. O(n log n) for n stretches.
    /// </summary>
    public QemuStretch[] Settle() =>
        [.. LatestExtents.Arrange(_stretches.Count, i => (_stretches[i].First, _stretches[i].End)).Select(e => Part(_stretches[e.Range], e.Start, e.End))];

    private QemuStretch Part(in QemuStretch stretch, ulong first, ulong end) => new(
        first, end - first, stretch.IsZero ? 0 : stretch.Offset + ((first - stretch.First) * (QemuStretch.HeaderSize + (ulong)pageSize)));
}
