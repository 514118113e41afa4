using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Lets a parameter of <see cref="AddressArgument"/> take every way of typing an address, and objects with a VirtualAddress, a
/// PhysicalAddress or both.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? inner = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (inner is not IList list || FromObject(inputData) != null)
        {
            return inputData == null ? null : (AddressArgument[])[Convert(inputData)];
        }

        var addresses = new AddressArgument[list.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = Convert(list[i]);
        }

        return addresses;
    }

    private static AddressArgument Convert(object? value) =>
        (value as PSObject)?.BaseObject as AddressArgument ?? value as AddressArgument ?? FromObject(value)
        ?? (AddressConverter.TryConvert(value, out ulong address)
            ? new AddressArgument(address)
            : throw new ArgumentTransformationMetadataException(
                $"'{value}' isn't an address: a whole number from 0 to 0xffffffffffffffff, or an object with a VirtualAddress or a "
                + "PhysicalAddress. Write 0xffff888000000000, 0xffff888000000000ul or '0xffff8880_00000000'."));

    private static AddressArgument? FromObject(object? value)
    {
        if (value is null or string or ValueType)
        {
            return null;
        }

        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value).Properties;
        (ulong? virtualAddress, ulong? physicalAddress) = (Of("VirtualAddress"), Of("PhysicalAddress"));
        return virtualAddress == null && physicalAddress == null ? null : new AddressArgument(virtualAddress, physicalAddress);

        ulong? Of(string name) => AddressConverter.TryConvert(properties[name]?.Value, out ulong address) ? address : null;
    }
}
