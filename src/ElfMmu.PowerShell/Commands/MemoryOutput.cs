using System.Management.Automation;
using ElfMmu.Reading;

namespace ElfMmu.PowerShell.Commands;

/// <summary>
/// Makes objects of what was read. Each knows its address and its space or dump, so that it leads back there in a pipeline.
/// </summary>
/// <param name="reader">What read.</param>
internal sealed class MemoryOutput(MemoryReader reader)
{
    private PSMemberSet? _shown;

    private string AddressName => reader.IsPhysical ? MemoryViews.PhysicalAddress : MemoryViews.VirtualAddress;

    /// <summary>An array of bytes.</summary>
    public PSObject Bytes(MemoryBlock block)
    {
        PSObject result = New(block.Bytes, MemoryViews.BytesType, block.Address);
        if (reader.PageOf(block.Address, (ulong)block.Bytes.Length) is { } physical)
        {
            Add(result, MemoryViews.PhysicalAddress, physical);
        }

        Add(result, MemoryViews.Absent, block.Absent);
        return WithPlace(result);
    }

    /// <summary>A value with its address.</summary>
    public PSObject Value(ulong address, MemoryValueCodec codec, object value)
    {
        PSObject result = NewValue(address);
        Add(result, "Type", codec.Type.Name);
        Add(result, MemoryViews.Value, value);
        return WithPlace(result);
    }

    /// <summary>Text with its address.</summary>
    public PSObject Text(MemoryText text)
    {
        PSObject result = NewValue(text.Address);
        Add(result, MemoryViews.Value, text.Text);
        Add(result, "Length", text.Size);
        Add(result, "End", text.End);
        return WithPlace(result);
    }

    /// <summary>A structure: its address, and its fields as properties in their order.</summary>
    public PSObject Structure(ulong address, StructValue value)
    {
        PSObject result = New(new PSObject(), MemoryViews.StructType, address);
        Add(result, value);

        // The place is for what comes behind in the pipeline; a table of structures has its columns for their fields.
        _shown ??= new PSMemberSet("PSStandardMembers",
            [new PSPropertySet("DefaultDisplayPropertySet", [AddressName, .. value.Shape.Fields.Select(f => f.Name)])]);
        result.Members.Add(_shown, preValidated: true);
        return WithPlace(result);
    }

    private static PSObject Nested(StructValue value)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, MemoryViews.StructType);
        Add(result, value);
        return result;
    }

    private static void Add(PSObject result, StructValue value)
    {
        for (int i = 0; i < value.Values.Count; i++)
        {
            Add(result, value.Shape.Fields[i].Name, value.Values[i] switch
            {
                StructValue inner => Nested(inner),
                StructValue[] several => Array.ConvertAll(several, Nested),
                var other => other,
            });
        }
    }

    /// <summary>Adds a property; that there is none of its name is known, and asking would cost more than all the rest.</summary>
    private static void Add(PSObject result, string name, object? value) =>
        result.Properties.Add(new PSNoteProperty(name, value), preValidated: true);

    private PSObject New(object value, string typeName, ulong address)
    {
        PSObject result = PSObject.AsPSObject(value);
        result.TypeNames.Insert(0, typeName);
        Add(result, AddressName, address);
        return result;
    }

    /// <summary>A value of its own type where its address is physical, for the column is named as the property is.</summary>
    private PSObject NewValue(ulong address)
    {
        PSObject result = New(new PSObject(), MemoryViews.ValueType, address);
        if (reader.IsPhysical)
        {
            result.TypeNames.Insert(0, MemoryViews.PhysicalValueType);
        }

        return result;
    }

    private PSObject WithPlace(PSObject result)
    {
        Add(result, MemoryViews.Space, reader.Space);
        Add(result, MemoryViews.Dump, reader.Dump.Identity);
        return result;
    }
}
