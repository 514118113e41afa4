using System.Globalization;

namespace ElfMmu.Dwarf;

/// <summary>Reads constant expressions, with the types C gives to their parts.</summary>
internal sealed partial class CParser
{
    private static readonly Dictionary<string, int> Precedence = new(StringComparer.Ordinal)
    {
        ["||"] = 1, ["&&"] = 2, ["|"] = 3, ["^"] = 4, ["&"] = 5, ["=="] = 6, ["!="] = 6, ["<"] = 7, [">"] = 7, ["<="] = 7, [">="] = 7,
        ["<<"] = 8, [">>"] = 8, ["+"] = 9, ["-"] = 9, ["*"] = 10, ["/"] = 10, ["%"] = 10,
    };

    private CValue Expression()
    {
        Enter();
        CValue value = Binary(1);
        if (Take("?"))
        {
            CValue yes = Expression();
            Expect(":", " behind ? and a value");
            CValue no = Expression();
            (CValue a, CValue b) = CValue.Balance(yes, no);
            value = value.Number != 0 ? a : b;
        }

        _depth--;
        return value;
    }

    private CValue Binary(int least)
    {
        CValue left = Unary();
        while (Token.Kind == CTokenKind.Sign && Precedence.TryGetValue(Token.Text, out int precedence) && precedence >= least)
        {
            CToken sign = Token;
            _at++;
            left = Apply(sign, left, Binary(precedence + 1));
        }

        return left;
    }

    private CValue Apply(CToken sign, CValue a, CValue b)
    {
        switch (sign.Text)
        {
            case "<<" or ">>":
                a = a.Promoted;
                return b.Number < 0 || b.Number >= a.Width
                    ? throw Invalid(sign.Position, $"a shift is by 0 to {a.Width - 1} bits here, and this is by {b.Number}")
                    : sign.Text == "<<"
                        ? CValue.Of(a.Number << (int)b.Number, a.Width, a.IsUnsigned)
                        : a with { Number = a.Number >> (int)b.Number };
            case "/" or "%" when b.Number == 0:
                throw Invalid(sign.Position, "this divides by zero");
            case "&&":
                return CValue.Of(a.Number != 0 && b.Number != 0);
            case "||":
                return CValue.Of(a.Number != 0 || b.Number != 0);
            case "==" or "!=" or "<" or ">" or "<=" or ">=":
                (a, b) = CValue.Balance(a, b);
                return CValue.Of(sign.Text switch
                {
                    "==" => a.Number == b.Number,
                    "!=" => a.Number != b.Number,
                    "<" => a.Number < b.Number,
                    ">" => a.Number > b.Number,
                    "<=" => a.Number <= b.Number,
                    _ => a.Number >= b.Number,
                });
            default:
                return CValue.Common(a, b, sign.Text switch
                {
                    "|" => static (x, y) => x | y,
                    "^" => static (x, y) => x ^ y,
                    "&" => static (x, y) => x & y,
                    "+" => static (x, y) => x + y,
                    "-" => static (x, y) => x - y,
                    "*" => static (x, y) => unchecked(x * y),
                    "/" => static (x, y) => x / y,
                    _ => static (x, y) => x % y,
                });
        }
    }

    private CValue Unary()
    {
        Enter();
        CValue value;
        if (Take("-"))
        {
            CValue v = Unary().Promoted;
            value = CValue.Of(-v.Number, v.Width, v.IsUnsigned);
        }
        else if (Take("+"))
        {
            value = Unary().Promoted;
        }
        else if (Take("~"))
        {
            CValue v = Unary().Promoted;
            value = CValue.Of(~v.Number, v.Width, v.IsUnsigned);
        }
        else if (Take("!"))
        {
            value = CValue.Of(Unary().Number == 0);
        }
        else if (Token.Is("(") && IsCast())
        {
            _at++;
            DwarfType? type = TypeName();
            Expect(")", " behind the type");
            value = Cast(Unary(), type);
        }
        else
        {
            value = Primary();
        }

        _depth--;
        return value;
    }

    private bool IsCast()
    {
        _at++;
        bool isType = IsTypeStart();
        _at--;
        return isType;
    }

