using ElfMmu.Elf;

namespace ElfMmu.Images.Loading;

/// <summary>
/// Where pieces lie in a flat image, and which of them fills each byte: where they overlap the later one does, as when a kernel maps one
/// after the other.
/// </summary>
internal sealed class LoadLayout
{
    private const ulong Page = 4096;

    private LoadLayout(ulong first, ulong size, LoadPiece[] pieces)
    {
        Base = first;
        Size = size;
        Pieces = pieces;
    }

    /// <summary>The address of the first byte.</summary>
    public ulong Base { get; }

    /// <summary>How many bytes there are.</summary>
    public ulong Size { get; }

    /// <summary>The pieces, cut to the addresses that are wanted, in the order of loading.</summary>
    public IReadOnlyList<LoadPiece> Pieces { get; }

    /// <summary>Lays pieces out. O(n log n).</summary>
    /// <exception cref="ElfMmuException"><c>NothingToLoad</c>, <c>BaseInvalid</c>, <c>ImageTooLarge</c>.</exception>
    public static LoadLayout Of(LoadPlan plan, string source, ExpandOptions options)
    {
        LoadPiece[] pieces = [.. plan.Pieces.Select(p => p.Cut(options.MinimumAddress, options.MaximumAddress)).OfType<LoadPiece>()];
        ulong lowest = plan.Pieces.Min(p => p.Address);
        ulong last = plan.Pieces.Max(p => p.Last);
        if (pieces.Length == 0)
        {
            throw new ElfMmuException("NothingToLoad", ErrorKind.InvalidArgument,
                $"'{source}' takes addresses from 0x{lowest:x} to 0x{last:x}, and nothing of that lies between 0x{options.MinimumAddress:x} and "
                + $"0x{options.MaximumAddress:x}. Give other limits.")
            { Path = source };
        }

        lowest = pieces.Min(p => p.Address);
        last = Math.Max(pieces.Max(p => p.Last), Math.Min(plan.Last ?? 0, options.MaximumAddress));
        ulong first = options.Base ?? (lowest & ~(Page - 1));
        if (first > lowest)
        {
            throw new ElfMmuException("BaseInvalid", ErrorKind.InvalidArgument,
                $"'{source}' begins at 0x{lowest:x}, below the base 0x{first:x}. Give a base up to that, or leave out what lies below with a "
                + "minimum address.")
            { Path = source };
        }

        return last - first < options.MaximumSize && last - first < long.MaxValue
            ? new LoadLayout(first, last - first + 1, pieces)
            : throw TooLarge(first, last, pieces, source, options);
    }

    /// <summary>Which piece fills which bytes, ascending and disjoint; nothing fills the holes. O(n log n).</summary>
    public IEnumerable<LoadCopy> Copies()
    {
        int[] order = Order(Pieces);
        var open = new PriorityQueue<int, int>();
        int next = 0;
        ulong at = 0;
        while (next < order.Length || open.Count > 0)
        {
            if (open.Count == 0)
            {
                at = Pieces[order[next]].Address;
            }

            for (; next < order.Length && Pieces[order[next]].Address <= at; next++)
            {
                open.Enqueue(order[next], -order[next]);
            }

            int top = open.Peek();
            if (Pieces[top].Last < at)
            {
                open.Dequeue();
                continue;
            }

            ulong last = Pieces[top].Last;
            if (next < order.Length && Pieces[order[next]].Address is var following && following <= last)
            {
                // An earlier piece that begins within this one changes nothing.
                if (order[next] < top)
                {
                    open.Enqueue(order[next], -order[next]);
                    next++;
                    continue;
                }

                last = following - 1;
            }

            yield return new LoadCopy(top, at, last - at + 1);
            if (last == ulong.MaxValue)
            {
                yield break;
            }

            at = last + 1;
        }
    }

    /// <summary>The first piece that begins within another one, and that one; null if none overlap. O(n log n).</summary>
    public (LoadPiece One, LoadPiece Other)? Overlap()
    {
        int[] order = Order(Pieces);
        int reaching = order[0];
        for (int i = 1; i < order.Length; i++)
        {
            if (Pieces[order[i]].Address <= Pieces[reaching].Last)
            {
                return (Pieces[reaching], Pieces[order[i]]);
            }

            reaching = order[i];
        }

        return null;
    }

    private static int[] Order(IReadOnlyList<LoadPiece> pieces)
    {
        int[] order = [.. Enumerable.Range(0, pieces.Count)];
        ulong[] addresses = [.. pieces.Select(p => p.Address)];
        Array.Sort(addresses, order);
        return order;
    }

    private static ElfMmuException TooLarge(ulong first, ulong last, LoadPiece[] pieces, string source, ExpandOptions options)
    {
        // The widest hole is where to divide it.
        LoadPiece before = default;
        ulong widest = 0;
        ulong reached = 0;
        LoadPiece? reaching = null;
        foreach (int index in Order(pieces))
        {
            LoadPiece piece = pieces[index];
            if (reaching is { } r && piece.Address > reached && piece.Address - reached - 1 > widest)
            {
                (widest, before) = (piece.Address - reached - 1, r);
            }

            if (reaching == null || piece.Last > reached)
            {
                (reached, reaching) = (piece.Last, piece);
            }
        }

        LoadPiece largest = pieces.MaxBy(p => p.Size);
        string why = widest > largest.Size
            ? $"0x{widest:x} of them are the hole behind 0x{before.Last:x}"
            : $"'{largest.Name}' {largest.Index} alone takes 0x{largest.Size:x} from 0x{largest.Address:x} on";
        UInt128 size = (UInt128)(last - first) + 1;
        return new ElfMmuException("ImageTooLarge", ErrorKind.LimitsExceeded,
            $"'{source}' would be 0x{size:x} bytes, from 0x{first:x} to 0x{last:x}; {why}. At most 0x{options.MaximumSize:x} are written: take a "
            + "part by its minimum and maximum address, or raise the maximum size.")
        { Path = source };
    }
}
