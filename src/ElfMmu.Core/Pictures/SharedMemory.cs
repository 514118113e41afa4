using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>
/// Finds what spaces of one dump share. Of memory that a user can reach, what counts is that users of several spaces reach it, at
/// whichever address. Kernels map all memory somewhere, so of what only they can reach it counts that several spaces have it at
/// the same address.
/// </summary>
internal static class SharedMemory
{
    /// <summary>Says for each mapping of each space how much of it is shared. O(n log n) in the number of mappings.</summary>
    public static Sharing[][] Find(IReadOnlyList<PictureColumn> columns, IReadOnlyList<Mapping[]> mappings)
    {
        Sharing[][] found = [.. mappings.Select(m => new Sharing[m.Length])];
        Dictionary<DumpIdentity, List<int>> byDump = [];
        for (int i = 0; i < columns.Count; i++)
        {
            // Only spaces of one dump have memory in common.
            if (!byDump.TryGetValue(columns[i].Space.Dump, out List<int>? list))
            {
                byDump.Add(columns[i].Space.Dump, list = []);
            }

            list.Add(i);
        }

        foreach (List<int> group in byDump.Values.Where(g => g.Count > 1))
        {
            Dictionary<(bool User, ulong Delta), List<Piece>> pieces = [];
            foreach (int column in group)
            {
                for (int i = 0; i < mappings[column].Length; i++)
                {
                    ref readonly Mapping mapping = ref mappings[column][i];
                    bool user = mapping.Attributes.User != Rights.None;
                    (bool, ulong) key = (user, user ? 0 : mapping.VirtualAddress - mapping.PhysicalAddress);
                    if (!pieces.TryGetValue(key, out List<Piece>? list))
                    {
                        pieces.Add(key, list = []);
                    }

                    list.Add(new Piece(mapping.PhysicalAddress, mapping.PhysicalAddress + (mapping.Size - 1), column, i));
                }
            }

            foreach (List<Piece> list in pieces.Values)
            {
                Mark(list, found);
            }
        }

        return found;
    }

    private static void Mark(List<Piece> pieces, Sharing[][] found)
    {
        List<(ulong First, ulong Last)> shared = OfSeveral(pieces);
        foreach (Piece piece in pieces)
        {
            // The first shared range that ends behind the piece's start.
            int low = 0;
            int high = shared.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = shared[middle].Last < piece.First ? (middle + 1, high) : (low, middle);
            }

            if (low < shared.Count && shared[low].First <= piece.Last)
            {
                bool all = shared[low].First <= piece.First && shared[low].Last >= piece.Last;
                found[piece.Column][piece.Index] = all ? Sharing.All : Sharing.Part;
            }
        }
    }

    /// <summary>The ranges that pieces of at least two columns cover, ascending, as long as possible.</summary>
    private static List<(ulong First, ulong Last)> OfSeveral(List<Piece> pieces)
    {
        pieces.Sort((a, b) => a.First != b.First ? a.First.CompareTo(b.First)
            : a.Column != b.Column ? a.Column.CompareTo(b.Column)
            : a.Index.CompareTo(b.Index));
        var shared = new List<(ulong First, ulong Last)>();

        // Of what was seen so far: the piece that reaches furthest, and the one that does so in another column.
        (ulong Last, int Column)? furthest = null;
        (ulong Last, int Column)? other = null;
        foreach (Piece piece in pieces)
        {
            Share(furthest, piece);
            Share(other, piece);
            if (furthest == null || piece.Last > furthest.Value.Last)
            {
                if (furthest?.Column != piece.Column)
                {
                    other = furthest;
                }

                furthest = (piece.Last, piece.Column);
            }
            else if (furthest.Value.Column != piece.Column && (other == null || piece.Last > other.Value.Last))
            {
                other = (piece.Last, piece.Column);
            }
        }

        return shared;

        void Share((ulong Last, int Column)? earlier, Piece piece)
        {
            if (earlier is not { } seen || seen.Column == piece.Column || seen.Last < piece.First)
            {
                return;
            }

            ulong last = Math.Min(seen.Last, piece.Last);
            if (shared.Count > 0 && (piece.First == 0 || piece.First - 1 <= shared[^1].Last))
            {
                shared[^1] = (shared[^1].First, Math.Max(shared[^1].Last, last));
            }
            else
            {
                shared.Add((piece.First, last));
            }
        }
    }

    private readonly record struct Piece(ulong First, ulong Last, int Column, int Index);
}
