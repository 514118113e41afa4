using System.Globalization;

namespace ElfMmu.Companions;

/// <summary>The words that types, bindings and sections of symbols go by.</summary>
internal static class SymbolWords
{
    private static readonly Dictionary<string, SymbolType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NOTYPE"] = SymbolType.NoType,
        ["NONE"] = SymbolType.NoType,
        ["OBJECT"] = SymbolType.Object,
        ["DATA"] = SymbolType.Object,
        ["VARIABLE"] = SymbolType.Object,
        ["FUNC"] = SymbolType.Function,
        ["FUNCTION"] = SymbolType.Function,
        ["CODE"] = SymbolType.Function,
        ["SECTION"] = SymbolType.Section,
        ["FILE"] = SymbolType.File,
        ["COMMON"] = SymbolType.Common,
        ["TLS"] = SymbolType.ThreadLocal,
        ["IFUNC"] = SymbolType.IndirectFunction,
        ["GNU_IFUNC"] = SymbolType.IndirectFunction,
    };

    private static readonly Dictionary<string, SymbolBinding> Bindings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LOCAL"] = SymbolBinding.Local,
        ["GLOBAL"] = SymbolBinding.Global,
        ["WEAK"] = SymbolBinding.Weak,
        ["UNIQUE"] = SymbolBinding.Unique,
        ["GNU_UNIQUE"] = SymbolBinding.Unique,
    };

    private static readonly Dictionary<string, byte> Visibilities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEFAULT"] = 0,
        ["INTERNAL"] = 1,
        ["HIDDEN"] = 2,
        ["PROTECTED"] = 3,
    };

    /// <summary>The type a word or a number stands for; null for another word.</summary>
    public static SymbolType? Type(string word) => Types.TryGetValue(Bare(word, "STT_"), out SymbolType type) ? type
        : Number(word) is { } number && Enum.IsDefined((SymbolType)number) ? (SymbolType)number
        : null;

    /// <summary>The binding a word or a number stands for; null for another word.</summary>
    public static SymbolBinding? Binding(string word) => Bindings.TryGetValue(Bare(word, "STB_"), out SymbolBinding binding) ? binding
        : Number(word) is { } number && Enum.IsDefined((SymbolBinding)number) ? (SymbolBinding)number
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
