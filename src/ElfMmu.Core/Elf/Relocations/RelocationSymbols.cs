using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Relocations;

/// <summary>The symbols that the relocations of a table may name; one object for all relocations that name the same.</summary>
internal sealed class RelocationSymbols(ElfSymbolTable? table)
{
    private readonly ElfSymbol?[] _symbols = new ElfSymbol?[table?.Count ?? 0];

    /// <summary>How many there are.</summary>
    public int Count => _symbols.Length;

    /// <summary>A symbol; null where there are fewer.</summary>
    public ElfSymbol? Find(uint index) => index < (uint)_symbols.Length ? _symbols[index] ??= table!.Symbol((int)index) : null;
}
