using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <content>What tables lead to, over all levels.</content>
internal sealed unsafe partial class TableGraph<TFormat>
{
    // What an entry of the last level gives that maps memory, in bits, and what all of a table give at most.
    private const double SmallLeaf = 0.1;
    private const double MostOfLeaves = 10;

    /// <inheritdoc/>
    public override TreeSummary Summarize(ulong address, int height, int entries) =>
        Summarize(address, height, entries, _format.InitialState);

    /// <inheritdoc/>
    public override IReadOnlyList<TopEntry> TopEntries(ulong address, RootShape shape)
    {
        var found = new List<TopEntry>();
        int hint = 0;
        byte* bytes = Fetch(address, shape.Height, shape.Entries, ref hint);
        for (int i = 0; bytes != null && i < shape.Entries; i++)
        {
            TreeSummary summary = default;
            ulong entry = Entry(bytes, i);
            if (entry != 0)
            {
                TableRow row = default;
                ulong? target = Add(entry, i, shape.Height, _format.InitialState, address, ref row, ref summary);
                found.Add(new TopEntry(i, target ?? entry, summary));
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public override double Mark(ulong address, int height, int entries, FrameBits frames, FrameBits[] seen)
    {
        int hint = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        if (bytes == null || !TryIndex(address, frames, ref hint, out ulong frame))
        {
            return 0;
        }

        // What is smaller than a frame doesn't explain what else is in it.
        for (int i = 0; (i + 1) << TableScan.FrameShift <= entries << TFormat.EntrySizeShift; i++)
        {
            frames.Set(frame + (ulong)i);
        }

        int child = 0;
        TableRow row = default;
        double evidence = 0;
        for (int i = 0; height > 0 && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0
                && _format.Decode(entry, i, height, ref state, out ulong target, out _) == EntryKind.Table
                && target != address
                && TryIndex(target, Tables[height - 1], ref child, out ulong index)
                && Tables[height - 1][index]
                && !seen[height - 1][index])
            {
                seen[height - 1].Set(index);
                row.Add(target, (ulong)TableSize(height - 1));
                evidence += Evidence(row, height - 1);
                evidence += Mark(target, height - 1, Family.Levels[height - 1].EntryCount, frames, seen);
            }
        }

        return evidence;
    }

    /// <summary>Each table is read once for each way its rights are limited above it, as far as there is room to remember.</summary>
    private TreeSummary Summarize(ulong address, int height, int entries, ulong state)
    {
        if (height > 0 && _summaries.TryGetValue((address, height, state), out TreeSummary known))
        {
            return known;
        }

        int hint = 0;
        var summary = new TreeSummary { Tables = 1 };
        byte* bytes = _reads++ > _mostReads ? null : Fetch(address, height, entries, ref hint);
        if (bytes == null)
        {
            return default;
        }

        double leaves = 0;
        TableRow row = default;
        for (int i = 0; i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            if (entry != 0)
            {
                ulong before = summary.Leaves;
                Add(entry, i, height, state, address, ref row, ref summary);
                leaves += height == 0 && summary.Leaves > before ? SmallLeaf : 0;
            }
        }

        summary.Evidence += Math.Min(leaves, MostOfLeaves);
        if (height > 0 && _summaries.Count < _mostSummaries)
        {
            _summaries[(address, height, state)] = summary;
        }

        return summary;
    }

    /// <summary>What a table leads to that most likely was the last one.</summary>
    private TreeSummary Again(ulong address, int height, ulong state)
    {
        if (_last.Address != address || _last.Height != height || _last.State != state || _last.Summary.Tables == 0)
        {
            _last = (address, height, state, Summarize(address, height, Family.Levels[height].EntryCount, state));
        }

        return _last.Summary;
    }

    /// <summary>Adds what an entry leads to.</summary>
    /// <returns>Where it leads; null for nowhere.</returns>
    private ulong? Add(ulong entry, int index, int height, ulong state, ulong table, ref TableRow row, ref TreeSummary summary)
    {
        EntryKind kind = _format.Decode(entry, index, height, ref state, out ulong target, out MappingAttributes attributes);
        switch (kind)
        {
            case EntryKind.Leaf when (entry & Family.LeafClear(height)) != 0:
                summary.Bad++;
                summary.Evidence -= BadEntry;
                return null;
            case EntryKind.Leaf:
                AddLeaf(target, Family.Levels[height].Span, height, attributes, ref summary);
                return target;
            case EntryKind.Table when (entry & Family.TableClear) != 0:
                summary.Bad++;
                summary.Evidence -= BadEntry;
                return null;
            case EntryKind.Table:
                if (target == table || target == row.Last)
                {
                    summary.Add(Again(target, height - 1, state) with
                    {
                        Good = 0,
                        Bad = 0,
                        Absent = 0,
                        Evidence = 0,
                    });
                    return target;
                }

                TableContent content = default;
                int hint = 0;
                Count(target, ref row, height - 1, ref hint, ref content);
                summary.Evidence += content.Evidence;
                summary.Absent += (ulong)content.Absent;
                summary.Bad += (ulong)content.Bad;
                if (content.Absent + content.Bad > 0)
                {
                    return null;
                }

                summary.Good += (ulong)content.Children;
                _last = (target, height - 1, state, Summarize(target, height - 1, Family.Levels[height - 1].EntryCount, state));
                summary.Add(_last.Summary);
                return target;
            case EntryKind.Reserved:
            case EntryKind.Invalid when height > 0:
                summary.Bad++;
                summary.Evidence -= height > 0 ? BadEntry : 0;
                return null;
            default:
                return null;
        }
    }

    private void AddLeaf(ulong target, ulong size, int height, MappingAttributes attributes, ref TreeSummary summary)
    {
        ulong known = Map.KnownBytes(target, size);
        if (known == 0)
        {
            return;
        }

        bool speaks = height > 0 && (attributes.Accessed || !Family.NeedsAccessed);
        summary.Leaves++;
        summary.LargeLeaves += height > 0 ? 1UL : 0;
        summary.Good += speaks ? 1UL : 0;
        summary.Evidence += speaks ? LargeLeaf : 0;
        summary.AccessedLeaves += attributes.Accessed ? 1UL : 0;
        summary.UserBytes += attributes.User != Rights.None ? known : 0;
        summary.UserDataBytes += (attributes.User & (Rights.Read | Rights.Write)) != 0 ? known : 0;
        summary.SupervisorBytes += attributes.User == Rights.None ? known : 0;
    }
}
