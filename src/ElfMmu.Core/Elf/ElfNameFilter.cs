using System.IO.Enumeration;

namespace ElfMmu.Elf;

/// <summary>Filters of what is in ELF files by names and by types: one rule, whichever command asks.</summary>
public static class ElfNameFilter
{
    /// <summary>A filter of names, in which <c>*</c> stands for any characters and <c>?</c> for one. Case counts, as it does in ELF.</summary>
    /// <param name="patterns">The names wanted.</param>
    /// <returns>Whether a name is one of them, O(patterns); null if none was given, for all names are wanted then.</returns>
    public static Func<string, bool>? Names(IReadOnlyCollection<string>? patterns) => patterns is { Count: > 0 }
        ? name => patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false))
        : null;

    /// <summary>A filter of types: numbers, and canonical names whose prefix may be left out and whose case doesn't count.</summary>
    /// <param name="words">The types wanted, such as 2, 0x6474e551, PT_LOAD, load, GNU_*.</param>
    /// <param name="prefix">The prefix that most names have, such as PT_; a name that hasn't is found by itself.</param>
    /// <param name="pattern">Makes the test of one pattern; null for <c>*</c> and <c>?</c>.</param>
    /// <returns>Whether a number or its name is one of them, O(words); null if none was given, for all types are wanted then.</returns>
    public static Func<uint, string, bool>? Types(
        IReadOnlyCollection<string>? words, string prefix, Func<string, Func<string, bool>>? pattern = null)
    {
        if (words is not { Count: > 0 })
        {
            return null;
        }

        pattern ??= text => name => FileSystemName.MatchesSimpleExpression(text, name);
        HashSet<ulong> numbers = [];
        List<Func<string, bool>> names = [];
        foreach (string word in words)
        {
            if (AddressText.TryParse(word, out ulong number))
            {
                numbers.Add(number);
            }
            else
            {
                names.Add(pattern(word));
                names.Add(pattern(prefix + word));
            }
        }

        return (value, name) => numbers.Contains(value) || names.Exists(n => n(name));
    }
}
