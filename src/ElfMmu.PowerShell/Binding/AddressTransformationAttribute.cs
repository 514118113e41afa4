using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Lets a parameter of unsigned 64-bit addresses take every way of typing one. See <see cref="AddressConverter"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>
    /// Whether what is no address is left to PowerShell's own conversion. A parameter that takes addresses from the pipeline beside another one
    /// is offered every object, and must be able to pass.
    /// </summary>
    public bool LeavesOthers { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return null;
        }

        try
        {
            return Transform(inputData);
        }
        catch (ArgumentTransformationMetadataException) when (LeavesOthers)
        {
            return inputData;
        }
    }

    private static object Transform(object inputData)
    {
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
