namespace ElfMmu.Cli.Output;

/// <summary>Writes reports as comma-separated values, one a line; all of them must have the same facts.</summary>
/// <param name="output">Where to.</param>
/// <param name="heading">Whether the first line names the facts.</param>
internal sealed class CsvReportWriter(Utf8Output output, bool heading = true) : ReportWriter
{
    private bool _begun = !heading;

    /// <inheritdoc/>
    public override void Write(Report report)
    {
        if (!_begun)
        {
            _begun = true;
            WriteLine(report.Fields.Select(f => char.ToUpperInvariant(f.Name[0]) + f.Name[1..]));
        }

        WriteLine(report.Fields.Select(f => f.Plain));
    }

    private void WriteLine(IEnumerable<string> values) => output.Write(string.Join(',', values.Select(Quote)) + "\n");

    private static string Quote(string value) =>
        value.AsSpan().ContainsAny("\",\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
