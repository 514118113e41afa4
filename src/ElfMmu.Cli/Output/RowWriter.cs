namespace ElfMmu.Cli.Output;

/// <summary>Writes things of one kind as they are found, a row each.</summary>
/// <typeparam name="T">The kind of thing.</typeparam>
internal sealed class RowWriter<T>
{
    private readonly Columns<T> _columns;
    private readonly bool _severalDumps;
    private readonly string _source;
    private readonly OutputFormat _format;
    private readonly ReportWriter _rows;

    /// <summary>Makes the writer.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="columns">What is said of each thing.</param>
    /// <param name="severalDumps">Whether things of several dumps will come, so that programs are told which they are of.</param>
    /// <param name="source">What programs are told it by.</param>
    public RowWriter(OutputFormat format, Utf8Output output, Columns<T> columns, bool severalDumps = false, string source = "Dump")
    {
        _columns = columns;
        _severalDumps = severalDumps;
        _source = char.ToLowerInvariant(source[0]) + source[1..];
        _format = format;
        _rows = format switch
        {
            OutputFormat.Csv => new CsvReportWriter(output, heading: false),
            OutputFormat.Json => new JsonReportWriter(output, list: true),
            _ => new TableRowsWriter(output),
        };
        if (format == OutputFormat.Csv)
        {
            // The heading stands there even if nothing is found.
            output.Write(string.Join(',', severalDumps ? columns.Prepend(source) : columns) + "\n");
        }
    }

    /// <summary>How many rows were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one thing.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="title">The line over the rows it stands among, for people.</param>
    /// <param name="item">The thing.</param>
    public void Write(string path, string? title, T item)
    {
        Count++;
        var report = new Report { Title = title };
        _rows.Write(_columns.AddTo(_severalDumps ? report.Add(_source, null, path) : report, item, _format));
    }

    /// <summary>Ends the whole output.</summary>
    public void End() => _rows.End();
}
