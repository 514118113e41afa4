using System.Collections;

namespace ElfMmu.Cli.Output;

/// <summary>
/// What is said of each thing of one kind, in order: described once for every format, by the names of the cmdlets' properties.
/// </summary>
/// <typeparam name="T">The kind of thing.</typeparam>
internal sealed class Columns<T> : IEnumerable<string>
{
    private readonly List<Column> _columns = [];

    /// <summary>Adds a fact.</summary>
    /// <param name="name">The name of the cmdlet's property.</param>
    /// <param name="label">The heading for people; null where people needn't see it.</param>
    /// <param name="value">The value, as <see cref="Report.Add"/> takes it.</param>
    /// <param name="text">The value for people, if it is another.</param>
    public void Add(string name, string? label, Func<T, object?> value, Func<T, string>? text = null) =>
        _columns.Add(new Column(name, label, value, text, IsNested: false));

    /// <summary>Adds what has facts of its own, which only JSON can hold.</summary>
    public void Add(string name, Func<T, object> value) => _columns.Add(new Column(name, null, value, null, IsNested: true));

    /// <summary>The names of those that are flat, which is the first line of CSV.</summary>
    public IEnumerator<string> GetEnumerator() => _columns.Where(c => !c.IsNested).Select(c => c.Name).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds the facts about one thing to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="item">The thing.</param>
    /// <param name="format">What is written: tables leave out what people needn't see, which saves finding it out, and CSV what is nested.</param>
    public Report AddTo(Report report, T item, OutputFormat format = OutputFormat.Json)
    {
        foreach (Column column in _columns)
        {
            if (column.IsIn(format))
            {
                report.Add(column.JsonName, column.Label, column.Value(item), column.Text?.Invoke(item));
            }
        }

        return report;
    }

    private sealed record Column(string Name, string? Label, Func<T, object?> Value, Func<T, string>? Text, bool IsNested)
    {
        public string JsonName { get; } = char.ToLowerInvariant(Name[0]) + Name[1..];

        public bool IsIn(OutputFormat format) => format switch
        {
            OutputFormat.Json => true,
            OutputFormat.Csv => !IsNested,
            _ => Label != null,
        };
    }
}
