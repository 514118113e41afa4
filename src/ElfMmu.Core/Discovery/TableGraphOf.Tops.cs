using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <content>What is to know of top tables, and the small ones among them.</content>
internal sealed unsafe partial class TableGraph<TFormat>
{
    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<ulong>> SmallTops(RootShape shape, PointerScan pointers)
    {
        ulong size = (ulong)shape.Entries << TFormat.EntrySizeShift;
        var found = new List<ulong>();
        foreach ((_, ulong frame) in Tables[shape.Height - 1].IsEmpty ? [] : Addresses(pointers.Frames))
        {
            found.Clear();
            if ((frame & (size - 1)) < 0x1000)
            {
                AddSmallTops(frame, shape, found);
            }

            if (found.Count > 0)
            {
                yield return found;
            }
        }
    }

    /// <inheritdoc/>
    public override int? SelfMap(ulong address, RootShape shape)
    {
        int hint = 0;
        byte* bytes = Fetch(address, shape.Height, shape.Entries, ref hint);
        for (int i = 0; bytes != null && i < shape.Entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0
                && _format.Decode(entry, i, shape.Height, ref state, out ulong target, out _) == EntryKind.Table
                && target == address)
            {
                return i;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool IsIdentity(ulong address, RootShape shape) =>
        FirstLeaf(address, shape.Height, shape.Entries, 0) is { } first && first.Virtual == first.Physical;

    private (ulong Virtual, ulong Physical)? FirstLeaf(ulong address, int height, int entries, ulong virtualAddress)
    {
        int hint = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        for (int i = 0; bytes != null && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            ulong at = virtualAddress + ((ulong)i << Family.Levels[height].Shift);
            ulong target = 0;
            EntryKind kind = entry == 0 ? EntryKind.Invalid : _format.Decode(entry, i, height, ref state, out target, out _);
            if (kind == EntryKind.Leaf)
            {
                return (at, target);
            }

            int child = 0;
            if (kind == EntryKind.Table
                && TryIndex(target, Tables[height - 1], ref child, out ulong index)
                && Tables[height - 1][index]
                && FirstLeaf(target, height - 1, Family.Levels[height - 1].EntryCount, at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private void AddSmallTops(ulong frame, RootShape shape, List<ulong> found)
    {
        int hint = 0;
        int entries = Math.Max(shape.Entries, 0x1000 >> TFormat.EntrySizeShift);
        byte* bytes = Fetch(frame, 0, entries, ref hint);
        for (int first = 0; bytes != null && first < entries; first += shape.Entries)
        {
            if (MayBeTop(bytes, first, shape))
            {
                found.Add(frame + ((ulong)first << TFormat.EntrySizeShift));
            }
        }
    }

    /// <summary>Whether all entries lead to tables or empty frames, and at least one to a table.</summary>
    private bool MayBeTop(byte* bytes, int first, RootShape shape)
    {
        int child = 0;
        bool any = false;
        for (int i = first; i < first + shape.Entries; i++)
        {
            ulong entry = Entry(bytes, i);
            if (entry != 0 && (entry & (shape.Set | shape.Clear)) != shape.Set)
            {
                return false;
            }

            any |= entry != 0;
        }

        int good = 0;
        for (int i = first; any && i < first + shape.Entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry == 0)
            {
                continue;
            }

            if (_format.Decode(entry, i - first, shape.Height, ref state, out ulong target, out _) != EntryKind.Table
                || !TryIndex(target, Tables[shape.Height - 1], ref child, out ulong index))
            {
                return false;
            }

            bool table = Tables[shape.Height - 1][index];
            if (!table && !Zeros[index] && !Hollow[shape.Height - 1][index] && !MapsNothing(target, shape.Height - 1))
            {
                return false;
            }

            good += table ? 1 : 0;
        }

        return good > 0;
    }
}
