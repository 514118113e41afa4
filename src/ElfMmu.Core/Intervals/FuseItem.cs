namespace ElfMmu.Intervals;

/// <summary>An interval with the attributes that decide what it is fused with; both the input and the result of fusing.</summary>
/// <typeparam name="TTag">What the caller carries along; merged when items are.</typeparam>
/// <param name="Interval">The addresses.</param>
/// <param name="Target">
/// What the first address leads to: for a mapping, its physical address. The following addresses lead to the following
/// targets, modulo 2^64.
/// </param>
/// <param name="Rights">The rights, or any other attribute that must agree, as an opaque number.</param>
/// <param name="Group">
/// Where the interval comes from, such as one root in one dump, as an opaque number; groups never mix.
/// </param>
/// <param name="Tag">The caller's own.</param>
public readonly record struct FuseItem<TTag>(Interval Interval, ulong Target, ulong Rights, int Group, TTag Tag)
    : IComparable<FuseItem<TTag>>
{
    /// <summary>What must be added to an address to get its target, modulo 2^64.</summary>
    public ulong Displacement => Target - Interval.Start;

    /// <summary>
    /// Orders by start, last, target, rights, group: the order of results. Among the same starts the order by target is
    /// total on displacements too. The tag doesn't count. O(1).
    /// </summary>
    /// <param name="other">The other one.</param>
    /// <returns>Below, at or above 0 as this one comes before, with or after the other.</returns>
    public int CompareTo(FuseItem<TTag> other) => Compare(in this, in other);

    /// <summary>As <see cref="CompareTo"/>, without copies.</summary>
    internal static int Compare(in FuseItem<TTag> a, in FuseItem<TTag> b)
    {
        int order = a.Interval.CompareTo(b.Interval);
        if (order == 0)
        {
            order = a.Target.CompareTo(b.Target);
        }

        if (order == 0)
        {
            order = a.Rights.CompareTo(b.Rights);
        }

        return order != 0 ? order : a.Group.CompareTo(b.Group);
    }

    /// <summary>
    /// One item out of two alike ones that touch. Target and rights are those of the one that starts first, and of two with
    /// the same start the smaller pair: a choice that is the same whatever the order of merging is, also where they aren't
    /// compared and differ.
    /// </summary>
    internal static FuseItem<TTag> Merge<TMerger>(in FuseItem<TTag> a, in FuseItem<TTag> b, ref TMerger merger)
        where TMerger : struct, ITagMerger<TTag>
    {
        bool bLeads = b.Interval.Start != a.Interval.Start ? b.Interval.Start < a.Interval.Start
            : b.Target != a.Target ? b.Target < a.Target
            : b.Rights < a.Rights;
        return new FuseItem<TTag>(
            Interval.Hull(a.Interval, b.Interval),
            bLeads ? b.Target : a.Target,
            bLeads ? b.Rights : a.Rights,
            a.Group,
            merger.Merge(a.Tag, b.Tag));
    }
}
