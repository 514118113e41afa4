using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ElfMmu.Companions;

/// <summary>Single lines of System.map, kallsyms and nm.</summary>
internal static class SymbolLines
{
    /// <summary>
    /// Reads <c>ADDRESS [SIZE] LETTER NAME</c>, with blanks instead of the address of what is undefined, with the name of a file and a
    /// colon before it (<c>nm -A</c>), and with <c>\t[module]</c> or <c>\tfile:line</c> behind it.
    /// </summary>
    public static bool TryParseBsd(string line, [NotNullWhen(true)] out CompanionSymbol? symbol)
    {
        if (TryParseBsd(line.AsSpan(), out symbol))
        {
            return true;
        }

        // The colon before the address; C++ has colons in names too, but no digits right behind the last one that start a line.
        for (int colon = line.IndexOf(':', StringComparison.Ordinal); colon >= 0; colon = line.IndexOf(':', colon + 1))
        {
            if (TryParseBsd(line.AsSpan(colon + 1), out symbol))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what <c>nm -P</c> writes: <c>NAME LETTER [ADDRESS [SIZE]]</c>.</summary>
    public static bool TryParsePosix(string line, [NotNullWhen(true)] out CompanionSymbol? symbol)
    {
        symbol = null;
        string rest = line.TrimEnd();
        var numbers = new List<ulong>(2);
        while (true)
        {
            // From the end, for a name may hold blanks.
            int blank = rest.LastIndexOf(' ');
            if (blank <= 0)
            {
                return false;
            }

            ReadOnlySpan<char> last = rest.AsSpan(blank + 1);
            if (last.Length == 1 && SymbolLetter.IsKnown(last[0]) && (numbers.Count > 0 || MayBeUndefined(last[0])))
            {
                numbers.Reverse();
                string name = rest[..blank].TrimEnd();

                // nm -P -A puts the name of the file before the symbol's.
                int file = name.IndexOf(": ", StringComparison.Ordinal);
                return TryMake(name[(file < 0 ? 0 : file + 2)..], last[0], numbers.Count > 0 ? numbers[0] : null,
                    numbers.Count > 1 ? numbers[1] : null, out symbol);
            }

            if (numbers.Count == 2 || !TryHex(last, out ulong number))
            {
                return false;
            }

            numbers.Add(number);
            rest = rest[..blank].TrimEnd();
        }
    }

    /// <summary>Reads what <c>nm -f sysv</c> writes: <c>NAME|ADDRESS|LETTER|TYPE|SIZE|LINE|SECTION</c>.</summary>
    public static bool TryParseSysV(string line, [NotNullWhen(true)] out CompanionSymbol? symbol)
    {
        symbol = null;
        string[] fields = line.Split('|');
        if (fields.Length < 7)
        {
            return false;
        }

        // From the end, for the name of an operator may hold the bar.
        string[] last = fields[^6..];
        string name = string.Join('|', fields[..^6]).Trim();
        string letter = last[1].Trim();
        ulong? address = TryHex(last[0].AsSpan().Trim(), out ulong value) ? value : null;
        if (letter.Length != 1 || !TryMake(name, letter[0], address, TryHex(last[3].AsSpan().Trim(), out ulong size) ? size : null, out symbol))
        {
            return false;
        }

        string section = last[5].Split('\t')[0].Trim();
        bool isSection = section.Length > 0 && SymbolWords.Place(section) == null;
        symbol = symbol with { Type = SymbolWords.Type(last[2]) ?? symbol.Type, Section = isSection ? section : null };
        return true;
    }

    /// <summary>Whether a line only says what follows: the name of a file or of a member, or the heads of columns.</summary>
    public static bool IsHeading(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        return line.IsEmpty || line[^1] == ':' || line.StartsWith("Symbols from ", StringComparison.Ordinal)
            || line.StartsWith("Name  ", StringComparison.Ordinal);
    }

    private static bool TryParseBsd(ReadOnlySpan<char> line, [NotNullWhen(true)] out CompanionSymbol? symbol)
    {
        symbol = null;
        ReadOnlySpan<char> rest = line.TrimStart(' ');
        ulong? address = TakeHex(ref rest);
        ulong? size = address == null ? null : TakeHex(ref rest);
        if (rest.Length < 3 || rest[1] != ' ' || !SymbolLetter.IsKnown(rest[0]) || (address == null && !MayBeUndefined(rest[0])))
        {
            return false;
        }

        char letter = rest[0];
        rest = rest[2..].TrimEnd();
        string? module = null, file = null;
        int? number = null;
        int tab = rest.IndexOf('\t');
        if (tab > 0)
        {
            ReadOnlySpan<char> tail = rest[(tab + 1)..];
            rest = rest[..tab];
            if (tail is ['[', .., ']'])
            {
                module = tail[1..^1].ToString();
            }
            else if (tail.LastIndexOf(':') is > 0 and int colon)
            {
                file = tail[..colon].ToString();
                number = int.TryParse(tail[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : null;
            }
        }

        if (!TryMake(rest.ToString(), letter, address, size, out symbol))
        {
            return false;
        }

        if (module != null || file != null)
        {
            symbol = symbol with { Module = module, File = file, Line = number };
        }

        return true;
    }

    private static bool TryMake(string name, char letter, ulong? address, ulong? size, [NotNullWhen(true)] out CompanionSymbol? symbol)
    {
        symbol = null;
        if (name.Length == 0 || (address == null && !MayBeUndefined(letter)))
        {
            return false;
        }

        var bare = new CompanionSymbol
        {
            Name = name,
            Address = address ?? 0,
            Size = size,
            Place = address == null ? SymbolPlace.Undefined : SymbolPlace.Address,
        };
        return SymbolLetter.TryApply(letter, bare, out symbol);
    }

    private static bool MayBeUndefined(char letter) => letter is 'U' or 'w' or 'v';

    /// <summary>
    /// Takes a number of at least four digits from the front: a shorter one may be the letter. O(1), for a line may have a million places
    /// where one could start.
    /// </summary>
    private static ulong? TakeHex(ref ReadOnlySpan<char> rest)
    {
        const int FewestDigits = 4, MostDigits = 18;
        int blank = rest[..Math.Min(MostDigits + 1, rest.Length)].IndexOf(' ');
        if (blank < FewestDigits || !TryHex(rest[..blank], out ulong number))
        {
            return null;
        }

        rest = rest[(blank + 1)..];
        return number;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong number) => ulong.TryParse(
        digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits,
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture,
        out number);
}
