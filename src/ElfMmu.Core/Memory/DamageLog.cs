namespace ElfMmu.Memory;

/// <summary>The blocks of a source that turned out to be damaged while it was read. Safe to use from several threads.</summary>
public sealed class DamageLog
{
    private const int MostKept = 1000;

    private readonly HashSet<ulong> _known = [];
    private readonly List<DamagedBlock> _first = [];
    private ulong _size;
    private int _told;

    /// <summary>How many blocks are damaged, as far as anybody has read.</summary>
    public int Count
    {
        get
        {
            lock (_known)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>How many bytes they unpack to.</summary>
    public ulong Size
    {
        get
        {
            lock (_known)
            {
                return _size;
            }
        }
    }

    /// <summary>The first thousand of them that were found.</summary>
    public IReadOnlyList<DamagedBlock> First
    {
        get
        {
            lock (_known)
            {
                return [.. _first];
            }
        }
    }

    /// <summary>What came to light since this was last asked: whoever tells it does so once for all.</summary>
    /// <returns>How many blocks were told before, how many are new, and those of the first thousand that are new.</returns>
    internal (int Told, int Count, IReadOnlyList<DamagedBlock> First) TakeNew()
    {
        lock (_known)
        {
            int told = _told;
            _told = _known.Count;
            return (told, _told - told, [.. _first.Skip(told)]);
        }
    }

    /// <summary>Whether the block that starts at an offset, in what is unpacked, is known to be damaged.</summary>
    internal bool Contains(ulong offset)
    {
        lock (_known)
        {
            return _known.Contains(offset);
        }
    }

    /// <summary>Notes a block; one that is known already counts once.</summary>
    internal void Add(in DamagedBlock block)
    {
        lock (_known)
        {
            if (!_known.Add(block.Offset))
            {
                return;
            }

            _size += (ulong)block.Size;
            if (_first.Count < MostKept)
            {
                _first.Add(block);
            }
        }
    }
}
