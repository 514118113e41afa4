namespace ElfMmu.Reading;

/// <summary>A structure as it lies in the memory of a machine: its fields with their offsets and sizes.</summary>
public sealed class StructShape
{
    private readonly string _text;
    private readonly DataModel _model;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<StructField> _fields = [];
    private int _values;

    /// <summary>Puts the fields in their places.</summary>
    /// <exception cref="ElfMmuException"><c>LayoutInvalid</c>: it is too large, or a name stands for two fields.</exception>
    internal StructShape(string text, LayoutGroup group, DataModel model)
    {
        _text = text;
        _model = model;
        long next = 0;
        foreach (LayoutItem item in group.Items)
        {
            next = item.Kind switch
            {
                LayoutItemKind.Padding => next + (long)item.Number,
                LayoutItemKind.Alignment => Align(next, (long)item.Number),
                _ => Place(item, next, group.IsNatural),
            };
            Size = (int)Limit(item, Math.Max(Size, next));
        }

        Size = group.IsNatural ? (int)Limit(group.Items[^1], Align(Size, Alignment)) : Size;
    }

    /// <summary>The size in bytes, with padding.</summary>
    public int Size { get; }

    /// <summary>The fields in the order they are written.</summary>
    public IReadOnlyList<StructField> Fields => _fields;

    /// <summary>The size of the largest value in it, which compilers align it to.</summary>
    private int Alignment { get; set; } = 1;

    /// <summary>The values of all fields.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public StructValue Decode(ReadOnlySpan<byte> bytes)
    {
        object[] values = new object[_fields.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _fields[i].Decode(bytes);
        }

        return new StructValue(this, values);
    }

    private static long Align(long offset, long multiple) => (offset + multiple - 1) / multiple * multiple;

    private long Place(LayoutItem item, long next, bool isNatural)
    {
        StructShape? shape = item.Group == null ? null : new StructShape(_text, item.Group, _model);
        MemoryValueCodec? codec = item.Type?.In(_model);
        int alignment = shape?.Alignment ?? codec?.Size ?? 1;
        Alignment = Math.Max(Alignment, alignment);
        long offset = (long?)item.Offset ?? (isNatural ? Align(next, alignment) : next);
        long size = (long)(shape?.Size ?? codec?.Size ?? 1) * (item.Count ?? 1);
        Limit(item, offset + size);

        // Values within values multiply; so do the objects they become.
        long values = shape == null ? 1 : (long)shape._values * (item.Count ?? 1);
        if (_values + values > StructLayout.MaximumValues)
        {
            throw Invalid(item, $"the structure has more than {StructLayout.MaximumValues} values");
        }

        _values += (int)values;
        string name = item.Name ?? $"field_{offset:x}";
        if (!_names.Add(name))
        {
            throw Invalid(item, $"there is a field '{name}' already");
        }

        TextEncoding? text = item switch
        {
            { Group: null, Type: null } => TextEncoding.Utf8,
            { Type.Kind: MemoryValueKind.Character, Count: not null } when codec!.Size == 1 => TextEncoding.Latin1,
            { Type.Kind: MemoryValueKind.Character, Count: not null } => TextEncoding.Utf16,
            _ => null,
        };
        _fields.Add(new StructField
        {
            Name = name,
            Offset = (int)offset,
            Size = (int)size,
            Count = item.Count,
            Codec = codec,
            Shape = shape,
            Text = text is { } encoding ? new TextDecoder(encoding, codec?.ByteOrder ?? _model.ByteOrder) : null,
        });
        return offset + size;
    }

    private long Limit(LayoutItem item, long size) => size <= StructLayout.MaximumSize
        ? size
        : throw Invalid(item, $"the structure gets larger than {StructLayout.MaximumSize} bytes");

    private ElfMmuException Invalid(LayoutItem item, string what) => LayoutParser.Invalid(_text, item.Position, what);
}
