using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace ElfMmu.Searching;

/// <summary>
/// Applies regular expressions to virtual memory as if each contiguous part of it were one text, looked through from its start: though pieces are
/// looked at in any order, and several at once. Safe to use from several threads.
/// </summary>
/// <remarks>
/// A piece needs to know of what is before it only up to where the last hit there ends. Where no hit can start in as many bytes before it as a
/// hit may have, none does; else the pieces before it are looked at first, back to one of which it is known.
/// </remarks>
internal sealed class StretchScanner
{
    private readonly SearchScope _scope;
    private readonly PhysicalText _text;
    private readonly (RegexMatcher Matcher, int Number)[] _regexes;
    private readonly int _most;

    // Of each expression, how many bytes from a virtual address on belong to a hit before it. Only where looking back doesn't tell.
    private readonly ConcurrentDictionary<ulong, int>[] _carries;

    /// <summary>Makes a scanner.</summary>
    /// <param name="scope">What is searched.</param>
    /// <param name="text">The physical memory.</param>
    /// <param name="regexes">The expressions with their numbers among the patterns; at least one.</param>
    public StretchScanner(SearchScope scope, PhysicalText text, (RegexMatcher Matcher, int Number)[] regexes)
    {
        (_scope, _text, _regexes) = (scope, text, regexes);
        _most = regexes.Max(m => m.Matcher.MostLength);
        _carries = [.. regexes.Select(_ => new ConcurrentDictionary<ulong, int>())];
    }

    /// <summary>
    /// Finds the hits that start in a window. What several addresses lead to, with the same around it, is looked at once. O(bytes) for each address
    /// whose surroundings differ; where an expression has hits all over, up to twice that.
    /// </summary>
    /// <param name="window">The window.</param>
    /// <param name="from">The first offset in it of hits that are wanted.</param>
    /// <param name="matches">Takes the hits.</param>
    /// <param name="cancellation">Ends the search.</param>
    public void Scan(in SearchWindow window, int from, MatchBuffer matches, CancellationToken cancellation)
    {
        var stretches = new Dictionary<Stretch, List<(int Strand, ulong Address)>>();
        foreach (int number in _scope.Find(window.Start, window.Last))
        {
            ref readonly Strand strand = ref _scope.Strands[number];
            Stretch stretch = StretchOf(number, Math.Max(strand.Physical, window.Start), Math.Min(strand.LastPhysical, window.Last));
            if (stretches.TryGetValue(stretch, out List<(int Strand, ulong Address)>? known))
            {
                known.Add((number, stretch.Virtual));
            }
            else
            {
                stretches.Add(stretch, [(number, stretch.Virtual)]);
            }
        }

        foreach ((Stretch stretch, List<(int Strand, ulong Address)> places) in stretches)
        {
            char[] characters = Load(stretch);
            try
            {
                ReadOnlySpan<char> text = characters.AsSpan(0, stretch.Size);
                int offset = (int)(stretch.Physical - window.Start);
                for (int i = 0; i < _regexes.Length; i++)
                {
                    if (TryCarry(i, text, stretch, cancellation, out int carry))
                    {
                        Scan(i, text, stretch, carry, [.. places.Select(p => p.Address)], offset, from, matches, cancellation);
                        continue;
                    }

                    int regex = i;
                    foreach (IGrouping<int, ulong> same in places.GroupBy(
                        p => CarryOf(regex, p.Strand, stretch.Physical, p.Address, cancellation), p => p.Address))
                    {
                        Scan(i, text, stretch, same.Key, [.. same], offset, from, matches, cancellation);
                    }
                }
            }
            finally
            {
                ArrayPool<char>.Shared.Return(characters);
            }
        }
    }

    /// <summary>Takes the hits of an expression that start in a stretch, and remembers where the last one ends.</summary>
    private void Scan(
        int regex,
        ReadOnlySpan<char> text,
        Stretch stretch,
        int carry,
        ulong[] addresses,
        int offset,
        int from,
        MatchBuffer matches,
        CancellationToken cancellation)
    {
        (RegexMatcher matcher, int pattern) = _regexes[regex];
        int position = stretch.Before + carry;
        int end = stretch.Before + stretch.Own;
        while (matcher.Next(text, position, end, cancellation, out int at, out int length))
        {
            position = at + length;
            int within = at - stretch.Before;
            if (offset + within < from)
            {
                continue;
            }

            if (offset + within >= matches.Limit)
            {
                return;
            }

            foreach (ulong address in addresses)
            {
                matches.Add(new Match(offset + within, length, pattern, true, address + (ulong)within));
            }
        }

        // Otherwise looking back from there tells.
        if (position > end - matcher.MostLength)
        {
            foreach (ulong address in addresses)
            {
                _carries[regex][address + (ulong)stretch.Own] = Math.Max(0, position - end);
            }
        }
    }

