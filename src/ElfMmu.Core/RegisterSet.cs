using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ElfMmu;

/// <summary>The values of a processor's registers by name, without regard to case; it never changes.</summary>
public sealed class RegisterSet : IReadOnlyDictionary<string, ulong>, IEquatable<RegisterSet>
{
    private readonly Dictionary<string, ulong> _values;

    /// <summary>Makes a set; of a name that comes twice, the later value counts.</summary>
    public RegisterSet(IEnumerable<KeyValuePair<string, ulong>> values)
    {
        _values = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, ulong value) in values)
        {
            _values[name] = value;
        }
    }

    /// <summary>No register at all.</summary>
    public static RegisterSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<ulong> Values => _values.Values;

    /// <summary>A register's value, or null when it isn't known.</summary>
    public ulong? this[string name] => _values.TryGetValue(name, out ulong value) ? value : null;

    /// <inheritdoc/>
    ulong IReadOnlyDictionary<string, ulong>.this[string key] => _values[key];

    /// <summary>This set with one register more, or with another value for it.</summary>
    public RegisterSet With(string name, ulong value) => With([KeyValuePair.Create(name, value)]);

    /// <summary>This set with what another one adds; the other one's values win.</summary>
    public RegisterSet With(IEnumerable<KeyValuePair<string, ulong>> others) => new(_values.Concat(others));

    /// <summary>Whether another set has the same registers with the same values.</summary>
    public bool Equals(RegisterSet? other) => ReferenceEquals(this, other)
        || (other != null && other.Count == Count && _values.All(r => other[r.Key] == r.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RegisterSet);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _values.Aggregate(Count, (code, r) => code ^ HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(r.Key), r.Value));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ulong value) => _values.TryGetValue(key, out value);

    /// <summary>Names and values.</summary>
    public override string ToString() => string.Join(", ", _values.Select(r => $"{r.Key} 0x{r.Value:x}"));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ulong>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
