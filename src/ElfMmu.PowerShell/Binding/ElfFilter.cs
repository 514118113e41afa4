using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Filters of what is in ELF files. Names have wildcards and their case counts. A type is a number, its canonical name with or without the
/// prefix, or the name that its property shows, with wildcards and in any case.
/// </summary>
internal static class ElfFilter
{
    private const WildcardOptions AnyCase = WildcardOptions.CultureInvariant | WildcardOptions.IgnoreCase;

    /// <summary>Patterns of names; case counts, as it does in ELF.</summary>
    public static WildcardPattern[] Names(IEnumerable<string> names) => [.. names.Select(n => WildcardPattern.Get(n, WildcardOptions.CultureInvariant))];

    /// <summary>Names of symbols; a pattern with @ is one of the name with its version, another one of the name alone.</summary>
    public static Func<ElfSymbol, bool> Symbols(string[] names)
    {
        Func<string, bool> shortName = ShortNames(names);
        Func<string, bool>? fullName = FullNames(names);
        return symbol => shortName(symbol.Name) || fullName?.Invoke(symbol.FullName) == true;
    }

    /// <summary>The part of <see cref="Symbols"/> that asks for the name alone.</summary>
    public static Func<string, bool> ShortNames(string[] names) => IsAny(names.Where(n => !n.Contains('@'))) ?? (_ => false);

    /// <summary>The part of <see cref="Symbols"/> that asks for the name with its version; null if there is none.</summary>
    public static Func<string, bool>? FullNames(string[] names) => IsAny(names.Where(n => n.Contains('@')));

    /// <summary>The engine's rule for types (<see cref="ElfNameFilter.Types"/>), with the shell's wildcards.</summary>
    /// <param name="types">The names, such as PT_LOAD, load, GNU_*, or numbers.</param>
    /// <param name="prefix">The prefix, such as PT_.</param>
    public static Func<uint, string, bool> Types(string[] types, string prefix) =>
        ElfNameFilter.Types(types, prefix, text => WildcardPattern.Get(text, AnyCase).IsMatch)!;

    /// <summary>Types by number, by their canonical names, or by those of an enumeration.</summary>
    /// <param name="types">The types, such as STT_FUNC, func, Function.</param>
    /// <param name="prefix">The prefix, such as STT_.</param>
    public static Func<uint, string, bool> Types<T>(string[] types, string prefix)
        where T : struct, Enum
    {
        Func<uint, string, bool> canonical = Types(types, prefix);
        WildcardPattern[] patterns = Patterns(types);
        HashSet<uint> shown = [.. Enum.GetValues<T>().Where(v => Array.Exists(patterns, p => p.IsMatch(v.ToString()))).Select(v => Convert.ToUInt32(v, null))];
        return (value, name) => shown.Contains(value) || canonical(value, name);
    }

    /// <summary>Types of relocations, whose prefix names the machine too: R_X86_64_JUMP_SLOT, X86_64_JUMP_SLOT, JUMP_SLOT.</summary>
    /// <param name="types">The types.</param>
    public static Func<uint, string, bool> RelocationTypes(string[] types) => Types(types, NamesOfRelocation);

    // A machine's name may have signs _ within, and so may what follows: what is behind each of the first three is taken for a name.
    private static string[] NamesOfRelocation(string name)
    {
        List<string> names = [name];
        for (int at = name.IndexOf('_'); at >= 0 && names.Count < 4; at = name.IndexOf('_', at + 1))
        {
            names.Add(name[(at + 1)..]);
        }

        return [.. names];
    }

    private static Func<uint, string, bool> Types(string[] types, Func<string, string[]> namesOf)
    {
        HashSet<ulong> numbers = [];
        List<string> names = [];
        foreach (string type in types)
        {
            if (AddressConverter.TryConvert(type, out ulong number))
            {
                numbers.Add(number);
            }
            else
            {
                names.Add(type);
            }
        }

        // There are few names, and they come again and again.
        WildcardPattern[] patterns = Patterns(names);
        Dictionary<string, bool> known = [];
        return (value, name) => numbers.Contains(value) || (known.TryGetValue(name, out bool isWanted) ? isWanted : Ask(name));

        bool Ask(string name)
        {
            const int MostKnown = 4096;
            bool isWanted = Array.Exists(namesOf(name), n => Array.Exists(patterns, p => p.IsMatch(n)));
            return known.Count < MostKnown ? known[name] = isWanted : isWanted;
        }
    }

    private static WildcardPattern[] Patterns(IEnumerable<string> names) => [.. names.Select(n => WildcardPattern.Get(n, AnyCase))];

    private static Func<string, bool>? IsAny(IEnumerable<string> names)
    {
        WildcardPattern[] patterns = Names(names);
        return patterns.Length == 0 ? null : name => Array.Exists(patterns, p => p.IsMatch(name));
    }
}
