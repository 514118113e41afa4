namespace ElfMmu.Reading;

/// <summary>A field of a structure.</summary>
public sealed record StructField
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its offset in bytes from the structure's first one.</summary>
    public required int Offset { get; init; }

    /// <summary>Its size in bytes, with all its values.</summary>
    public required int Size { get; init; }

    /// <summary>How many values it has; null for one by itself.</summary>
    public int? Count { get; init; }

    /// <summary>What its values are; null for fields within it, and for text in UTF-8.</summary>
    public MemoryValueCodec? Codec { get; init; }

    /// <summary>The fields within it; null where there are none.</summary>
    public StructShape? Shape { get; init; }

    /// <summary>Makes text of it; null where it isn't text.</summary>
    internal TextDecoder? Text { get; init; }

    /// <summary>
    /// Its value: a number, a character or a Boolean, or an array of them; text; a <see cref="StructValue"/>, or an array of them.
    /// </summary>
    /// <param name="bytes">The structure's bytes.</param>
    public object Decode(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> own = bytes.Slice(Offset, Size);
        if (Text != null)
        {
            int end = Text.Terminator(own);
            return Text.Decode(end < 0 ? own : own[..end]).Text;
        }

        if (Count is not { } count)
        {
            return One(own);
        }

        object first = One(own);
        if (first is byte)
        {
            return own.ToArray();
        }

        var values = Array.CreateInstance(first.GetType(), count);
        int size = Size / count;
        for (int i = 0; i < count; i++)
        {
            values.SetValue(One(own.Slice(i * size, size)), i);
        }

        return values;
    }

    private object One(ReadOnlySpan<byte> bytes) => Shape != null ? Shape.Decode(bytes) : Codec!.Decode(bytes);
}
