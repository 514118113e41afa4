using System.Management.Automation;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Filters of what is in ELF files: the engine's rules (<see cref="ElfNameFilter"/>) with the shell's wildcards. Names have wildcards and their
/// case counts. A type is a number, its canonical name with or without the prefix, or the name that its property shows.
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

    /// <summary>Types by number or by their canonical names.</summary>
    /// <param name="types">The types, such as PT_LOAD, load, GNU_*.</param>
    /// <param name="prefix">The prefix, such as PT_.</param>
    public static Func<uint, string, bool> Types(string[] types, string prefix) => ElfNameFilter.Types(types, prefix, Pattern)!;

    /// <summary>Types by number, by their canonical names, or by those of an enumeration.</summary>
    /// <param name="types">The types, such as STT_FUNC, func, Function.</param>
    /// <param name="prefix">The prefix, such as STT_.</param>
    public static Func<uint, string, bool> Types<T>(string[] types, string prefix)
        where T : struct, Enum
    {
        Func<uint, string, bool> canonical = Types(types, prefix);
        Func<string, bool>[] patterns = [.. types.Select(Pattern)];
        HashSet<uint> shown = [.. Enum.GetValues<T>().Where(v => Array.Exists(patterns, p => p(v.ToString()))).Select(v => Convert.ToUInt32(v, null))];
        return (value, name) => shown.Contains(value) || canonical(value, name);
    }

    /// <summary>Types of relocations, where the machine may be left out too: R_X86_64_JUMP_SLOT, JUMP_SLOT.</summary>
    /// <param name="types">The types.</param>
    public static Func<uint, string, bool> RelocationTypes(string[] types) => ElfNameFilter.RelocationTypes(types, Pattern)!;

    private static Func<string, bool> Pattern(string text) => WildcardPattern.Get(text, AnyCase).IsMatch;

    private static Func<string, bool>? IsAny(IEnumerable<string> names)
    {
        WildcardPattern[] patterns = Names(names);
        return patterns.Length == 0 ? null : name => Array.Exists(patterns, p => p.IsMatch(name));
    }
}
