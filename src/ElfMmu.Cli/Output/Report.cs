using System.Collections;
using System.Globalization;

namespace ElfMmu.Cli.Output;

/// <summary>
/// Facts about one thing, in order. A command says once what they are called and what they are; the formats write them each in
/// its way.
/// </summary>
internal sealed class Report
{
    private readonly List<ReportField> _fields = [];

    /// <summary>What it is about, as the first line of the table form.</summary>
    public string? Title { get; init; }

    /// <summary>The facts.</summary>
    public IReadOnlyList<ReportField> Fields => _fields;

    /// <summary>Adds a fact.</summary>
    /// <param name="name">Its name in JSON and CSV.</param>
    /// <param name="label">Its label for people; null where people needn't see it.</param>
    /// <param name="value">
    /// Null, a Boolean, text, a number, a <see cref="Hex"/>, another report, or a list of any of these.
    /// </param>
    /// <param name="text">The value for people; null to write the value itself.</param>
    public Report Add(string name, string? label, object? value, string? text = null)
    {
        _fields.Add(new ReportField(name, label, value, text));
        return this;
    }
}

/// <summary>One fact; see <see cref="Report.Add"/>.</summary>
internal sealed record ReportField(string Name, string? Label, object? Value, string? Text)
{
    /// <summary>The value as text.</summary>
    public string Display => Text ?? Plain;

    /// <summary>The value as text, without regard to what is shown to people.</summary>
    public string Plain => Value switch
    {
        null => "",
        bool yes => yes ? "true" : "false",
        string text => text,
        IEnumerable items => string.Join("; ", items.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Value.ToString() ?? "",
    };
}
