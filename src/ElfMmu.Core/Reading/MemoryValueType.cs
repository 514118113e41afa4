namespace ElfMmu.Reading;

/// <summary>
/// A type of values in memory by its name: <c>u8</c> to <c>u128</c>, <c>i8</c> to <c>i128</c>, <c>f32</c>, <c>f64</c>, <c>ptr</c>,
/// <c>char</c>, <c>wchar</c>, <c>bool</c>, each with <c>le</c> or <c>be</c> behind it where the order of bytes isn't the machine's. What
/// the name leaves open, <see cref="In"/> adds.
/// </summary>
public sealed class MemoryValueType
{
    // A pointer is as wide as the machine's word and has no size of its own.
    private static readonly (string Name, MemoryValueKind Kind, int Size)[] Table =
    [
        ("u8", MemoryValueKind.Unsigned, 1),
        ("i8", MemoryValueKind.Signed, 1),
        ("u16", MemoryValueKind.Unsigned, 2),
        ("i16", MemoryValueKind.Signed, 2),
        ("u32", MemoryValueKind.Unsigned, 4),
        ("i32", MemoryValueKind.Signed, 4),
        ("u64", MemoryValueKind.Unsigned, 8),
        ("i64", MemoryValueKind.Signed, 8),
        ("u128", MemoryValueKind.Unsigned, 16),
        ("i128", MemoryValueKind.Signed, 16),
        ("f32", MemoryValueKind.Float, 4),
        ("f64", MemoryValueKind.Float, 8),
        ("ptr", MemoryValueKind.Pointer, 0),
        ("char", MemoryValueKind.Character, 1),
        ("wchar", MemoryValueKind.Character, 2),
        ("bool", MemoryValueKind.Boolean, 1),
    ];

    private MemoryValueType(string name, MemoryValueKind kind, int size, ByteOrder? order)
    {
        BaseName = name;
        Kind = kind;
        Size = size == 0 ? null : size;
        ByteOrder = order;
    }

    /// <summary>The names without an order of bytes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(t => t.Name)];

    /// <summary>The name without the order of bytes.</summary>
    public string BaseName { get; }

    /// <summary>The name: <c>u32be</c>.</summary>
    public string Name => BaseName + (ByteOrder switch { null => "", ElfMmu.ByteOrder.Little => "le", _ => "be" });

    /// <summary>What kind of value it is.</summary>
    public MemoryValueKind Kind { get; }

    /// <summary>The size in bytes; null where it is the machine's word.</summary>
    public int? Size { get; }

    /// <summary>The order of bytes; null for the machine's.</summary>
    public ByteOrder? ByteOrder { get; }

    /// <summary>The type of a name; case doesn't matter.</summary>
    /// <exception cref="ElfMmuException"><c>ValueTypeUnknown</c>.</exception>
    public static MemoryValueType Parse(string name) => TryParse(name, out MemoryValueType? type)
        ? type
        : throw new ElfMmuException(
            "ValueTypeUnknown",
            ErrorKind.InvalidArgument,
            $"'{name}' isn't a type of values. The types are {string.Join(", ", Names)}; le or be behind one is its order of bytes "
            + "(u32be).");

    /// <summary>The type of a name; false when there is none.</summary>
    public static bool TryParse(string? name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemoryValueType? type)
    {
        string text = name ?? "";
        ByteOrder? order = text.EndsWith("le", StringComparison.OrdinalIgnoreCase) ? ElfMmu.ByteOrder.Little
            : text.EndsWith("be", StringComparison.OrdinalIgnoreCase) ? ElfMmu.ByteOrder.Big
            : null;
        string bare = order == null ? text : text[..^2];
        int found = Array.FindIndex(Table, t => t.Name.Equals(bare, StringComparison.OrdinalIgnoreCase));
        type = found < 0 ? null : new MemoryValueType(Table[found].Name, Table[found].Kind, Table[found].Size, order);
        return type != null;
    }

    /// <summary>The type as a machine has it: with a size and an order of bytes.</summary>
    public MemoryValueCodec In(DataModel model) => new(this, model);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
