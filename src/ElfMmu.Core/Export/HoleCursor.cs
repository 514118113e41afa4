using ElfMmu.Memory;

namespace ElfMmu.Export;

/// <summary>Asks a source for its holes and remembers the last answer, so that a dense file is asked once and not once a page.</summary>
internal struct HoleCursor
{
    private DataSource? _source;
    private ulong _start;
    private ulong _end;
    private bool _hole;

    /// <summary>Whether bytes from an offset on are a hole; cuts their number to where the answer holds.</summary>
    public bool IsHole(DataSource source, ulong offset, ref ulong size)
    {
        if (_source != source || offset < _start || offset >= _end)
        {
            _source = source;
            _start = offset;
            _hole = source.IsHole(offset, out _end);
        }

        size = Math.Min(size, _end - offset);
        return _hole;
    }
}