    private CValue Cast(CValue value, DwarfType? type)
    {
        CTypeFacts facts = Facts(type, Token.Position);
        bool isUnsigned = _types.Stripped(type) switch
        {
            DwarfBaseType b => b.Encoding is DwarfEncoding.Unsigned or DwarfEncoding.UnsignedChar or DwarfEncoding.Boolean
                or DwarfEncoding.Utf,
            DwarfEnumType e => e.Enumerators.TrueForAll(v => v.Value >= 0),
            DwarfPointerType => true,
            { } other => throw Invalid(Token.Position, $"a number can't be turned into '{other}'"),
            null => true,
        };
        return facts.Size is > 0 and <= 8
            ? CValue.Of(value.Number, (int)facts.Size * 8, isUnsigned)
            : throw Invalid(Token.Position, $"constants have up to 64 bits, and this is to have {facts.Size * 8}");
    }

    private CValue Primary()
    {
        CToken token = Token;
        if (token.Kind == CTokenKind.Number)
        {
            _at++;
            return token.Text[0] == '\'' ? Character(token) : Number(token);
        }

        if (Take("("))
        {
            CValue value = Expression();
            Expect(")", " behind the expression");
            return value;
        }

        if (token.Is("sizeof") || token.Text is "_Alignof" or "__alignof__" or "alignof")
        {
            _at++;
            Expect("(", $" and a type behind {token.Text}");
            int at = Token.Position;
            CTypeFacts facts = Facts(TypeName(), at);
            Expect(")", " behind the type");
            return CValue.Of(token.Is("sizeof") ? facts.Size : facts.Alignment, _types.Abi.Pointer * 8, true);
        }

        if (token.Kind == CTokenKind.Word)
        {
            if (_library.Values.TryGetValue(token.Text, out CValue known))
            {
                _at++;
                return known;
            }

            if (_library.Constants.TryGetValue(token.Text, out DwarfConstant? constant))
            {
                _at++;
                return Cast(CValue.Of(constant.Value, 64, constant.Value > long.MaxValue), constant.Type);
            }
        }

        throw Expected("a number, or the name of one");
    }

    private CValue Number(CToken token)
    {
        string digits = token.Text.TrimEnd('u', 'U', 'l', 'L');
        string suffix = token.Text[digits.Length..].ToLowerInvariant();
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isBinary = !isHex && digits.StartsWith("0b", StringComparison.OrdinalIgnoreCase);
        bool isOctal = !isHex && !isBinary && digits.Length > 1 && digits[0] == '0';
        int radix = isHex ? 16 : isBinary ? 2 : isOctal ? 8 : 10;
        Int128 number = 0;
        string body = digits[(isHex || isBinary ? 2 : 0)..];
        bool isSound = body.Length > 0 && suffix is "" or "u" or "l" or "ul" or "lu" or "ll" or "ull" or "llu";
        foreach (char c in body)
        {
            int digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 16;
            isSound &= digit < radix && number <= ulong.MaxValue;
            number = isSound ? (number * radix) + digit : 0;
        }

        if (!isSound || number > ulong.MaxValue)
        {
            throw Invalid(token.Position, $"'{token.Text}' isn't a number of up to 64 bits");
        }

        // The first type that holds it, as C finds it.
        bool isUnsigned = suffix.Contains('u', StringComparison.Ordinal);
        bool mayBeUnsigned = isUnsigned || radix != 10;
        int least = suffix.Contains("ll", StringComparison.Ordinal) ? 64
            : suffix.Contains('l', StringComparison.Ordinal) ? _types.Abi.Long * 8
            : 32;
        foreach (int width in new[] { 32, 64 })
        {
            if (width >= least && !isUnsigned && number < Int128.One << (width - 1))
            {
                return new CValue(number, width, false);
            }

            if (width >= least && mayBeUnsigned && number < Int128.One << width)
            {
                return new CValue(number, width, true);
            }
        }

        return new CValue(number, 64, true);
    }

    private CValue Character(CToken token)
    {
        string body = token.Text[1..^1];
        int value = body switch
        {
            [not '\\' and <= '\x7f'] => body[0],
            "\\n" => '\n',
            "\\r" => '\r',
            "\\t" => '\t',
            "\\0" => 0,
            "\\\\" => '\\',
            "\\'" => '\'',
            ['\\', 'x', ..] when int.TryParse(body[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int hex)
                && hex <= 255 => hex,
            _ => throw Invalid(token.Position, $"{token.Text} isn't a character of ASCII, or one of \\n, \\r, \\t, \\0, \\\\, \\' and \\x41"),
        };
        return Cast(CValue.Of(value, 32, false), _types.Basic["char"]).Promoted;
    }
}
