using ElfMmu.Intervals;
using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>Words whose value lies in a range.</summary>
internal sealed class PointerPattern(Interval range, int? alignment)
    : SearchPattern($"pointer to 0x{range.Start:x}-0x{range.Last:x}", alignment)
{
    /// <inheritdoc/>
    internal override IMatcher Compile(DataModel model, int mostAlignment = MostAlignment) =>
        new PointerMatcher(range, model.WordSize / 8, model.ByteOrder, Math.Min(Alignment ?? model.WordSize / 8, mostAlignment));
}
