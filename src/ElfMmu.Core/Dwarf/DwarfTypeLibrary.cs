using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Dwarf;

/// <summary>Types by name, as <see cref="DwarfTypes"/> reads them from text.</summary>
public sealed class DwarfTypeLibrary
{
    private readonly Dictionary<string, DwarfType> _structs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DwarfType> _unions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DwarfType> _enums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DwarfType> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DwarfDeclaration> _declarations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DwarfConstant> _constants = new(StringComparer.Ordinal);
    private readonly List<DwarfType> _types = [];

    private readonly HashSet<string> _common = new(StringComparer.Ordinal);

    internal DwarfTypeLibrary(DwarfTarget target)
    {
        Target = target;
        Factory = new CTypes(target);
    }

    internal CTypes Factory { get; }

    /// <summary>Defines a name that isn't known yet, if it can; null where nothing can.</summary>
    internal Action<string>? Demand { get; set; }

    /// <summary>The values of enumerations by name, for expressions.</summary>
    internal Dictionary<string, CValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>What the types are for.</summary>
    public DwarfTarget Target { get; }

    /// <summary>The types the text defines or declares, in its order, with those that have no name of their own.</summary>
    public IReadOnlyList<DwarfType> Types => _types;

    /// <summary>The variables and functions the text declares, by name.</summary>
    public IReadOnlyDictionary<string, DwarfDeclaration> Declarations => _declarations;

    /// <summary>The constants the text defines, by name. The values of enumerations are in their types.</summary>
    public IReadOnlyDictionary<string, DwarfConstant> Constants => _constants;

    /// <summary>
    /// A type by its name: <c>struct list_head</c>, <c>union u</c>, <c>enum e</c>; a bare name is a typedef's or base type's, and failing
    /// that a structure's, a union's or an enumeration's. Null if there is none.
    /// </summary>
    /// <param name="name">The name.</param>
    public DwarfType? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] words = name.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["struct", { } tag] => _structs.GetValueOrDefault(tag.Trim()),
            ["union", { } tag] => _unions.GetValueOrDefault(tag.Trim()),
            ["enum", { } tag] => _enums.GetValueOrDefault(tag.Trim()),
            _ => Named(string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        };
    }

    /// <summary>
    /// A type written out as C does: <c>struct page *</c>, <c>const char *[4]</c>, <c>unsigned long</c>. Null for void.
    /// </summary>
    /// <param name="text">The type.</param>
    /// <exception cref="ElfMmuException"><c>TypeTextInvalid</c>: it isn't a type, or isn't known.</exception>
    public DwarfType? Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CParser.TypeName(text, this);
    }

    /// <summary>The size of a type in bytes; null for void, functions and what is only declared. O(1).</summary>
    /// <param name="type">A type of this library.</param>
    public ulong? SizeOf(DwarfType? type) => Factory.Facts(type)?.Size;

    /// <summary>Adds all there is to a unit: types, constants, and the variables and functions that have an address. O(n).</summary>
    /// <param name="unit">The unit.</param>
    public void AddTo(DwarfUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        unit.Types.AddRange(_types);
        unit.Constants.AddRange(_constants.Values);
        foreach (DwarfDeclaration declaration in _declarations.Values)
        {
            if (declaration.Address is not { } address)
            {
                continue;
            }

            if (declaration.Type is DwarfFunctionType function)
            {
                unit.Functions.Add(
                    new DwarfFunction(declaration.Name, address, declaration.Size ?? 0, function, declaration.IsExternal));
            }
            else
            {
                unit.Variables.Add(new DwarfVariable(declaration.Name, address, declaration.Type, declaration.IsExternal));
            }
        }
    }

    internal bool TryTag(DwarfTagKind kind, string name, [NotNullWhen(true)] out DwarfType? type) =>
        Tags(kind).TryGetValue(name, out type);

    internal bool TryName(string name, [NotNullWhen(true)] out DwarfType? type)
    {
        if (!_names.ContainsKey(name))
        {
            Action<string>? demand = Demand;
            demand?.Invoke(name);
        }

        return _names.TryGetValue(name, out type);
    }

    internal void AddTag(DwarfTagKind kind, string name, DwarfType type) => Tags(kind)[name] = type;

    internal void AddName(string name, DwarfType type)
    {
        _names[name] = type;
        _common.Remove(name);
    }

    // A name such as u32 that a text uses and doesn't define, so it still may.
    internal void AddCommonName(string name, DwarfType type)
    {
        _names[name] = type;
        _common.Add(name);
    }

    internal bool IsOwn(DwarfType type) => type.Name != null && !_common.Contains(type.Name);

    internal void AddType(DwarfType type) => _types.Add(type);

    internal void Declare(DwarfDeclaration declaration) => _declarations[declaration.Name] = declaration;

    internal void Define(DwarfConstant constant) => _constants[constant.Name] = constant;

    private DwarfType? Named(string name) => _names.GetValueOrDefault(name)
        ?? (Factory.Basic.TryBasic(name, out DwarfBaseType? basic) ? basic : null)
        ?? _structs.GetValueOrDefault(name)
        ?? _unions.GetValueOrDefault(name)
        ?? _enums.GetValueOrDefault(name);

    private Dictionary<string, DwarfType> Tags(DwarfTagKind kind) => kind switch
    {
        DwarfTagKind.Struct => _structs,
        DwarfTagKind.Union => _unions,
        _ => _enums,
    };
}
