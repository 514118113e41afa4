using System.Collections;
using System.Management.Automation;
using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Turns what says which addresses are meant into intervals: text (<c>0x1000-0x3000</c>, <c>0x1000+0x2000</c>), two numbers (first address
/// and first address behind), objects with an address and a size or an end, and lists of these. Where an address can be meant by itself, one
/// without a size is taken too.
/// </summary>
internal static class RangeConverter
{
    /// <summary>Converts a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isTarget">Whether a single address, or an object with an address and no size, means this address alone.</param>
    /// <exception cref="ElfMmuException"><c>RangeInvalid</c> or <c>IntervalInvalid</c>: it says no range.</exception>
    public static IEnumerable<Interval> Convert(object? value, bool isTarget = false)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (inner)
        {
            case Interval interval:
                return [interval];
            case IntervalSet set:
                return set;
            case string text:
                return [isTarget ? IntervalText.ParseTarget(text) : IntervalText.Parse(text)];
            case IList list:
                return list.Count == 2 && AddressConverter.TryConvert(list[0], out ulong start) && AddressConverter.TryConvert(list[1], out ulong end)
                    ? [Bounds(start, end)]
                    : list.Cast<object?>().SelectMany(item => Convert(item, isTarget));
            case null:
                throw Invalid("$null");
            default:
                if (AddressConverter.TryConvert(value, out ulong single))
                {
                    return isTarget ? [Interval.FromStartAndSize(single, 1)] : throw Invalid($"0x{single:x}");
                }

                return [Of(value as PSObject ?? PSObject.AsPSObject(value), isTarget)];
        }
    }

    private static Interval Of(PSObject item, bool isTarget)
    {
        var properties = IntervalProperties.Read(item, needsSize: !isTarget);
        return isTarget && properties is { Size: null, End: null } ? Interval.FromStartAndSize(properties.Start, 1)
            : properties.Size is { } size
            ? Interval.FromStartAndSize(properties.Start, size)
            : Interval.FromBounds(properties.Start, properties.End!.Value);
    }

    private static Interval Bounds(ulong start, ulong end) =>
        end > start ? Interval.FromBounds(start, end) : throw Invalid($"0x{start:x}, 0x{end:x}");

    private static ElfMmuException Invalid(string text) => new(
        "RangeInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' isn't a range of addresses. Write '0x1000-0x3000' or '0x1000+0x2000', two numbers, or give objects with VirtualAddress "
        + "and Size.");
}