    /// <summary>How many bytes of a piece belong to a hit before it, as far as the bytes before it tell.</summary>
    private bool TryCarry(int regex, ReadOnlySpan<char> text, Stretch stretch, CancellationToken cancellation, out int carry)
    {
        RegexMatcher matcher = _regexes[regex].Matcher;
        carry = 0;
        bool isWhole = stretch.Before < 2 * _most;
        int position = isWhole ? 0 : stretch.Before - matcher.MostLength;
        while (matcher.Next(text, position, stretch.Before, cancellation, out int at, out int length))
        {
            if (!isWhole)
            {
                return false;
            }

            position = at + length;
        }

        carry = Math.Max(0, position - stretch.Before);
        return true;
    }

    /// <summary>The same, from what is before that.</summary>
    private int CarryOf(int regex, int number, ulong physical, ulong address, CancellationToken cancellation)
    {
        if (_carries[regex].TryGetValue(address, out int carry))
        {
            return carry;
        }

        // No strand goes back further than this without leading to the same memory again and again, which could take forever.
        ulong most = 2 * _scope.Size;
        var open = new Stack<(int Number, ulong First, ulong Last)>();
        while (true)
        {
            ulong last = physical - 1;
            if (physical == _scope.Strands[number].Physical)
            {
                last = _scope.Strands[--number].LastPhysical;
            }

            physical = Math.Max(_scope.Strands[number].Physical, last & ~(SearchWindow.MostSize - 1UL));
            ulong size = last - physical + 1;
            open.Push((number, physical, last));
            address -= size;
            if (_carries[regex].TryGetValue(address, out carry) || most < size)
            {
                break;
            }

            most -= size;
            Stretch stretch = StretchOf(number, physical, last);
            char[] characters = Load(stretch);
            bool isKnown = TryCarry(regex, characters.AsSpan(0, stretch.Size), stretch, cancellation, out carry);
            ArrayPool<char>.Shared.Return(characters);
            if (isKnown)
            {
                break;
            }
        }

        RegexMatcher matcher = _regexes[regex].Matcher;
        while (open.TryPop(out (int Number, ulong First, ulong Last) piece))
        {
            Stretch stretch = StretchOf(piece.Number, piece.First, piece.Last);
            char[] characters = Load(stretch);
            int position = stretch.Before + carry;
            int end = stretch.Before + stretch.Own;
            while (matcher.Next(characters.AsSpan(0, stretch.Size), position, end, cancellation, out int at, out int length))
            {
                position = at + length;
            }

            ArrayPool<char>.Shared.Return(characters);
            carry = Math.Max(0, position - end);
            _carries[regex][stretch.Virtual + (ulong)stretch.Own] = carry;
        }

        return carry;
    }

    /// <summary>The bytes of a stretch as characters; to be given back.</summary>
    private char[] Load(Stretch stretch)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(stretch.Size);
        char[] characters = ArrayPool<char>.Shared.Rent(stretch.Size);
        try
        {
            int done = 0;
            foreach ((ulong physical, int length) in stretch.Parts)
            {
                _text.Copy(physical, bytes.AsSpan(done, length));
                done += length;
            }

            Encoding.Latin1.GetChars(bytes.AsSpan(0, done), characters);
            return characters;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>A part of a strand, with what is around it in virtual memory: two hits' lengths before it and one behind it.</summary>
    private Stretch StretchOf(int number, ulong physical, ulong last)
    {
        ReadOnlySpan<Strand> strands = _scope.Strands;
        ref readonly Strand strand = ref strands[number];
        int own = (int)(last - physical) + 1;
        var parts = new List<(ulong Physical, int Length)>();
        int before = 0;
        ulong within = physical - strand.Physical;
        for (int i = number; before < 2 * _most; within = strands[--i].Size)
        {
            int part = (int)Math.Min(within, (ulong)((2 * _most) - before));
            if (part > 0)
            {
                parts.Insert(0, (strands[i].Physical + within - (ulong)part, part));
                before += part;
            }

            if (i == 0 || !strands[i - 1].HasNext)
            {
                break;
            }
        }

        int behind = own + _most;
        within = physical - strand.Physical;
        for (int i = number; behind > 0; i++, within = 0)
        {
            int part = (int)Math.Min(strands[i].Size - within, (ulong)behind);
            parts.Add((strands[i].Physical + within, part));
            behind -= part;
            if (!strands[i].HasNext)
            {
                break;
            }
        }

        return new Stretch([.. parts], physical, before, own, strand.Virtual + (physical - strand.Physical));
    }
}
