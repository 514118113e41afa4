namespace ElfMmu.Dwarf;

/// <summary>Makes types and knows how much room they take. Every question is answered in O(1).</summary>
internal sealed class CTypes
{
    /// <summary>The largest a type gets: 2⁴⁸ bytes.</summary>
    public const ulong MaximumSize = 1ul << 48;

    // What a typedef or qualified type stands for in the end, and the alignment asked for on the way.
    private readonly Dictionary<DwarfType, (DwarfType? Type, ulong Alignment)> _ends = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DwarfType, CTypeFacts> _facts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(DwarfQualifier, DwarfType), DwarfType> _qualified = [];
    private readonly Dictionary<DwarfType, DwarfPointerType> _pointers = new(ReferenceEqualityComparer.Instance);
    private readonly DwarfPointerType _voidPointer = new(null);

    public CTypes(DwarfTarget target)
    {
        Abi = CAbi.Of(target);
        Basic = new CBasicTypes(Abi);
    }

    public CAbi Abi { get; }

    /// <summary>Defines a type that is only declared yet, if it can be; null where nothing can.</summary>
    public Action<DwarfType>? Demand { get; set; }

    public CBasicTypes Basic { get; }

    public DwarfPointerType PointerTo(DwarfType? type)
    {
        if (type == null)
        {
            return _voidPointer;
        }

        if (!_pointers.TryGetValue(type, out DwarfPointerType? pointer))
        {
            pointer = new DwarfPointerType(type);
            _pointers.Add(type, pointer);
        }

        return pointer;
    }

    public DwarfType Qualify(DwarfQualifier qualifier, DwarfType? type)
    {
        if (type != null && _qualified.TryGetValue((qualifier, type), out DwarfType? known))
        {
            return known;
        }

        var made = new DwarfQualifiedType(qualifier, type);
        _ends[made] = End(type);
        if (type != null)
        {
            _qualified.Add((qualifier, type), made);
        }

        return made;
    }

    public DwarfTypedef Name(string name, DwarfType? type, ulong alignment = 0)
    {
        var made = new DwarfTypedef(name, type);
        (DwarfType? end, ulong known) = End(type);
        _ends[made] = (end, alignment > 0 ? alignment : known);
        return made;
    }

    /// <summary>An array; null if it would be larger than <see cref="MaximumSize"/>.</summary>
    public DwarfArrayType? Array(DwarfType element, CTypeFacts facts, params IReadOnlyList<ulong?> counts)
    {
        UInt128 size = facts.Size;
        foreach (ulong? count in counts)
        {
            size *= count ?? 0;
            if (size > MaximumSize || count > MaximumSize)
            {
                return null;
            }
        }

        var made = new DwarfArrayType(element, counts);
        _facts[made] = facts with { Size = (ulong)size };
        return made;
    }

    public void SetFacts(DwarfType type, CTypeFacts facts) => _facts[type] = facts;

    /// <summary>The type behind typedefs and qualifiers; null for void.</summary>
    public DwarfType? Stripped(DwarfType? type) => End(type).Type;

    /// <summary>How much room a type takes; null for void, functions and what is only declared.</summary>
    public CTypeFacts? Facts(DwarfType? type)
    {
        (DwarfType? end, ulong alignment) = End(type);
        CTypeFacts? facts = end switch
        {
            null or DwarfFunctionType => null,
            DwarfBaseType basic => Basic.Facts(basic),
            DwarfPointerType { Size: { } size } => new CTypeFacts(size, size, size),
            DwarfPointerType => new CTypeFacts((ulong)Abi.Pointer, (ulong)Abi.Pointer, (ulong)Abi.Pointer),
            _ => Known(end),
        };
        return facts is { } f && alignment > 0 ? f with { Alignment = alignment, MemberAlignment = alignment } : facts;
    }

    private CTypeFacts? Known(DwarfType type)
    {
        if (!_facts.ContainsKey(type))
        {
            Demand?.Invoke(type);
        }

        return _facts.TryGetValue(type, out CTypeFacts known) ? known : null;
    }

    private (DwarfType? Type, ulong Alignment) End(DwarfType? type) =>
        type != null && _ends.TryGetValue(type, out (DwarfType? Type, ulong Alignment) end) ? end : (type, 0);
}
