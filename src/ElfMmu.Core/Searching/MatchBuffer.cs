using System.Runtime.InteropServices;

namespace ElfMmu.Searching;

/// <summary>
/// The hits in a window, or in as much of it as fits: when there are too many, those at the lowest offsets are kept, and the rest is
/// searched again later. So a pattern that is everywhere takes no more memory than this (but for hits at one and the same byte).
/// </summary>
internal sealed class MatchBuffer
{
    /// <summary>About how many hits are kept.</summary>
    public const int Most = 1 << 15;

    private readonly List<Match> _matches = [];
    private int _full = 2 * Most;

    /// <summary>From this offset on nothing was kept; <see cref="int.MaxValue"/> when all of the window was.</summary>
    public int Limit { get; private set; } = int.MaxValue;

    /// <summary>The hits; sorted after <see cref="Sort"/>.</summary>
    public ReadOnlySpan<Match> Matches => CollectionsMarshal.AsSpan(_matches);

    /// <summary>How many hits there are.</summary>
    public int Count => _matches.Count;

    /// <summary>Takes a hit unless it lies beyond the limit.</summary>
    /// <returns>False when it does.</returns>
    public bool Add(in Match match)
    {
        if (match.Offset >= Limit)
        {
            return false;
        }

        _matches.Add(match);
        if (_matches.Count >= _full)
        {
            Cut();
        }

        return true;
    }

    /// <summary>Sorts by offset, in no order beyond that. O(n log n).</summary>
    public void Sort() => CollectionsMarshal.AsSpan(_matches).Sort(static (a, b) => a.Offset.CompareTo(b.Offset));

    private void Cut()
    {
        Sort();
        int last = _matches[Most].Offset;
        int kept = _matches.FindLastIndex(m => m.Offset <= last) + 1;
        if (kept < _matches.Count)
        {
            _matches.RemoveRange(kept, _matches.Count - kept);
            Limit = last + 1;
        }

        _full = Math.Max(2 * Most, 2 * kept);
    }
}
