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
    /// Null, a Boolean, text, a number, a <see cref="Hex"/>, a <see cref="Size"/>, another report, or a list of any of these.
    /// </param>
    /// <param name="text">The value for people; null to write the value itself.</param>
    public Report Add(string name, string? label, object? value, string? text = null)
    {
        _fields.Add(new ReportField(name, label, value, text));
        return this;
    }

    /// <summary>Adds a fact whose name the user chose, and which no format changes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, as <see cref="Add"/> takes it.</param>
    public Report AddOwn(string name, object? value)
    {
        _fields.Add(new ReportField(name, null, value, null) { IsOwnName = true });
        return this;
    }
}

/// <summary>One fact; see <see cref="Report.Add"/>.</summary>
internal sealed record ReportField(string Name, string? Label, object? Value, string? Text)
{
    /// <summary>The value as text.</summary>
    public string Display => Text ?? Plain;

    /// <summary>Whether the user chose the name, so that it is the same in every format.</summary>
    public bool IsOwnName { get; init; }

    /// <summary>The value as text, without regard to what is shown to people.</summary>
    public string Plain => Write(Value);

    private static string Write(object? value) => value switch
    {
        null => "",
        bool yes => yes ? "true" : "false",
        string text => text,
        IEnumerable items => string.Join("; ", items.Cast<object?>().Select(Write)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
