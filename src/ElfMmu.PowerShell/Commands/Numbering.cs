namespace ElfMmu.PowerShell.Commands;

/// <summary>Gives equal values the same number, counted from 0, and finds the value of a number again. O(1).</summary>
internal sealed class Numbering<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T> _values = [];

    public T this[int number] => _values[number];

    public int NumberOf(T value)
    {
        // Neighbours in a pipeline mostly agree.
        if (_values.Count > 0 && EqualityComparer<T>.Default.Equals(_values[^1], value))
        {
            return _values.Count - 1;
        }

        if (!_numbers.TryGetValue(value, out int number))
        {
            number = _values.Count;
            _numbers.Add(value, number);
            _values.Add(value);
        }

        return number;
    }
}
