using System.IO.Enumeration;

namespace ElfMmu.Cli.Commands;

/// <summary>Filters of what is in ELF files: names with * and ?, and types by number or by name.</summary>
internal static class ElfWords
{
    /// <summary>Whether a name is one of those; null if none was given.</summary>
    public static Func<string, bool>? Names(string[]? patterns) => patterns is { Length: > 0 }
        ? name => Array.Exists(patterns, p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false))
        : null;

    /// <summary>Whether a number or its canonical name is one of those; null if none was given.</summary>
    public static Func<uint, string, bool>? Types(string[]? words, string prefix) => words is { Length: > 0 }
        ? (value, name) => Array.Exists(words, w => AddressText.TryParse(w, out ulong number)
            ? number == value
            : FileSystemName.MatchesSimpleExpression(w.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? w : prefix + w, name))
        : null;
}
