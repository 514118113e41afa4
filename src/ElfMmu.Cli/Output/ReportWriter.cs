namespace ElfMmu.Cli.Output;

/// <summary>Writes reports one after the other.</summary>
internal abstract class ReportWriter
{
    /// <summary>Makes the writer for a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="list">Whether any number of reports may come, so that JSON needs an array.</param>
    public static ReportWriter Create(OutputFormat format, Utf8Output output, bool list) => format switch
    {
        OutputFormat.Csv => new CsvReportWriter(output),
        OutputFormat.Json => new JsonReportWriter(output, list),
        _ => new TableReportWriter(output),
    };

    /// <summary>Makes the writer for any number of reports of one kind, none included: the table form has a line for each.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="heading">The first line in CSV, which is there even if no report comes.</param>
    public static ReportWriter CreateRows(OutputFormat format, Utf8Output output, string heading)
    {
        if (format == OutputFormat.Table)
        {
            return new TableRowsWriter(output);
        }

        if (format == OutputFormat.Json)
        {
            return new JsonReportWriter(output, list: true);
        }

        output.Write(heading + "\n");
        return new CsvReportWriter(output, heading: false);
    }

    /// <summary>Writes one report.</summary>
    public abstract void Write(Report report);

    /// <summary>Ends the whole output.</summary>
    public virtual void End()
    {
    }
}
