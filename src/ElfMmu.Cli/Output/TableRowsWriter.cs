using System.Text;

namespace ElfMmu.Cli.Output;

/// <summary>
/// Writes reports of one kind for people: a line each, in columns under one heading, and a heading of its own for every title. Numbers
/// are aligned right. It keeps the rows until their title ends, for the widths come from them.
/// </summary>
internal sealed class TableRowsWriter(Utf8Output output) : ReportWriter
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];
    private string? _title;
    private string[] _headings = [];
    private bool[] _right = [];
    private int[] _widths = [];
    private bool _begun;

    /// <inheritdoc/>
    public override void Write(Report report)
    {
        if (report.Title != _title)
        {
            Flush();
            _title = report.Title;
        }

        if (_rows.Count == 0)
        {
            _headings = [.. report.Fields.Select(f => f.Label).OfType<string>()];
            _widths = [.. _headings.Select(h => h.Length)];
            _right = new bool[_headings.Length];
        }

        string[] row = new string[_headings.Length];
        int i = 0;
        foreach (ReportField field in report.Fields)
        {
            if (field.Label != null)
            {
                row[i] = field.Display;
                _widths[i] = Math.Max(_widths[i], row[i].Length);
                _right[i++] |= field.Value is Hex or Size or ulong or long or double;
            }
        }

        _rows.Add(row);
    }

    /// <inheritdoc/>
    public override void End() => Flush();

    private void Flush()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        if (_begun)
        {
            output.Write("\n"u8);
        }

        _begun = true;
        if (_title != null)
        {
            output.Write(DisplayText.Clean(_title) + "\n");
        }

        var line = new StringBuilder();
        WriteLine(line, _headings);
        foreach (string[] row in _rows)
        {
            WriteLine(line, row);
        }

        _rows.Clear();
    }

    private void WriteLine(StringBuilder line, string[] row)
    {
        line.Clear();
        for (int i = 0; i < row.Length; i++)
        {
            // The last one may be text of any length, and nothing stands behind it.
            int padding = _widths[i] - row[i].Length;
            line.Append(i == 0 ? "" : Gap).Append(' ', _right[i] ? padding : 0).Append(row[i]);
            line.Append(' ', _right[i] || i == row.Length - 1 ? 0 : padding);
        }

        output.Write(DisplayText.Clean(line.ToString()).TrimEnd() + "\n");
    }
}
