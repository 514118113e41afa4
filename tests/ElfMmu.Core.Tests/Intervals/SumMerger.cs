using ElfMmu.Intervals;

namespace ElfMmu.Tests.Intervals;

/// <summary>Adds tags, so that a tag says how many items went into a result.</summary>
internal readonly struct SumMerger : ITagMerger<int>
{
    public int Merge(in int a, in int b) => a + b;
}
