using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>A symbol with its place: the section, the size and the type it gets.</summary>
/// <param name="Symbol">What its source says.</param>
/// <param name="Section">The index of its section among the companion's ranges; -1 for none.</param>
internal record struct PlacedSymbol(CompanionSymbol Symbol, int Section)
{
    /// <summary>How many bytes it has; 0 if nobody knows.</summary>
    public ulong Size { get; set; } = Symbol.Size ?? 0;

    /// <summary>What it names.</summary>
    public ElfSymbolType Type { get; set; } = Symbol.Type ?? ElfSymbolType.None;

    /// <summary>Whether its place is an address of memory, whether or not a section has it.</summary>
    public readonly bool HasAddress => Symbol is { Place: SymbolPlace.Address, Type: not (ElfSymbolType.ThreadLocal or ElfSymbolType.File) };

    /// <summary>Whether it is code.</summary>
    public readonly bool IsFunction => Type is ElfSymbolType.Function or ElfSymbolType.IndirectFunction;
}
