using System.Globalization;
using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>A value of a type, as the machine stores it.</summary>
internal sealed class ValuePattern : SearchPattern
{
    private readonly object _value;
    private readonly MemoryValueType _type;

    /// <summary>Makes a pattern.</summary>
    public ValuePattern(object value, MemoryValueType type, int? alignment)
        : base(string.Create(CultureInfo.InvariantCulture, $"{type} {value}"), alignment)
    {
        (_value, _type) = (value, type);

        // What no machine could hold is said before anything is searched.
        _ = type.In(new DataModel(ByteOrder.Little, 64)).Encode(value);
    }

    /// <inheritdoc/>
    internal override IMatcher Compile(DataModel model, int mostAlignment = MostAlignment)
    {
        MemoryValueCodec codec = _type.In(model);
        return new MaskedMatcher(codec.Encode(_value), null, [], Math.Min(Alignment ?? codec.Size, mostAlignment));
    }
}
