using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>
/// Puts the mappings of a space on the cells of a stretch. A mapping takes the cells between its rounded edges. Those that are
/// too thin for one take the cell of their middle, together; a neighbour yields it, or joins them if it was its only one. So
/// every mapping is in exactly one stroke, strokes never overlap, and no edge is further than a cell from its place.
/// </summary>
internal static class StrokeBuilder
{
    /// <summary>Builds the strokes of a stretch. O(mappings in the stretch).</summary>
    /// <param name="mappings">The mappings of a space, ascending and disjoint.</param>
    /// <param name="next">The first one that isn't drawn yet; then the first one behind the stretch.</param>
    /// <param name="stretch">The stretch.</param>
    public static List<Stroke> Build(Mapping[] mappings, ref int next, Stretch stretch)
    {
        var strokes = new List<Stroke>();
        Stroke? thin = null;
        for (; next < mappings.Length && mappings[next].LastAddress <= stretch.Last; next++)
        {
            UInt128 offset = mappings[next].VirtualAddress - stretch.First;
            int top = stretch.Round(offset);
            int bottom = stretch.Round(offset + mappings[next].Size);
            if (thin is { } before && before.Bottom > top)
            {
                top = before.Bottom;
            }

            if (bottom > top)
            {
                Close();
                strokes.Add(new Stroke(top, bottom, next, next + 1));
            }
            else
            {
                AddThin(stretch.CellOfMiddle(offset, mappings[next].Size), next);
            }
        }

        Close();
        return strokes;

        void AddThin(int cell, int index)
        {
            if (thin is { } open && cell < open.Bottom)
            {
                thin = open with { To = index + 1 };
                return;
            }

            Close();
            int from = index;
            if (strokes.Count > 0 && strokes[^1] is var last && last.Bottom > cell)
            {
                strokes.RemoveAt(strokes.Count - 1);
                if (last.Top < cell)
                {
                    strokes.Add(last with { Bottom = cell });
                }
                else
                {
                    from = last.From;
                }
            }

            thin = new Stroke(cell, cell + 1, from, index + 1);
        }

        void Close()
        {
            if (thin is { } open)
            {
                strokes.Add(open);
                thin = null;
            }
        }
    }
}
