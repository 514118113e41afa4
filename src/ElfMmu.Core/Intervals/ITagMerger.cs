namespace ElfMmu.Intervals;

/// <summary>Merges the tags of two intervals that become one. Implemented by structs, so that the call is inlined.</summary>
/// <typeparam name="TTag">The tag.</typeparam>
public interface ITagMerger<TTag>
{
    /// <summary>
    /// Merges two tags. Must be associative and commutative (a sum, a maximum, a union), or the tags of a result depend on the
    /// order the input came in.
    /// </summary>
    /// <param name="a">The one tag.</param>
    /// <param name="b">The other tag.</param>
    /// <returns>The tag of the union.</returns>
    TTag Merge(in TTag a, in TTag b);
}
