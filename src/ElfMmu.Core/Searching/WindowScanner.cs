using System.Buffers;
using ElfMmu.Intervals;

namespace ElfMmu.Searching;

/// <summary>Finds all patterns in windows of physical memory, and across the borders of what lies there. Safe to use from several threads.</summary>
internal sealed unsafe class WindowScanner
{
    // What all patterns look at before they go on together: as much as stays in the nearest cache.
    private const int BlockSize = 1 << 15;

    private readonly SearchScope _scope;
    private readonly PhysicalText _text;
    private readonly (FixedMatcher Matcher, int Number)[] _fixed;
    private readonly StretchScanner? _stretches;
    private readonly int _mostFixed;

    /// <summary>Makes a scanner.</summary>
    /// <param name="scope">What is searched.</param>
    /// <param name="text">The physical memory.</param>
    /// <param name="matchers">The patterns.</param>
    public WindowScanner(SearchScope scope, PhysicalText text, IReadOnlyList<IMatcher> matchers)
    {
        (_scope, _text) = (scope, text);
        _fixed = [.. matchers.Index().Where(m => m.Item is FixedMatcher).Select(m => ((FixedMatcher)m.Item, m.Index))];
        (RegexMatcher, int)[] regexes = [.. matchers.Index().Where(m => m.Item is RegexMatcher).Select(m => ((RegexMatcher)m.Item, m.Index))];
        _stretches = regexes.Length == 0 ? null : new StretchScanner(scope, text, regexes);
        _mostFixed = _fixed.Select(m => m.Matcher.Length).DefaultIfEmpty(0).Max();
    }

