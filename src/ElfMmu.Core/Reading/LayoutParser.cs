namespace ElfMmu.Reading;

/// <summary>Reads the text of a layout; see <see cref="StructLayout"/> for its grammar.</summary>
internal sealed class LayoutParser
{
    /// <summary>The most characters a layout has.</summary>
    public const int MaximumText = 64 << 10;

    private const int MaximumItems = 1024;
    private const int MaximumDepth = 8;
    private const string FieldForm = "a type such as u32, char[16] or { … }, or pad or align and a number";

    private readonly string _text;
    private int _position;
    private int _items;

    private LayoutParser(string text) => _text = text;

    /// <summary>Reads a layout.</summary>
    /// <exception cref="ElfMmuException"><c>LayoutInvalid</c>.</exception>
    public static LayoutGroup Parse(string text)
    {
        if (text.Length > MaximumText)
        {
            throw new ElfMmuException(
                "LayoutInvalid",
                ErrorKind.LimitsExceeded,
                $"The layout has {text.Length} characters; {MaximumText} are the most.");
        }

        var parser = new LayoutParser(text);
        LayoutGroup group = parser.Group(1);
        return parser.AtEnd ? group : throw parser.Expected("; or the end");
    }

    /// <summary>An error at a place of a layout, which is shown.</summary>
    public static ElfMmuException Invalid(string text, int position, string what)
    {
        int start = Math.Max(0, position - 20);
        string near = text[start..Math.Min(text.Length, position + 20)].ReplaceLineEndings(" ");
        string where = position >= text.Length ? "at its end" : $"at character {position + 1} ('{text[position]}')";
        return new ElfMmuException(
            "LayoutInvalid", ErrorKind.InvalidArgument, $"The layout is wrong {where}, near '{near.Trim()}': {what}.");
    }

    private bool AtEnd
    {
        get
        {
            Skip();
            return _position == _text.Length;
        }
    }

    private LayoutGroup Group(int depth)
    {
        bool isNatural = false;
        var items = new List<LayoutItem>();
        while (true)
        {
            Skip();
            int position = _position;
            if (Take(';'))
            {
                continue;
            }

            if (AtEnd || _text[_position] == '}')
            {
                return items.Exists(i => i.Kind == LayoutItemKind.Field)
                    ? new LayoutGroup(isNatural, items)
                    : throw Expected(FieldForm);
            }

            if (++_items > MaximumItems)
            {
                throw Invalid(_text, position, $"there are more than {MaximumItems} fields");
            }

            string word = Word();
            if (word == "natural" && items.Count == 0)
            {
                isNatural = true;
            }
            else
            {
                items.Add(Item(word, position, depth));
            }

            Skip();
            if (!AtEnd && _text[_position] is not (';' or '}'))
            {
                throw Expected("; between fields");
            }
        }
    }

    private LayoutItem Item(string word, int position, int depth)
    {
        if (word is "pad" or "align")
        {
            bool isPadding = word == "pad";
            int at = _position;
            ulong number = Number(isPadding ? "how many bytes to pass over" : "the number to align to");
            return number is 0 or > StructLayout.MaximumSize
                ? throw Invalid(_text, at, $"{word} takes a number from 1 to {StructLayout.MaximumSize}")
                : new LayoutItem(isPadding ? LayoutItemKind.Padding : LayoutItemKind.Alignment, position) { Number = number };
        }

        LayoutGroup? group = null;
        MemoryValueType? type = null;
        if (word.Length == 0 && Take('{'))
        {
            if (depth == MaximumDepth)
            {
                throw Invalid(_text, position, $"fields are nested more than {MaximumDepth} deep");
            }

            group = Group(depth + 1);
            if (!Take('}'))
            {
                throw Expected("}");
            }
        }
        else if (word != StructLayout.Utf8 && !MemoryValueType.TryParse(word, out type))
        {
            _position = position;
            throw Expected($"{FieldForm}; the types are {string.Join(", ", MemoryValueType.Names)}, {StructLayout.Utf8}");
        }

        // The count may stand behind the type or, as in C, behind the name; the offset before or behind the name.
        int? count = Count();
        ulong? offset = Offset();
        Skip();
        int nameAt = _position;
        string name = Word();
        count ??= name.Length > 0 ? Count() : null;
        offset ??= Offset();
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
        {
            _position = nameAt;
            throw Expected("a name, which begins with a letter");
        }

        return word == StructLayout.Utf8 && count == null
            ? throw Expected($"[ and how many bytes, for {StructLayout.Utf8} is text")
            : new LayoutItem(LayoutItemKind.Field, position)
            {
                Type = type,
                Group = group,
                Count = count,
                Offset = offset,
                Name = name.Length == 0 ? null : name,
            };
    }

    private int? Count()
    {
        if (!Take('['))
        {
            return null;
        }

        int at = _position;
        ulong count = Number("how many there are");
        if (count is 0 or > StructLayout.MaximumSize)
        {
            throw Invalid(_text, at, $"there can be 1 to {StructLayout.MaximumSize}");
        }

        return Take(']') ? (int)count : throw Expected("]");
    }

    private ulong? Offset()
    {
        if (!Take('@'))
        {
            return null;
        }

        int at = _position;
        ulong offset = Number("an offset");
        return offset < StructLayout.MaximumSize
            ? offset
            : throw Invalid(_text, at, $"an offset is below {StructLayout.MaximumSize}");
    }

    private ulong Number(string what)
    {
        Skip();
        int start = _position;
        string word = Word();
        if (AddressText.TryParse(word, out ulong number))
        {
            return number;
        }

        _position = start;
        throw Expected($"{what}: decimal digits, or 0x and hexadecimal digits");
    }

    /// <summary>The letters, digits and underscores that follow; none where something else does.</summary>
    private string Word()
    {
        Skip();
        int start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
        {
            _position++;
        }

        return _text[start.._position];
    }

    private bool Take(char c)
    {
        Skip();
        bool isThere = _position < _text.Length && _text[_position] == c;
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private void Skip()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private ElfMmuException Expected(string what) => Invalid(_text, _position, $"expected {what}");
}
