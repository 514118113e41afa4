namespace ElfMmu.Dumps;

/// <summary>Which of many ranges are seen where, when each was written over those before it.</summary>
internal static class LatestExtents
{
    /// <summary>
    /// Finds them in one sweep over starts and ends, with the ranges that cover a place in a heap. O(n log n); there are fewer than twice as many
    /// extents as ranges.
    /// </summary>
    /// <param name="count">How many ranges there are.</param>
    /// <param name="range">A range by its number: where it starts, and where it ends, behind that. A later number wins.</param>
    /// <returns>What is seen, ascending; nothing where no range is.</returns>
    public static LatestExtent[] Arrange(int count, Func<int, (ulong Start, ulong End)> range)
    {
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => range(i).Start)];
        var extents = new List<LatestExtent>(count);
        var covering = new PriorityQueue<int, int>();
        ulong position = 0;
        for (int next = 0; next < order.Length || covering.Count > 0;)
        {
            while (covering.Count > 0 && range(covering.Peek()).End <= position)
            {
                covering.Dequeue();
            }

            if (covering.Count == 0)
            {
                if (next == order.Length)
                {
                    break;
                }

                position = Math.Max(position, range(order[next]).Start);
            }

            while (next < order.Length && range(order[next]).Start <= position)
            {
                // The last one written is the first one out.
                covering.Enqueue(order[next], -order[next]);
                next++;
            }

            while (covering.Count > 0 && range(covering.Peek()).End <= position)
            {
                covering.Dequeue();
            }

            if (covering.Count == 0)
            {
                continue;
            }

            int top = covering.Peek();
            ulong end = Math.Min(range(top).End, next < order.Length ? range(order[next]).Start : ulong.MaxValue);
            if (extents.Count > 0 && extents[^1] is var last && last.Range == top && last.End == position)
            {
                extents[^1] = last with { End = end };
            }
            else
            {
                extents.Add(new LatestExtent(position, end, top));
            }

            position = end;
        }

        return [.. extents];
    }
}
