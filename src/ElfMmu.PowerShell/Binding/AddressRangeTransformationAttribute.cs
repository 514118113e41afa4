using System.Collections;
using System.Management.Automation;
using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Lets a parameter of ranges take the first address and the first one behind (<c>0x1000, 0x2000</c> or <c>'0x1000-0x2000'</c>), or objects
/// with VirtualAddress and Size.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressRangeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? inner = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (inner is IList { Count: 2 } pair
            && AddressConverter.TryConvert(pair[0], out ulong start) && AddressConverter.TryConvert(pair[1], out ulong end))
        {
            return (AddressRange[])[Make(inputData, () => Interval.FromBounds(start, end))];
        }

        return inner is IList list ? list.Cast<object?>().Select(One).ToArray() : (AddressRange[])[One(inputData)];
    }

    private static AddressRange One(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (inner is AddressRange known)
        {
            return known;
        }

        if (inner is string text && text.Split('-') is [var first, var behind]
            && AddressText.TryParse(first, out ulong start) && AddressText.TryParse(behind, out ulong end))
        {
            return Make(value, () => Interval.FromBounds(start, end));
        }

        if (inner is not (null or string or ValueType)
            && PSObject.AsPSObject(value!).Properties is var properties
            && AddressConverter.TryConvert(properties["VirtualAddress"]?.Value, out ulong address)
            && AddressConverter.TryConvert(properties["Size"]?.Value, out ulong size))
        {
            return Make(value, () => Interval.FromStartAndSize(address, size));
        }

        throw Invalid(value, "it has no VirtualAddress and Size");
    }

    private static AddressRange Make(object? value, Func<Interval> make)
    {
        try
        {
            return new AddressRange(make());
        }
        catch (ElfMmuException e)
        {
            throw Invalid(value, e.Message);
        }
    }

    private static ArgumentTransformationMetadataException Invalid(object? value, string why) => new(
        $"'{value}' isn't a range of addresses: {why}. Give the first address and the first one behind it (0x1000, 0x2000 or "
        + "'0x1000-0x2000'), or an object with VirtualAddress and Size.");
}
