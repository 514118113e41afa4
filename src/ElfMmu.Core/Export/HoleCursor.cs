using ElfMmu.Memory;

namespace ElfMmu.Export;

/// <summary>Asks a source for its holes and remembers the last answer, so that a dense file is asked once and not once a page.</summary>
internal struct HoleCursor
{
    private const ulong MostIsland = 1 << 20;

    private DataSource? _source;
    private ulong _start;
    private ulong _end;

    /// <summary>Whether the offset last looked at lies in a hole.</summary>
    public bool InHole { get; private set; }

    /// <summary>Whether it lies in a small piece of data that ends at a hole.</summary>
    public readonly bool OnIsland => !InHole && _end - _start <= MostIsland && _end < _source!.Length;

    /// <summary>Looks at an offset and cuts a number of bytes to where the answer holds.</summary>
    public void LookAt(DataSource source, ulong offset, ref ulong size)
    {
        if (_source != source || offset < _start || offset >= _end)
        {
            _source = source;
            _start = offset;
            InHole = source.IsHole(offset, out _end);
        }

        size = Math.Min(size, _end - offset);
    }
}
