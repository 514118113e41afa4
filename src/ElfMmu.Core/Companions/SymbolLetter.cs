using System.Diagnostics.CodeAnalysis;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>What the letters of <c>nm</c> mean, which System.map and kallsyms have too.</summary>
internal static class SymbolLetter
{
    private const string Letters = "AaBbCcDdGgIiNnpRrSsTtUuVvWw?-";

    /// <summary>Whether a letter is one of them.</summary>
    public static bool IsKnown(char letter) => Letters.Contains(letter, StringComparison.Ordinal);

    /// <summary>Gives a symbol what its letter says.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="symbol">The symbol without it.</param>
    /// <param name="result">The symbol with it.</param>
    /// <returns>False for a letter that is none of nm's.</returns>
    public static bool TryApply(char letter, CompanionSymbol symbol, [NotNullWhen(true)] out CompanionSymbol? result)
    {
        (ElfSymbolType? type, bool? code)? meaning = char.ToLowerInvariant(letter) switch
        {
            't' => (ElfSymbolType.Function, true),
            'i' => (ElfSymbolType.IndirectFunction, true),
            'b' or 'c' or 'd' or 'g' or 'r' or 's' or 'v' => (ElfSymbolType.Object, false),
            'w' => (null, null),
            'u' when letter == 'u' => (ElfSymbolType.Object, false),
            'a' or 'u' or 'n' or 'p' or '?' or '-' => (ElfSymbolType.None, null),
            _ => null,
        };
        if (meaning is not { } found)
        {
            result = null;
            return false;
        }

        result = symbol with
        {
            Type = symbol.Type ?? found.type,
            IsCode = found.code,
            Binding = letter switch
            {
                'u' => ElfSymbolBinding.Unique,
                'V' or 'v' or 'W' or 'w' => ElfSymbolBinding.Weak,
                _ => char.IsAsciiLetterLower(letter) || letter is '?' or '-' or 'N' ? ElfSymbolBinding.Local : ElfSymbolBinding.Global,
            },
            Place = letter switch
            {
                'A' or 'a' => SymbolPlace.Absolute,
                'U' => SymbolPlace.Undefined,
                _ => symbol.Place,
            },
        };
        return true;
    }
}
