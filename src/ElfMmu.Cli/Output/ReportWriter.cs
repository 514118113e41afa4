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

    /// <summary>Writes one report.</summary>
    public abstract void Write(Report report);

    /// <summary>Ends the whole output.</summary>
    public virtual void End()
    {
    }
}
