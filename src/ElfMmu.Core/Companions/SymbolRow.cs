namespace ElfMmu.Companions;

/// <summary>What a row of a table, or an object of a pipeline, says of a symbol: words and numbers that nobody has judged yet.</summary>
public sealed class SymbolRow
{
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes an empty row.</summary>
    /// <param name="source">What the source is called.</param>
    /// <param name="line">The line in it, from 1; 0 where it has none.</param>
    public SymbolRow(string source, int line = 0)
    {
        Source = source;
        Line = line;
    }

    /// <summary>What the source is called.</summary>
    public string Source { get; }

    /// <summary>The line in the source, from 1; 0 where it has none.</summary>
    public int Line { get; }

    /// <summary>Sets a value. Empty text is none.</summary>
    /// <param name="name">A name that <see cref="SymbolColumns.TryFind"/> knows.</param>
    /// <param name="value">A number as <see cref="ulong"/>, or text.</param>
    public void Set(string name, object? value)
    {
        if (value is ulong || (value is string text && text.AsSpan().Trim().Length > 0))
        {
            _values[name] = value;
        }
    }

    /// <summary>Its values in words, for messages.</summary>
    public override string ToString() => string.Join(", ", _values.Select(v => v.Value is ulong n ? $"{v.Key}=0x{n:x}" : $"{v.Key}={v.Value}"));

    /// <summary>The value of a name as words; null if there is none.</summary>
    internal string? Text(string name) => _values.TryGetValue(name, out object? value)
        ? value as string ?? AddressOf((ulong)value)
        : null;

    /// <summary>The first value that a column's names have; null if none has one.</summary>
    internal object? Value(SymbolColumn column)
    {
        foreach (string name in SymbolColumns.NamesOf(column))
        {
            if (_values.TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return null;
    }

    private static string AddressOf(ulong value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
