using System.Globalization;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>The words that types, bindings and sections of symbols go by.</summary>
internal static class SymbolWords
{
    private static readonly Dictionary<string, ElfSymbolType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NOTYPE"] = ElfSymbolType.None,
        ["NONE"] = ElfSymbolType.None,
        ["OBJECT"] = ElfSymbolType.Object,
        ["DATA"] = ElfSymbolType.Object,
        ["VARIABLE"] = ElfSymbolType.Object,
        ["FUNC"] = ElfSymbolType.Function,
        ["FUNCTION"] = ElfSymbolType.Function,
        ["CODE"] = ElfSymbolType.Function,
        ["SECTION"] = ElfSymbolType.Section,
        ["FILE"] = ElfSymbolType.File,
        ["COMMON"] = ElfSymbolType.Common,
        ["TLS"] = ElfSymbolType.ThreadLocal,
        ["IFUNC"] = ElfSymbolType.IndirectFunction,
        ["GNU_IFUNC"] = ElfSymbolType.IndirectFunction,
    };

    private static readonly Dictionary<string, ElfSymbolBinding> Bindings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LOCAL"] = ElfSymbolBinding.Local,
        ["GLOBAL"] = ElfSymbolBinding.Global,
        ["WEAK"] = ElfSymbolBinding.Weak,
        ["UNIQUE"] = ElfSymbolBinding.Unique,
        ["GNU_UNIQUE"] = ElfSymbolBinding.Unique,
    };

    private static readonly Dictionary<string, byte> Visibilities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEFAULT"] = 0,
        ["INTERNAL"] = 1,
        ["HIDDEN"] = 2,
        ["PROTECTED"] = 3,
    };

    /// <summary>The type a word or a number stands for; null for another word.</summary>
    public static ElfSymbolType? Type(string word) => Types.TryGetValue(Bare(word, "STT_"), out ElfSymbolType type) ? type
        : Number(word) is { } number && Enum.IsDefined((ElfSymbolType)number) ? (ElfSymbolType)number
        : null;

    /// <summary>The binding a word or a number stands for; null for another word.</summary>
    public static ElfSymbolBinding? Binding(string word) => Bindings.TryGetValue(Bare(word, "STB_"), out ElfSymbolBinding binding) ? binding
        : Number(word) is { } number && Enum.IsDefined((ElfSymbolBinding)number) ? (ElfSymbolBinding)number
        : null;

    /// <summary>The visibility a word or a number stands for; null for another word.</summary>
    public static byte? Visibility(string word) => Visibilities.TryGetValue(Bare(word, "STV_"), out byte visibility) ? visibility
        : Number(word) is { } number and < 4 ? number
        : null;

    /// <summary>The place the name of a section that is none stands for: <c>SHN_ABS</c>, <c>*UND*</c> and the like; null for a section.</summary>
    public static SymbolPlace? Place(string section) => section.Trim().ToUpperInvariant() switch
    {
        "ABS" or "*ABS*" or "SHN_ABS" => SymbolPlace.Absolute,
        "UND" or "*UND*" or "SHN_UNDEF" or "UNDEF" => SymbolPlace.Undefined,
        _ => null,
    };

    private static string Bare(string word, string prefix)
    {
        word = word.Trim();
        return word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? word[prefix.Length..] : word;
    }

    private static byte? Number(string word) =>
        byte.TryParse(word.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out byte number) ? number : null;
}
