using System.Collections;
using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Lets a parameter of <see cref="AddressArgument"/> take every way of typing an address, and objects with a VirtualAddress, a
/// PhysicalAddress or both. An array of bytes is memory that was read, and never as many addresses.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether there can be no address at all, so that what comes by the pipeline may name a dump.</summary>
    public bool IsOptional { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? inner = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (inner is not IList list || inner is byte[] || FromObject(inputData) != null)
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

    private AddressArgument Convert(object? value) =>
        (value as PSObject)?.BaseObject as AddressArgument ?? value as AddressArgument ?? FromObject(value)
        ?? (AddressConverter.TryConvert(value, out ulong address) ? new AddressArgument(address) : throw Refuse(value));

    private ArgumentTransformationMetadataException Refuse(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        string message = inner is OpenedDump or PageTableRoot or DumpIdentity or FileSystemInfo
            ? $"'{value}' names a dump and isn't an address. Name the address by -Address (… | Resolve-VirtualAddress -Address 0x401000), or "
                + "give the dump in front of it (Resolve-VirtualAddress $dump 0x401000)."
            : $"'{value}' isn't an address: a whole number from 0 to 0xffffffffffffffff, or an object with a VirtualAddress or a "
                + "PhysicalAddress. Write 0xffff888000000000, 0xffff888000000000ul or '0xffff8880_00000000'. A dump goes in front of it, or "
                + "through the pipeline when the address is named by -Address.";

        // PowerShell goes on with the other parameters that take the object when this is inside.
        return IsOptional
            ? new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message))
            : new ArgumentTransformationMetadataException(message);
    }

    private static AddressArgument? FromObject(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (inner is null or string or ValueType)
        {
            return null;
        }

        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value!).Properties;
        (ulong? virtualAddress, ulong? physicalAddress) = (Of("VirtualAddress"), Of("PhysicalAddress"));
        return virtualAddress == null && physicalAddress == null && inner is not byte[]
            ? null
            : new AddressArgument(virtualAddress, physicalAddress)
            {
                Dump = PipelineObject.DumpOf(PSObject.AsPSObject(value!)),
                IsUnmapped = properties["Status"]?.Value is TranslationStatus status && status != TranslationStatus.Mapped,
            };

        ulong? Of(string name) => AddressConverter.TryConvert(properties[name]?.Value, out ulong address) ? address : null;
    }
}
