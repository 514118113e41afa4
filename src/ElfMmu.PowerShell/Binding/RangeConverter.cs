using System.Collections;
using System.Management.Automation;
using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Turns what says which addresses are meant into intervals: text (<c>0x1000-0x3000</c>, <c>0x1000+0x2000</c>), two numbers (first address
/// and first address behind), objects with an address and a size or an end, and lists of these.
/// </summary>
internal static class RangeConverter
{
    /// <summary>Converts a value.</summary>
    /// <exception cref="ElfMmuException"><c>RangeInvalid</c> or <c>IntervalInvalid</c>: it says no range.</exception>
    public static IEnumerable<Interval> Convert(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (inner)
        {
            case Interval interval:
                return [interval];
            case IntervalSet set:
                return set;
            case string text:
                return [IntervalText.Parse(text)];
            case IList list:
                return list.Count == 2 && AddressConverter.TryConvert(list[0], out ulong start) && AddressConverter.TryConvert(list[1], out ulong end)
                    ? [Bounds(start, end)]
                    : list.Cast<object?>().SelectMany(Convert);
            case null:
                throw Invalid("$null");
            default:
                if (AddressConverter.TryConvert(value, out _))
                {
                    throw Invalid(value!.ToString()!);
                }

                return [Of(value as PSObject ?? PSObject.AsPSObject(value))];
        }
    }

    private static Interval Of(PSObject item)
    {
        var properties = IntervalProperties.Read(item);
        return properties.Size is { } size
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
