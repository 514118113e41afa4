using System.Globalization;

namespace ElfMmu.Companions;

/// <summary>
/// What was odd in a source: one warning for each kind of trouble, with the first place and a count, whatever the number of lines.
/// </summary>
public sealed class SourceNotes
{
    private readonly OrderedDictionary<(string Source, string What), (int Line, string Text, int Count)> _notes = [];
    private readonly List<string> _plain = [];

    /// <summary>The warnings, a sentence each, in the order in which they came up.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _notes.Select(n => Sentence(n.Key.Source, n.Key.What, n.Value)),
        .. _plain,
    ];

    /// <summary>Notes something about a whole source.</summary>
    /// <param name="warning">A sentence.</param>
    public void Add(string warning) => _plain.Add(warning);

    /// <summary>Notes a line that couldn't be used as it is.</summary>
    /// <param name="source">What the source is called.</param>
    /// <param name="line">The line in it, from 1; 0 for something without lines.</param>
    /// <param name="what">What is wrong and what was done about it; the same words for every line of the kind.</param>
    /// <param name="text">What stands there.</param>
    public void Add(string source, int line, string what, string text)
    {
        (string, string) key = (source, what);
        _notes[key] = _notes.TryGetValue(key, out (int Line, string Text, int Count) had) ? had with { Count = had.Count + 1 } : (line, text, 1);
    }

    private static string Sentence(string source, string what, (int Line, string Text, int Count) note)
    {
        const int MostShown = 80;
        string text = note.Text.Length > MostShown ? note.Text[..MostShown] + "..." : note.Text;
        string where = note.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{source}, line {note.Line}") : source;
        string more = note.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({note.Count} of them, this is the first)") : "";
        return $"{where}: '{text.Trim()}' {what}{more}.";
    }
}