    /// <summary>
    /// Finds the hits that start in a window, sorted by where they start. O(bytes), and the length of the patterns for each border.
    /// </summary>
    /// <param name="window">The window.</param>
    /// <param name="from">The first offset in it where a hit may start.</param>
    /// <param name="cancellation">Ends the search.</param>
    public MatchBuffer Scan(SearchWindow window, int from, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var matches = new MatchBuffer();
        if (_fixed.Length > 0)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(SearchWindow.MostSize + (2 * _mostFixed));
            try
            {
                fixed (byte* bytes = buffer)
                {
                    ScanIslands(window, window.Start + (ulong)from, matches, bytes);
                    ScanBorders(window, window.Start + (ulong)from, matches, bytes, cancellation);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        _stretches?.Scan(window, from, matches, cancellation);
        matches.Sort();
        return matches;
    }

    /// <summary>Finds the hits that are contiguous in physical memory.</summary>
    private void ScanIslands(in SearchWindow window, ulong start, MatchBuffer matches, byte* buffer)
    {
        ReadOnlySpan<Interval> islands = _scope.Islands;
        for (int i = _scope.IslandFrom(start); i < islands.Length && islands[i].Start <= window.Last; i++)
        {
            ulong first = Math.Max(islands[i].Start, start);
            ulong end = Math.Min(islands[i].Last, window.Last) - first + 1;
            for (ulong done = 0; done < end;)
            {
                if (first + done - window.Start >= (ulong)matches.Limit)
                {
                    return;
                }

                done += (ulong)ScanPart(window, first + done, (int)(end - done), islands[i].Last, matches, buffer);
            }
        }
    }

    /// <summary>Searches from an address on as far as memory is of one kind there.</summary>
    /// <returns>How many bytes hits were looked for at.</returns>
    private int ScanPart(in SearchWindow window, ulong address, int most, ulong islandLast, MatchBuffer matches, byte* buffer)
    {
        bool isHole = _text.Look(address, out ulong left, out byte* bytes);
        ulong onIsland = islandLast - address + 1;
        left = Math.Min(left, onIsland);
        int starts = (int)Math.Min((ulong)most, left);
        int size = (int)Math.Min(left, (ulong)(starts + _mostFixed - 1));
        int offset = (int)(address - window.Start);
        if (!isHole && bytes == null)
        {
            _text.Copy(address, new Span<byte>(buffer, size));
            bytes = buffer;
        }

        if (isHole)
        {
            AddZeros(address, starts, size, offset, matches);
        }
        else
        {
            for (int at = 0; at < starts && offset + at < matches.Limit; at += BlockSize)
            {
                foreach ((FixedMatcher matcher, int number) in _fixed)
                {
                    var sink = new MatchSink(matches, number, matcher.Length, offset + at);
                    matcher.Find(bytes + at, size - at, Math.Min(BlockSize, starts - at), address + (ulong)at, ref sink);
                }
            }
        }

        // What goes on in memory of another kind.
        if (onIsland > left && (ulong)(starts + _mostFixed - 1) > left)
        {
            int first = Math.Max(0, (int)left - (_mostFixed - 1));
            int all = (int)Math.Min(onIsland - (ulong)first, (ulong)(starts - first + _mostFixed - 1));
            _text.Copy(address + (ulong)first, new Span<byte>(buffer, all));
            foreach ((FixedMatcher matcher, int number) in _fixed)
            {
                int own = Math.Max(0, (int)left - (matcher.Length - 1)) - first;
                var sink = new MatchSink(matches, number, matcher.Length, offset + first, own);
                matcher.Find(buffer, all, starts - first, address + (ulong)first, ref sink);
            }
        }

        return starts;
    }

    /// <summary>Finds the hits that are nothing but zeros, where there is nothing else.</summary>
    private void AddZeros(ulong address, int starts, int size, int offset, MatchBuffer matches)
    {
        foreach ((FixedMatcher matcher, int number) in _fixed)
        {
            if (matcher.MatchesZeros)
            {
                var sink = new MatchSink(matches, number, matcher.Length, offset);
                int end = Math.Min(starts, size - matcher.Length + 1);
                ulong aligned = (ulong)matcher.Alignment - 1;
                for (int at = (int)((0 - address) & aligned); at < end && sink.Add(at); at += matcher.Alignment)
                {
                }
            }
        }
    }

    /// <summary>Finds the hits that cross borders where only virtual memory goes on.</summary>
    private void ScanBorders(in SearchWindow window, ulong start, MatchBuffer matches, byte* buffer, CancellationToken cancellation)
    {
        if (_mostFixed < 2)
        {
            return;
        }

        ulong reach = (ulong)_mostFixed - 2;
        ulong last = window.Last > ulong.MaxValue - reach ? ulong.MaxValue : window.Last + reach;
        foreach (int number in _scope.Borders(start, last))
        {
            cancellation.ThrowIfCancellationRequested();
            ref readonly Strand strand = ref _scope.Strands[number];
            ulong end = strand.LastPhysical;
            ulong first = Math.Max(Math.Max(strand.Physical, start), end - Math.Min(end, reach));
            ulong lastStart = Math.Min(end, window.Last);
            if (first > lastStart || first - window.Start >= (ulong)matches.Limit)
            {
                continue;
            }

            int starts = (int)(lastStart - first) + 1;
            int toBorder = (int)(end - first) + 1;
            int size = Gather(number, first - strand.Physical, new Span<byte>(buffer, starts + _mostFixed - 1));
            ulong at = strand.Virtual + (first - strand.Physical);
            foreach ((FixedMatcher matcher, int pattern) in _fixed)
            {
                // Those that don't reach the border are contiguous in physical memory too.
                int own = Math.Max(0, toBorder - (matcher.Length - 1));
                var sink = new MatchSink(matches, pattern, matcher.Length, (int)(first - window.Start) + own, at + (ulong)own);
                matcher.Find(buffer + own, size - own, starts - own, at + (ulong)own, ref sink);
            }
        }
    }

    /// <summary>Copies bytes from a place in a strand on, through those that go on behind it.</summary>
    /// <returns>How many there were.</returns>
    private int Gather(int number, ulong within, Span<byte> destination)
    {
        int done = 0;
        while (true)
        {
            ref readonly Strand strand = ref _scope.Strands[number++];
            int part = (int)Math.Min(strand.Size - within, (ulong)(destination.Length - done));
            _text.Copy(strand.Physical + within, destination.Slice(done, part));
            done += part;
            within = 0;
            if (done == destination.Length || !strand.HasNext)
            {
                return done;
            }
        }
    }
}
