using System.Text;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Output;

/// <summary>Writes mappings as comma-separated values.</summary>
internal sealed class CsvMappingWriter(Utf8Output output, bool several) : MappingWriter
{
    private bool _begun;
    private ulong _root;
    private byte[] _dump = [];

    /// <inheritdoc/>
    public override void Begin(string path, AddressSpace space)
    {
        _root = space.Identity.Root;
        _dump = several ? Encoding.UTF8.GetBytes(CsvReportWriter.Quote(path) + ",") : [];
        if (!_begun)
        {
            _begun = true;
            output.Write(several ? "Dump,"u8 : ""u8);
            output.Write("VirtualAddress,Size,PhysicalAddress,PageSize,SupervisorRights,UserRights,Kind,Root\n"u8);
        }
    }

    /// <inheritdoc/>
    public override void Write(in Mapping mapping)
    {
        const byte Comma = (byte)',';
        output.Write(_dump);
        var row = new Utf8Row(output.GetSpan(RowSize));
        row.AddHex(mapping.VirtualAddress);
        row.Add(Comma);
        row.AddHex(mapping.Size);
        row.Add(Comma);
        row.AddHex(mapping.PhysicalAddress);
        row.Add(Comma);
        row.AddHex(mapping.Attributes.PageSize);
        row.Add(Comma);
        row.Add(Utf8Names.Of(mapping.Attributes.Supervisor));
        row.Add(Comma);
        row.Add(Utf8Names.Of(mapping.Attributes.User));
        row.Add(Comma);
        row.Add(Utf8Names.Of(mapping.Kind));
        row.Add(Comma);
        row.AddHex(_root);
        row.Add((byte)'\n');
        output.Advance(row.Length);
    }
}
