using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Lets a parameter of unsigned 64-bit addresses take every way of typing one. See <see cref="AddressConverter"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return null;
        }

        object inner = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (inner is IList list and not byte[])
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

    private static ulong Convert(object? value) => AddressConverter.TryConvert(value, out ulong address)
        ? address
        : throw new ArgumentTransformationMetadataException(
            $"'{value}' isn't an address or size: a whole number from 0 to 0xffffffffffffffff. Write 0xffff888000000000, "
            + "0xffff888000000000ul, '0xffff8880_00000000', 4096 or 4kb.");
}
