using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Filters of what is in ELF files: names with wildcards, and types by number or by name.</summary>
internal static class ElfFilter
{
    /// <summary>Patterns of names; case counts, as it does in ELF.</summary>
    public static WildcardPattern[] Names(string[] names) => [.. names.Select(n => WildcardPattern.Get(n, WildcardOptions.CultureInvariant))];

    /// <summary>Patterns of canonical names: their prefix may be left out and case doesn't count. A number is a pattern of itself.</summary>
    /// <param name="types">The names, such as PT_LOAD, load, GNU_*.</param>
    /// <param name="prefix">The prefix, such as PT_.</param>
    public static Func<uint, string, bool> Types(string[] types, string prefix)
    {
        List<WildcardPattern> patterns = [];
        List<ulong> numbers = [];
        foreach (string type in types)
        {
            if (AddressConverter.TryConvert(type, out ulong number))
            {
                numbers.Add(number);
            }
            else
            {
                string name = type.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? type : prefix + type;
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.CultureInvariant | WildcardOptions.IgnoreCase));
            }
        }

        return (value, name) => numbers.Contains(value) || patterns.Exists(p => p.IsMatch(name));
    }
}
