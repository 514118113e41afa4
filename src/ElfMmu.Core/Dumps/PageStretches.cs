using System.Numerics;

namespace ElfMmu.Dumps;

/// <summary>Stretches of pages out of a bitmap.</summary>
/// <param name="name">The file's name.</param>
/// <param name="most">How many pages are wanted; what is more is only counted.</param>
internal sealed class PageStretches(string name, ulong most)
{
    private readonly List<PageStretch> _list = [];
    private ulong _start;
    private ulong _next;
    private bool _isInside;

    /// <summary>The stretches, ascending, of at most as many pages as were asked for.</summary>
    public IReadOnlyList<PageStretch> List => _list;

    /// <summary>How many pages are in <see cref="List"/>.</summary>
    public ulong Count { get; private set; }

    /// <summary>How many more pages there are.</summary>
    public ulong Lost { get; private set; }

    /// <summary>The number of the first of those.</summary>
    public ulong FirstLost { get; private set; }

    /// <summary>Takes the bits of pages; those between two calls are 0.</summary>
    public void Add(ulong page, ReadOnlySpan<ulong> words)
    {
        if (page != _next)
        {
            Finish();
        }

        foreach (ulong word in words)
        {
            Add(word, page);
            page += 64;
        }

        _next = page;
    }

    /// <summary>Ends the stretch that goes on up to the last bit taken.</summary>
    public void Finish()
    {
        if (_isInside)
        {
            Take(_next);
            _isInside = false;
        }
    }

    /// <summary>Takes 64 pages; mostly all of them are like those before.</summary>
    private void Add(ulong word, ulong here)
    {
        for (int bit = 0; bit < 64;)
        {
            ulong rest = (_isInside ? ~word : word) >> bit;
            if (rest == 0)
            {
                return;
            }

            bit += BitOperations.TrailingZeroCount(rest);
            if (_isInside)
            {
                Take(here + (ulong)bit);
            }

            (_start, _isInside) = (here + (ulong)bit, !_isInside);
        }
    }

    /// <summary>Takes the stretch that ends before a page.</summary>
    private void Take(ulong end)
    {
        ulong taken = Math.Min(end - _start, most - Count);
        if (taken > 0)
        {
            RunLimit.Check(_list.Count, name);
            _list.Add(new PageStretch(_start, taken));
            Count += taken;
        }

        if (end - _start > taken)
        {
            FirstLost = Lost == 0 ? _start + taken : FirstLost;
            Lost += end - _start - taken;
        }
    }
}
