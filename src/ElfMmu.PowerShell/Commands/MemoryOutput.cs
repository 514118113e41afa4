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
        result.Properties.Add(new PSNoteProperty(MemoryViews.Absent, block.Absent));
        return WithPlace(result);
    }

    /// <summary>A value with its address.</summary>
    public PSObject Value(ulong address, MemoryValueCodec codec, object value)
    {
        PSObject result = New(new PSObject(), MemoryViews.ValueType, address);
        result.Properties.Add(new PSNoteProperty("Type", codec.Type.Name));
        result.Properties.Add(new PSNoteProperty(MemoryViews.Value, value));
        return WithPlace(result);
    }

    /// <summary>Text with its address.</summary>
    public PSObject Text(MemoryText text)
    {
        PSObject result = New(new PSObject(), MemoryViews.ValueType, text.Address);
        result.Properties.Add(new PSNoteProperty(MemoryViews.Value, text.Text));
        result.Properties.Add(new PSNoteProperty("Length", text.Size));
        result.Properties.Add(new PSNoteProperty("End", text.End));
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
        result.Members.Add(_shown);
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
            string name = value.Shape.Fields[i].Name;
            if (result.Properties[name] != null || MemoryViews.IsPlace(name))
            {
                throw new ElfMmuException(
                    "LayoutInvalid",
                    ErrorKind.InvalidArgument,
                    $"A field can't be named '{name}', for every structure has a property of that name. Give it another one.");
            }

            result.Properties.Add(new PSNoteProperty(name, value.Values[i] switch
            {
                StructValue inner => Nested(inner),
                StructValue[] several => Array.ConvertAll(several, Nested),
                var other => other,
            }));
        }
    }

    private PSObject New(object value, string typeName, ulong address)
    {
        PSObject result = PSObject.AsPSObject(value);
        result.TypeNames.Insert(0, typeName);
        result.Properties.Add(new PSNoteProperty(AddressName, address));
        return result;
    }

    private PSObject WithPlace(PSObject result)
    {
        if (reader.Space is { } space)
        {
            result.Properties.Add(new PSNoteProperty(MemoryViews.Space, space));
        }

        result.Properties.Add(new PSNoteProperty(MemoryViews.Dump, reader.Dump.Identity));
        return result;
    }
}
