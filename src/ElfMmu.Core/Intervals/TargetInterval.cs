namespace ElfMmu.Intervals;

/// <summary>An interval of addresses and what its first address leads to; the following ones lead to the following targets.</summary>
/// <param name="Interval">The addresses.</param>
/// <param name="Target">What the first address leads to, such as the physical address of a mapping.</param>
public readonly record struct TargetInterval(Interval Interval, ulong Target)
{
    /// <summary>All targets.</summary>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: they wrap past 2^64.</exception>
    public Interval Targets => Interval.FromStartAndLast(Target, unchecked(Target + (Interval.Last - Interval.Start)));

    /// <summary>The same interval the other way round: from the targets to the addresses.</summary>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: the targets wrap past 2^64.</exception>
    public TargetInterval Reverse() => new(Targets, Interval.Start);
}
