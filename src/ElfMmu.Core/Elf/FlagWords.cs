using System.Globalization;
using System.Numerics;

namespace ElfMmu.Elf;

/// <summary>Collects the words for e_flags, and remembers which bits nobody spoke for.</summary>
internal sealed class FlagWords(uint flags)
{
    private readonly List<string> _words = [];
    private uint _known;

    /// <summary>The flags themselves.</summary>
    public uint Flags => flags;

    /// <summary>Adds a word if a bit is set.</summary>
    public FlagWords Bit(uint mask, string word)
    {
        _known |= mask;
        if ((flags & mask) != 0)
        {
            _words.Add(word);
        }

        return this;
    }

    /// <summary>Adds the word for a field's value; an empty word says nothing, past the table stands the fallback.</summary>
    public FlagWords Field(uint mask, int shift, ReadOnlySpan<string> table, string fallback = "")
    {
        var value = (flags & mask) >> shift;
        return Add(mask, value < (uint)table.Length ? table[(int)value] : fallback);
    }

    /// <summary>Adds the word for a field's value, looked up with a function.</summary>
    public FlagWords Field(uint mask, int shift, Func<uint, string> lookup) => Add(mask, lookup((flags & mask) >> shift));

    /// <summary>The words, and last the bits without one.</summary>
    public IReadOnlyList<string> Finish()
    {
        var rest = flags & ~_known;
        if (rest != 0)
        {
            var noun = BitOperations.PopCount(rest) == 1 ? "unknown flag 0x" : "unknown flags 0x";
            _words.Add(noun + rest.ToString("x", CultureInfo.InvariantCulture));
        }

        return _words.AsReadOnly();
    }

    private FlagWords Add(uint mask, string word)
    {
        _known |= mask;
        if (word.Length > 0)
        {
            _words.Add(word);
        }

        return this;
    }
}
