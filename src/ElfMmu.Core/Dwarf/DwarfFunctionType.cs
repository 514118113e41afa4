namespace ElfMmu.Dwarf;

/// <summary>The type of a function: what it returns and takes. A pointer to one is a function pointer.</summary>
public sealed class DwarfFunctionType : DwarfType
{
    /// <summary>Makes the type of a function.</summary>
    /// <param name="returnType">What it returns; null for void.</param>
    /// <param name="parameters">What it takes.</param>
    public DwarfFunctionType(DwarfType? returnType, params IEnumerable<DwarfParameter> parameters)
        : base(null)
    {
        ReturnType = returnType;
        Parameters = [.. parameters];
    }

    /// <summary>What it returns; null for void.</summary>
    public DwarfType? ReturnType { get; }

    /// <summary>What it takes.</summary>
    public List<DwarfParameter> Parameters { get; }

    /// <summary>Whether more may follow the parameters (<c>...</c>).</summary>
    public bool IsVariadic { get; init; }

    /// <summary>Whether it is declared with its parameters; false for <c>f()</c> of old C.</summary>
    public bool IsPrototyped { get; init; } = true;
}
