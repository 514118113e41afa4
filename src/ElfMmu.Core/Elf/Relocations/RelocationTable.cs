using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Relocations;

/// <summary>A table of relocations: where it is, and what is the same for all that are in it.</summary>
internal sealed class RelocationTable
{
    private bool _hasMissing;

    public required ElfRelocationFormat Format { get; init; }

    /// <summary>The first byte in the input.</summary>
    public required ulong Start { get; init; }

    /// <summary>Its size in bytes, as far as the input has them.</summary>
    public required ulong Size { get; init; }

    /// <summary>The name of its section; the name of the dynamic tag that gives its address where there are no sections.</summary>
    public required string Name { get; init; }

    /// <summary>The index of its section; null for one of the dynamic section.</summary>
    public int? Index { get; init; }

    /// <summary>The index of the section that is relocated (sh_info); null where it names none.</summary>
    public int? Target { get; init; }

    /// <summary>The name of that section.</summary>
    public string? TargetName { get; init; }

    /// <summary>Whether places are counted from the start of the section that is relocated, as in object files, and aren't addresses.</summary>
    public bool IsInSection { get; init; }

    /// <summary>The address of that section; null where it has none, or where places are addresses.</summary>
    public ulong? TargetAddress { get; init; }

    /// <summary>The symbols its entries name.</summary>
    public required RelocationSymbols Symbols { get; init; }

    /// <summary>A symbol; where it isn't there, the file's diagnostics say so once for the table.</summary>
    public ElfSymbol? Symbol(ElfFile file, uint index, ulong relocation)
    {
        if (index == 0)
        {
            return null;
        }

        ElfSymbol? symbol = Symbols.Find(index);
        if (symbol == null && !_hasMissing)
        {
            _hasMissing = true;
            file.Diagnostics.Add("RelocationSymbolMissing",
                $"Relocation {relocation} of '{Name}' names symbol {index}, and its table has {Symbols.Count}; it was left without a name. Others may be, too.",
                Start, Index);
        }

        return symbol;
    }
}
