using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Lets a parameter of unsigned 64-bit addresses take every way of typing one. See <see cref="AddressConverter"/>.</summary>
/// <param name="properties">
/// The properties of objects in a pipeline that an address is taken from, the first one they have. Naming them as aliases isn't enough
/// for a parameter that takes addresses from the pipeline by value too: PowerShell asks this attribute before it looks at properties.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    private readonly string[] _properties = properties;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return null;
        }

        inputData = Property(inputData) ?? inputData;
        object inner = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (inner is IList list)
        {
            ulong[] addresses = new ulong[list.Count];
            for (int i = 0; i < addresses.Length; i++)
            {
                addresses[i] = Convert(list[i]);
            }

            return addresses;
        }

        return Convert(inputData);
    }

    private object? Property(object inputData) => _properties.Length == 0 || inputData is not PSObject item
        ? null
        : _properties.Select(name => item.Properties[name]?.Value).FirstOrDefault(value => value != null);

    private static ulong Convert(object? value) => AddressConverter.TryConvert(value, out ulong address)
        ? address
        : throw new ArgumentTransformationMetadataException(
            $"'{value}' isn't an address or size: a whole number from 0 to 0xffffffffffffffff. Write 0xffff888000000000, "
            + "0xffff888000000000ul, '0xffff8880_00000000', 4096 or 4kb.");
}
