namespace ElfMmu.Intervals;

/// <summary>
/// What a search in an <see cref="IntervalIndex{T}"/> finds, found while it is enumerated (by <c>foreach</c>). O(1) per value
/// on average; nothing is allocated.
/// </summary>
/// <typeparam name="T">What is found.</typeparam>
public ref struct IntervalMatches<T>
{
    private readonly IntervalIndex<T> _index;
    private readonly ulong _first;
    private int _position;
    private int _next;

    internal IntervalMatches(IntervalIndex<T> index, int position, ulong first)
    {
        _index = index;
        _first = first;
        _next = position;
    }

    /// <summary>The value found; valid after <see cref="MoveNext"/> said true.</summary>
    public readonly ref readonly T Current => ref _index.ValueAt(_position);

    /// <summary>Gives the enumerator, which is this one; every enumeration of a copy starts where the copy was made.</summary>
    /// <returns>The enumerator.</returns>
    public readonly IntervalMatches<T> GetEnumerator() => this;

    /// <summary>Finds the next value.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        _position = _next;
        if (_position == 0)
        {
            return false;
        }

        _next = _index.NextMatch(_position, _first);
        return true;
    }
}
