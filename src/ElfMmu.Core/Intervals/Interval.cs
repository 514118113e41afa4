using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ElfMmu.Intervals;

/// <summary>A half-open range of 64-bit addresses, never empty and never wrapping around 2^64.</summary>
/// <remarks>
/// <para><see cref="Start"/> and <see cref="Last"/> are exact for every interval and what arithmetic should use.
/// <see cref="End"/> and <see cref="Size"/> saturate at <see cref="ulong.MaxValue"/> where the true value is 2^64 and doesn't
/// fit: <see cref="End"/> of an interval that reaches the top of the address space, <see cref="Size"/> of the one that is the
/// whole of it.</para>
/// <para>The default value is the single byte at address 0. Every member takes O(1).</para>
/// </remarks>
public readonly record struct Interval : IComparable<Interval>
{
    // Start and Last rather than Start and Size: so the union of two intervals always has a representation, even 2^64 bytes.
    private Interval(ulong start, ulong last)
    {
        Start = start;
        Last = last;
    }

    /// <summary>The first address.</summary>
    public ulong Start { get; }

    /// <summary>The last address; never below <see cref="Start"/>.</summary>
    public ulong Last { get; }

    /// <summary>How many bytes, from 1; of the whole address space (2^64 bytes) one less than the truth.</summary>
    public ulong Size => Last - Start == ulong.MaxValue ? ulong.MaxValue : Last - Start + 1;

    /// <summary>
    /// The first address behind the interval; <see cref="ulong.MaxValue"/> when it reaches the top of the address space, where
    /// the truth would be 2^64.
    /// </summary>
    public ulong End => Last == ulong.MaxValue ? ulong.MaxValue : Last + 1;

    /// <summary>Makes an interval of its first address and its size.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="size">How many bytes, from 1.</param>
    /// <returns>The interval.</returns>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: the size is 0, or the interval would wrap past 2^64.</exception>
    public static Interval FromStartAndSize(ulong start, ulong size)
    {
        // One comparison for both errors: size 0 turns into the largest number, which fits at no start but 0.
        if (size - 1 > ulong.MaxValue - start || size == 0)
        {
            ThrowInvalidSize(start, size);
        }

        return new Interval(start, start + (size - 1));
    }

    /// <summary>Makes an interval of its first and its last address, the way that can express every interval.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="last">The last address, from <paramref name="start"/>.</param>
    /// <returns>The interval.</returns>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: the last address is below the first.</exception>
    public static Interval FromStartAndLast(ulong start, ulong last)
    {
        if (last < start)
        {
            ThrowInvalidBounds(start, last, "last");
        }

        return new Interval(start, last);
    }

    /// <summary>Makes an interval of its first address and the first address behind it.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="end">
    /// The first address behind the interval. <see cref="ulong.MaxValue"/> means up to the top, 2^64: the interval then
    /// includes the address <see cref="ulong.MaxValue"/>. So <c>FromBounds(x.Start, x.End)</c> is <c>x</c> again unless
    /// <c>x.Last</c> is the last address but one; <see cref="FromStartAndLast"/> can express that interval too.
    /// </param>
    /// <returns>The interval.</returns>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: the end isn't above the start.</exception>
    public static Interval FromBounds(ulong start, ulong end)
    {
        if (end <= start)
        {
            ThrowInvalidBounds(start, end, "end");
        }

        return new Interval(start, end == ulong.MaxValue ? end : end - 1);
    }

    /// <summary>Says whether an address lies in the interval.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(ulong address) => address - Start <= Last - Start;

    /// <summary>Says whether all of another interval lies in this one.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether it does; true for itself.</returns>
    public bool Contains(Interval other) => Start <= other.Start && other.Last <= Last;

    /// <summary>Says whether the two have an address in common.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether they do.</returns>
    public bool Overlaps(Interval other) => Start <= other.Last && other.Start <= Last;

    /// <summary>
    /// Says whether the two overlap or one starts where the other ends, so that their union is one interval. The top of the
    /// address space doesn't touch its bottom.
    /// </summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether they do.</returns>
    public bool Touches(Interval other) =>
        Overlaps(other) || (Start <= other.Start ? other.Start - Last == 1 : Start - other.Last == 1);

    /// <summary>Finds the addresses two intervals have in common.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="common">What they have in common; the default value when the answer is false.</param>
    /// <returns>Whether they have any.</returns>
    public bool Intersect(Interval other, out Interval common)
    {
        if (!Overlaps(other))
        {
            common = default;
            return false;
        }

        common = new Interval(Math.Max(Start, other.Start), Math.Min(Last, other.Last));
        return true;
    }

    /// <summary>Orders by <see cref="Start"/>, then by <see cref="Last"/>.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Below, at or above 0 as this one comes before, is the same as or comes after the other.</returns>
    public int CompareTo(Interval other) =>
        Start != other.Start ? Start.CompareTo(other.Start) : Last.CompareTo(other.Last);

    /// <summary>The interval in hexadecimal, the end exact: <c>[0x1000, 0x2000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Last == ulong.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"[0x{Start:x}, 0x10000000000000000)")
        : string.Create(CultureInfo.InvariantCulture, $"[0x{Start:x}, 0x{Last + 1:x})");

    /// <summary>The smallest interval that contains both: of two that touch, their union.</summary>
    internal static Interval Hull(Interval a, Interval b) =>
        new(Math.Min(a.Start, b.Start), Math.Max(a.Last, b.Last));

    [DoesNotReturn]
    private static void ThrowInvalidSize(ulong start, ulong size) => throw new ElfMmuException(
        "IntervalInvalid",
        ErrorKind.InvalidArgument,
        size == 0
            ? $"The interval at 0x{start:x} has no bytes; its size must be at least 1."
            : $"The interval at 0x{start:x} with 0x{size:x} bytes goes past the top of the 64-bit address space; "
                + $"its size may be at most 0x{ulong.MaxValue - start:x} + 1.");

    [DoesNotReturn]
    private static void ThrowInvalidBounds(ulong start, ulong bound, string name) => throw new ElfMmuException(
        "IntervalInvalid",
        ErrorKind.InvalidArgument,
        $"The interval from 0x{start:x} has its {name} at 0x{bound:x}; "
            + $"the {name} must be {(name == "end" ? "above" : "at or above")} the start.");
}
