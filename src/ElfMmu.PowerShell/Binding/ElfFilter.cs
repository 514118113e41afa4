using System.Management.Automation;
using ElfMmu.Elf;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Filters of what is in ELF files: names with wildcards, and types by number or by name.</summary>
internal static class ElfFilter
{
    /// <summary>Patterns of names; case counts, as it does in ELF.</summary>
    public static WildcardPattern[] Names(string[] names) => [.. names.Select(n => WildcardPattern.Get(n, WildcardOptions.CultureInvariant))];

    /// <summary>The engine's rule for types (<see cref="ElfNameFilter.Types"/>), with the shell's wildcards.</summary>
    /// <param name="types">The names, such as PT_LOAD, load, GNU_*, or numbers.</param>
    /// <param name="prefix">The prefix, such as PT_.</param>
    public static Func<uint, string, bool> Types(string[] types, string prefix) => ElfNameFilter.Types(
        types, prefix, text => WildcardPattern.Get(text, WildcardOptions.CultureInvariant | WildcardOptions.IgnoreCase).IsMatch)!;
}
