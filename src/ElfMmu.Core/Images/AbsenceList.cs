using ElfMmu.Reading;

namespace ElfMmu.Images;

/// <summary>Ranges that aren't there, ascending and disjoint, in whatever order and however often they are met; a bounded number of them.</summary>
internal sealed class AbsenceList
{
    /// <summary>The most ranges that are kept.</summary>
    public const int Most = 1000;

    private readonly List<AbsentRange> _ranges = [];

    /// <summary>The ranges.</summary>
    public IReadOnlyList<AbsentRange> Ranges => _ranges;

    /// <summary>Whether there were more ranges than are kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Adds a range; what it overlaps, or goes on after, becomes one with it. O(log n) to find, O(n) to make room.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Add(AbsentRange range)
    {
        int low = 0;
        for (int high = _ranges.Count; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _ranges[middle].Last < range.Address ? (middle + 1, high) : (low, middle);
        }

        int end = low;
        for (; end < _ranges.Count && _ranges[end].Address <= range.Last; end++)
        {
            AbsentRange other = _ranges[end];
            if (other.Address <= range.Address && other.Last >= range.Last)
            {
                return false;
            }

            ulong last = Math.Max(other.Last, range.Last);
            range = other.Address < range.Address ? other : range;
            range = range with { Size = last - range.Address + 1 };
        }

        if (low > 0 && _ranges[low - 1].IsFollowedBy(range))
        {
            low--;
            range = _ranges[low] with { Size = _ranges[low].Size + range.Size };
        }

        if (end < _ranges.Count && range.IsFollowedBy(_ranges[end]))
        {
            range = range with { Size = range.Size + _ranges[end].Size };
            end++;
        }

        if (low == end && _ranges.Count == Most)
        {
            bool isNew = !IsCut;
            IsCut = true;
            return isNew;
        }

        _ranges.RemoveRange(low, end - low);
        _ranges.Insert(low, range);
        return true;
    }
}
