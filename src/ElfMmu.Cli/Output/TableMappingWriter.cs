using System.Text;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Output;

/// <summary>
/// Writes mappings as an aligned table. The widths come from the mode and not from the rows, so that a row can be written as
/// soon as it is found.
/// </summary>
internal sealed class TableMappingWriter(Utf8Output output) : MappingWriter
{
    private const int Gap = 2;

    private Column[] _columns = [];
    private bool _begun;

    private delegate void Cell(ref Utf8Row row, in Mapping mapping);

    /// <inheritdoc/>
    public override void Begin(string path, AddressSpace space)
    {
        PagingMode mode = space.Identity.Mode;
        int virtualDigits = mode.WordSize / 4;
        int physicalDigits = (mode.PhysicalAddressBits + 3) / 4;
        _columns =
        [
            new("VirtualAddress", virtualDigits + 2, false, (ref row, in m) => row.AddHex(m.VirtualAddress, virtualDigits)),
            new("Size", 9, true, (ref row, in m) => ByteSizeRow.AddExact(ref row, m.Size)),
            new("PhysicalAddress", physicalDigits + 2, false, (ref row, in m) => row.AddHex(m.PhysicalAddress, physicalDigits)),
            new("PageSize", 8, true, (ref row, in m) => ByteSizeRow.AddExact(ref row, m.Attributes.PageSize)),
            new("Supervisor", 3, false, (ref row, in m) => row.Add(Utf8Names.Of(m.Attributes.Supervisor))),
            new("User", 3, false, (ref row, in m) => row.Add(Utf8Names.Of(m.Attributes.User))),
            new("Kind", 0, false, (ref row, in m) => row.Add(Utf8Names.Of(m.Kind))),
        ];
        if (_begun)
        {
            output.Write("\n"u8);
        }

        _begun = true;
        output.Write(DisplayText.Clean($"{path}: {space.Origin}") + "\n");
        WriteHeadings();
    }

    /// <inheritdoc/>
    public override void Write(in Mapping mapping)
    {
        var row = new Utf8Row(output.GetSpan(RowSize));
        int start = 0;
        foreach (Column column in _columns)
        {
            row.PadTo(start);
            column.Cell(ref row, mapping);
            if (column.Right)
            {
                row.AlignRight(start, column.Width);
            }

            start += column.Width + Gap;
        }

        row.Add((byte)'\n');
        output.Advance(row.Length);
    }

    private void WriteHeadings()
    {
        var row = new Utf8Row(output.GetSpan(RowSize));
        int start = 0;
        foreach (Column column in _columns)
        {
            row.PadTo(start);
            row.Add(Encoding.ASCII.GetBytes(column.Heading));
            if (column.Right)
            {
                row.AlignRight(start, column.Width);
            }

            start += column.Width + Gap;
        }

        row.Add((byte)'\n');
        output.Advance(row.Length);
    }

    private sealed record Column(string Heading, int LeastWidth, bool Right, Cell Cell)
    {
        public int Width { get; } = Math.Max(Heading.Length, LeastWidth);
    }
}
