namespace ElfMmu.Cli.Output;

/// <summary>Writes reports as comma-separated values, one a line; all of them must have the same facts, and only flat ones are written.</summary>
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
            WriteLine(Flat(report).Select(f => f.IsOwnName ? f.Name : char.ToUpperInvariant(f.Name[0]) + f.Name[1..]));
        }

        WriteLine(Flat(report).Select(f => f.Plain));
    }

    /// <summary>A value as it stands in a row.</summary>
    public static string Quote(string value) =>
        value.AsSpan().ContainsAny("\",\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    private static IEnumerable<ReportField> Flat(Report report) =>
        report.Fields.Where(f => f.Value is not (Report or IReadOnlyList<Report>));

    private void WriteLine(IEnumerable<string> values) => output.Write(string.Join(',', values.Select(Quote)) + "\n");
}
