namespace ElfMmu.Reading;

/// <summary>
/// How the fields of a structure lie in memory, from a text such as
/// <c>u32 magic; u16be port; char[16] name; ptr next; { u16 x; u16 y }[4] points; u64 @0x40 flags; pad 4</c>.
/// </summary>
/// <remarks>
/// <para>Parts stand between semicolons and follow each other without gaps. A part is a field, <c>pad</c> and a number of bytes to pass
/// over, or <c>align</c> and a number: bytes are passed over up to an offset that is a multiple of it. With the word <c>natural</c> as the
/// first part, every field is aligned to its size, and the whole to its largest field, as compilers do.</para>
/// <para>A field is a type of <see cref="MemoryValueType"/>, or fields in braces; then, each if wanted, how many in brackets, the offset
/// behind <c>@</c>, and the name. The offset may lie before that of other fields. <c>char</c> and <c>wchar</c> with a number are text that
/// ends before the first NUL character, in Latin-1 and UTF-16; so is <c>utf8</c>. Numbers are decimal or <c>0x</c> and
/// hexadecimal. A field without a name is named by its offset: <c>field_1c</c>.</para>
/// </remarks>
public sealed class StructLayout
{
    /// <summary>The most bytes a structure takes.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>The most values a structure has; an array of numbers counts as one.</summary>
    internal const int MaximumValues = 64 << 10;

    /// <summary>The type of text in UTF-8.</summary>
    internal const string Utf8 = "utf8";

    private readonly LayoutGroup _group;

    private StructLayout(string text, LayoutGroup group)
    {
        Text = text;
        _group = group;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Reads the text of a layout. O(its length).</summary>
    /// <exception cref="ElfMmuException"><c>LayoutInvalid</c>: where in the text, and what was expected; or it is too large.</exception>
    public static StructLayout Parse(string text)
    {
        var layout = new StructLayout(text, LayoutParser.Parse(text));

        // What can be wrong with offsets is said before anything is read.
        layout.In(new DataModel(ByteOrder.Little, 32));
        layout.In(new DataModel(ByteOrder.Little, 64));
        return layout;
    }

    /// <summary>The structure on a machine: with the size of its addresses and its order of bytes.</summary>
    public StructShape In(DataModel model) => new(Text, _group, model);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
