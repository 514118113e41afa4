using System.Globalization;

namespace ElfMmu.Reading;

/// <summary>Counts what wasn't there while something was read; it takes the same little memory however much that is.</summary>
public sealed class AbsentTally
{
    private AbsentRange _last;

    /// <summary>How many bytes weren't there.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>In how many ranges.</summary>
    public long Ranges { get; private set; }

    /// <summary>The first range; as much of it as was seen at once.</summary>
    public AbsentRange? First { get; private set; }

    /// <summary>Counts a range; they come in ascending order.</summary>
    public void Add(in AbsentRange range)
    {
        if (!_last.IsFollowedBy(range))
        {
            Ranges++;
        }

        First ??= range;
        _last = range;
        Bytes += range.Size;
    }

    /// <summary>What to tell the user about it; null where everything was there.</summary>
    /// <param name="reader">What read.</param>
    /// <param name="handling">What was done about it.</param>
    public string? Describe(MemoryReader reader, AbsentMemory handling)
    {
        if (First is not { } first)
        {
            return null;
        }

        string where = $"{reader.Name(first.Address)} in '{reader.Dump.Identity.Path}'";
        string ranges = Ranges == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" in {Ranges} ranges");
        return handling == AbsentMemory.Fill
            ? string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes{ranges} aren't there and are filled in, from {where} on: {first.Why}.")
            : $"Reading stopped before {where}: {first.Why}.";
    }
}
