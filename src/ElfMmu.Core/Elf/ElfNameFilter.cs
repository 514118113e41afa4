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
        IReadOnlyCollection<string>? words, string prefix, Func<string, Func<string, bool>>? pattern = null) =>
        Match(words, pattern, name => name.StartsWith(prefix, StringComparison.Ordinal) ? [name, name[prefix.Length..]] : [name]);

    /// <summary>The same for types of relocations, whose prefix names the machine too: R_X86_64_JUMP_SLOT, X86_64_JUMP_SLOT, JUMP_SLOT.</summary>
    /// <param name="words">The types wanted.</param>
    /// <param name="pattern">Makes the test of one pattern; null for <c>*</c> and <c>?</c>.</param>
    /// <returns>What <see cref="Types"/> returns.</returns>
    public static Func<uint, string, bool>? RelocationTypes(
        IReadOnlyCollection<string>? words, Func<string, Func<string, bool>>? pattern = null) => Match(words, pattern, NamesOfRelocation);

    private static Func<uint, string, bool>? Match(
        IReadOnlyCollection<string>? words, Func<string, Func<string, bool>>? pattern, Func<string, IReadOnlyList<string>> namesOf)
    {
        if (words is not { Count: > 0 })
        {
            return null;
        }

        pattern ??= text => name => FileSystemName.MatchesSimpleExpression(text, name);
        HashSet<ulong> numbers = [];
        List<Func<string, bool>> tests = [];
        foreach (string word in words)
        {
            if (AddressText.TryParse(word, out ulong number))
            {
                numbers.Add(number);
            }
            else
            {
                tests.Add(pattern(word));
            }
        }

        // There are few names, and they come again and again.
        const int MostKnown = 4096;
        Dictionary<string, bool> known = [];
        return (value, name) => numbers.Contains(value) || (known.TryGetValue(name, out bool isWanted) ? isWanted : Ask(name));

        bool Ask(string name)
        {
            bool isWanted = namesOf(name).Any(n => tests.Exists(t => t(n)));
            return known.Count < MostKnown ? known[name] = isWanted : isWanted;
        }
    }

    // A machine's name may have signs _ within, and so may what follows: what is behind each of the first three is taken for a name.
    private static List<string> NamesOfRelocation(string name)
    {
        List<string> names = [name];
        for (int at = name.IndexOf('_'); at >= 0 && names.Count < 4; at = name.IndexOf('_', at + 1))
        {
            names.Add(name[(at + 1)..]);
        }

        return names;
    }
}
