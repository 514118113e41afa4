namespace ElfMmu.Reading;

/// <summary>What a part of a layout does.</summary>
internal enum LayoutItemKind
{
    /// <summary>A field.</summary>
    Field,

    /// <summary>Bytes that are passed over.</summary>
    Padding,

    /// <summary>Bytes that are passed over up to a multiple.</summary>
    Alignment,
}

/// <summary>A part of a layout as it is written.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Position">Where it stands in the text, from 0.</param>
internal sealed record LayoutItem(LayoutItemKind Kind, int Position)
{
    /// <summary>The size of padding, or the multiple.</summary>
    public ulong Number { get; init; }

    /// <summary>The type of a field's values; null for nested fields and text in UTF-8.</summary>
    public MemoryValueType? Type { get; init; }

    /// <summary>The fields within a field; null if it isn't nested.</summary>
    public LayoutGroup? Group { get; init; }

    /// <summary>How many values a field has; null for one by itself.</summary>
    public int? Count { get; init; }

    /// <summary>The offset it is put at; null for the next one.</summary>
    public ulong? Offset { get; init; }

    /// <summary>A field's name; null to name it by its offset.</summary>
    public string? Name { get; init; }
}

/// <summary>The parts of a layout, or of a field that has fields.</summary>
/// <param name="IsNatural">Whether fields are aligned to their size.</param>
/// <param name="Items">The parts.</param>
internal sealed record LayoutGroup(bool IsNatural, IReadOnlyList<LayoutItem> Items);
