namespace ElfMmu.Cli.Output;

/// <summary>Writes reports for people: a line a fact, and lists below their fact.</summary>
internal sealed class TableReportWriter(Utf8Output output) : ReportWriter
{
    private const int Indent = 2;
    private const int LineWidth = 100;

    private bool _begun;

    /// <inheritdoc/>
    public override void Write(Report report)
    {
        if (_begun)
        {
            output.Write("\n"u8);
        }

        _begun = true;
        if (report.Title != null)
        {
            WriteLine(0, report.Title);
        }

        ReportField[] fields = [.. report.Fields.Where(f => f.Label != null)];
        int width = fields.Max(f => f.Label!.Length) + 3;
        foreach (ReportField field in fields)
        {
            WriteLine(Indent, (field.Label + ":").PadRight(width) + field.Display);
            if (field.Value is IReadOnlyList<Report> items)
            {
                WriteItems(items);
            }
        }
    }

    /// <summary>An item is a line of its facts; facts that are reports themselves follow below it.</summary>
    private void WriteItems(IReadOnlyList<Report> items)
    {
        string[][] cells = [.. items.Select(item => item.Fields
            .Where(f => f is { Label: not null, Value: not Report }).Select(f => f.Display).ToArray())];
        int[] widths = [.. Enumerable.Range(0, cells.Max(c => (int?)c.Length) ?? 0)
            .Select(i => cells.Max(c => i < c.Length ? c[i].Length : 0))];
        for (int i = 0; i < items.Count; i++)
        {
            WriteLine(2 * Indent, string.Join("  ", cells[i].Select((cell, column) => cell.PadRight(widths[column]))));
            foreach (ReportField field in items[i].Fields)
            {
                if (field is { Label: not null, Value: Report inner })
                {
                    WriteFlow(3 * Indent, inner);
                }
            }
        }
    }

    /// <summary>Many small facts, as many on a line as fit.</summary>
    private void WriteFlow(int indent, Report report)
    {
        string[] facts = [.. report.Fields.Select(f => $"{f.Label} {f.Display}")];
        if (facts.Length == 0)
        {
            return;
        }

        int width = facts.Max(f => f.Length) + 2;
        foreach (string[] line in facts.Chunk(Math.Max(1, (LineWidth - indent) / width)))
        {
            WriteLine(indent, string.Concat(line.Select(f => f.PadRight(width))));
        }
    }

    private void WriteLine(int indent, string text) =>
        output.Write(new string(' ', indent) + DisplayText.Clean(text).TrimEnd() + "\n");
}
