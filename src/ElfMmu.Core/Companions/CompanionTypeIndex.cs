using ElfMmu.Dwarf;

namespace ElfMmu.Companions;

/// <summary>The types of a companion: those its texts define, and those that symbols name.</summary>
internal sealed class CompanionTypeIndex
{
    private readonly List<DwarfTypeLibrary> _libraries = [];
    private readonly Dictionary<string, (DwarfType? Type, ulong? Size)> _named = new(StringComparer.Ordinal);

    private CompanionTypeIndex(DwarfTarget target) => Target = target;

    /// <summary>What they are for.</summary>
    public DwarfTarget Target { get; }

    /// <summary>What the texts say.</summary>
    public IReadOnlyList<DwarfTypeLibrary> Libraries => _libraries;

    /// <summary>Reads the texts: those in C as one, so that each knows the types of those before it. O(length).</summary>
    /// <exception cref="ElfMmuException">What <see cref="DwarfTypes"/> throws.</exception>
    public static CompanionTypeIndex Read(CompanionOptions options, int version)
    {
        CompanionTarget target = options.Target;
        var index = new CompanionTypeIndex(new DwarfTarget(target.Machine, target.Class, target.Data, version));
        index._libraries.Add(DwarfTypes.ParseC(string.Join('\n', options.Types.Select(t => t.Text)), index.Target));
        return index;
    }

    /// <summary>What the texts declare of a name; null for nothing.</summary>
    public DwarfDeclaration? Declaration(string name)
    {
        foreach (DwarfTypeLibrary library in _libraries)
        {
            if (library.Declarations.TryGetValue(name, out DwarfDeclaration? declaration))
            {
                return declaration;
            }
        }

        return null;
    }

    /// <summary>The type that a symbol has, from its source or from a declaration; null where nobody says, or nobody knows the type.</summary>
    /// <param name="symbol">The symbol.</param>
    public DwarfType? TypeOf(CompanionSymbol symbol) => TypeOf(symbol, out _);

    /// <summary>The type that a symbol has, and how many bytes that takes.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="size">The bytes it takes; null for what is only declared, and functions.</param>
    public DwarfType? TypeOf(CompanionSymbol symbol, out ulong? size)
    {
        size = null;
        if (symbol.DataType is not { } text)
        {
            DwarfType? declared = Declaration(symbol.Name)?.Type;
            size = declared == null ? null : _libraries.Select(l => l.SizeOf(declared)).FirstOrDefault(s => s != null);
            return declared;
        }

        if (!_named.TryGetValue(text, out (DwarfType? Type, ulong? Size) known))
        {
            known = Resolve(text);
            _named.Add(text, known);
        }

        size = known.Size;
        return known.Type;
    }

    /// <summary>The integer type that a constant gets.</summary>
    public DwarfType ConstantType(Int128 value) => _libraries[0].Resolve(value < 0 ? "long long" : "unsigned long long")!;

    private (DwarfType? Type, ulong? Size) Resolve(string text)
    {
        foreach (DwarfTypeLibrary library in _libraries)
        {
            try
            {
                DwarfType? type = library.Resolve(text);
                return (type, library.SizeOf(type));
            }
            catch (ElfMmuException e) when (e.ErrorId == "TypeTextInvalid")
            {
                // Another text may know it. What none knows is a warning, for the symbol is good without its type.
            }
        }

        return default;
    }
}
