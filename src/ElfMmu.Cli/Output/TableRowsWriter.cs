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
    private bool _begun;

    /// <inheritdoc/>
    public override void Write(Report report)
    {
        ReportField[] fields = [.. report.Fields.Where(f => f.Label != null)];
        if (report.Title != _title)
        {
            Flush();
            _title = report.Title;
        }

        if (_rows.Count == 0)
        {
            _headings = [.. fields.Select(f => f.Label!)];
            _right = new bool[fields.Length];
        }

        for (int i = 0; i < fields.Length; i++)
        {
            _right[i] |= fields[i].Value is Hex or Size or ulong or long or double;
        }

        _rows.Add([.. fields.Select(f => f.Display)]);
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

        int[] widths = [.. _headings.Select((h, i) => Math.Max(h.Length, _rows.Max(r => r[i].Length)))];
        foreach (string[] row in _rows.Prepend(_headings))
        {
            // The last one is text of any length, and nothing stands behind it.
            IEnumerable<string> cells = row.Select((cell, i) =>
                _right[i] ? cell.PadLeft(widths[i]) : i == row.Length - 1 ? cell : cell.PadRight(widths[i]));
            output.Write(DisplayText.Clean(string.Join(Gap, cells)).TrimEnd() + "\n");
        }

        _rows.Clear();
    }
}
