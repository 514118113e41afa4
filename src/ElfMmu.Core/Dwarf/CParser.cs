using System.Globalization;
using System.Runtime.CompilerServices;

namespace ElfMmu.Dwarf;

/// <summary>Reads C text into a library of types: declarations.</summary>
internal sealed partial class CParser
{
    /// <summary>How deep structures, declarators and expressions may be nested.</summary>
    private const int MaximumDepth = 64;

    private readonly string _text;
    private readonly List<CToken> _tokens;
    private readonly DwarfTypeLibrary _library;
    private readonly CTypes _types;
    private readonly HashSet<string> _empty = new(StringComparer.Ordinal);
    private readonly List<ulong> _packs = [];
    private ulong _pack;
    private int _at;
    private int _depth;
    private bool _isTrying;

    private CParser(string text, DwarfTypeLibrary library)
    {
        CText.CheckLength(text);
        _text = text;
        _tokens = CLexer.Read(text);
        _library = library;
        _types = library.Factory;
    }

    /// <summary>Adds what a text declares to a library. O(length), plus O(depth) for each declarator.</summary>
    public static void Declarations(string text, DwarfTypeLibrary library)
    {
        var parser = new CParser(text, library);
        while (parser.Token.Kind != CTokenKind.End)
        {
            parser.Declaration();
        }
    }

    /// <summary>A type written out, such as <c>struct page *[4]</c>.</summary>
    public static DwarfType? TypeName(string text, DwarfTypeLibrary library)
    {
        var parser = new CParser(text, library);
        DwarfType? type = parser.TypeName();
        return parser.Token.Kind == CTokenKind.End ? type : throw parser.Expected("the end behind the type");
    }

    private CToken Token => _tokens[_at];

    private CToken Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    // The body of a macro ends with its line; elsewhere a macro may stand in what is skipped.
    private bool IsAtEnd => Token.Kind == CTokenKind.End || (_isTrying && Token.Kind == CTokenKind.LineEnd);

    private void Declaration()
    {
        switch (Token.Kind)
        {
            case CTokenKind.Pragma:
                Pragma();
                return;
            case CTokenKind.Define:
                Define();
                return;
        }

        if (Take(";") || SkipAssertion())
        {
            return;
        }

        if (Token.Is("extern") && Following.Kind == CTokenKind.Text)
        {
            throw Expected("C; extern \"C\" is C++, cut it");
        }

        CSpecifiers specifiers = Specifiers();
        if (Take(";"))
        {
            return;
        }

        while (true)
        {
            CDeclarator declarator = Declarator(specifiers.Type, MustHaveName: true);
            var attributes = new CAttributes();
            Attributes(attributes);
            if (specifiers.IsTypedef)
            {
                attributes.Align(specifiers.Attributes.Alignment);
                DefineName(declarator, attributes.Alignment);
            }
            else if (declarator.Type is DwarfFunctionType && Token.Is("{"))
            {
                SkipBalanced("{", "}");
                Declare(specifiers, declarator);
                return;
            }
            else
            {
                Declare(specifiers, declarator);
            }

            if (Take(";"))
            {
                return;
            }

            if (!Take(","))
            {
                throw Expected("; or , behind a declaration");
            }
        }
    }

    private void DefineName(CDeclarator declarator, ulong alignment)
    {
        string name = declarator.Name!;
        DwarfTypedef made = _types.Name(name, declarator.Type, alignment);
        if (_library.TryName(name, out DwarfType? known) && _library.IsOwn(known)
            && known is DwarfTypedef old && old.Target != declarator.Type && old.Target?.ToString() != declarator.Type?.ToString())
        {
            throw Invalid(declarator.Position, $"'{name}' is {old.Target?.ToString() ?? "void"} already; two types need two names");
        }

        _library.AddName(name, made);
        _library.AddType(made);
    }

    private void Declare(CSpecifiers specifiers, CDeclarator declarator)
    {
        string name = declarator.Name!;
        bool isFunction = declarator.Type is DwarfFunctionType;
        if (declarator.Type == null)
        {
            throw Invalid(declarator.Position, $"'{name}' can't be void");
        }

        ulong? address = null;
        ulong? size = null;
        if (Take("@"))
        {
            address = Address("an address");
            if (isFunction && Token.Is("size"))
            {
                _at++;
                size = Address("a size in bytes");
            }
        }
        else if (Token.Is("="))
        {
            int at = Token.Position;
            _at++;
            DwarfType? basic = _types.Stripped(declarator.Type);
            if (!specifiers.IsConst || basic is not (DwarfBaseType { Encoding: not DwarfEncoding.Float } or DwarfEnumType))
            {
                throw Invalid(at, "only constants have a value here (const int X = 1); cut it");
            }

            CValue value = Cast(Expression(), declarator.Type);
            _library.Define(new DwarfConstant(name, value.Number, declarator.Type));
            return;
        }

        _library.Declare(new DwarfDeclaration(name, declarator.Type)
        {
            Address = address,
            Size = size,
            IsExternal = !specifiers.IsStatic,
        });
    }

    private ulong Address(string what)
    {
        int at = Token.Position;
        Int128 number = Expression().Number;
        return number < 0 || number > ulong.MaxValue ? throw Invalid(at, $"expected {what}, and this is {number}") : (ulong)number;
    }

    private void Define()
    {
        CToken name = Token;
        _at++;
        int start = _at;
        int end = start;
        while (_tokens[end].Kind != CTokenKind.LineEnd)
        {
            end++;
        }

        if (end == start)
        {
            _empty.Add(name.Text);
            _at = end + 1;
            return;
        }

        int depth = _depth;
        _isTrying = true;
        try
        {
            CValue value = Expression();
            if (_at == end)
            {
                string type = (value.Width, value.IsUnsigned) switch
                {
                    ( <= 32, false) => "int",
                    ( <= 32, true) => "unsigned int",
                    (_, false) => _types.Abi.Long == 8 ? "long" : "long long",
                    _ => _types.Abi.Long == 8 ? "unsigned long" : "unsigned long long",
                };
                _library.Define(new DwarfConstant(name.Text, value.Number, _types.Basic[type]));
            }
        }
        catch (ElfMmuException)
        {
            // A macro that isn't a number is none of our concern.
            _depth = depth;
        }
        finally
        {
            _isTrying = false;
        }

        _at = end + 1;
    }

    private void Pragma()
    {
        string text = Token.Text;
        int position = Token.Position;
        _at++;
        if (!text.StartsWith("pack", StringComparison.Ordinal) || text.Length > 4 && text[4] is not ('(' or ' ' or '\t'))
        {
            return;
        }

        string inner = text[4..].Trim();
        if (!inner.StartsWith('(') || !inner.EndsWith(')'))
        {
            throw Invalid(position, "expected #pragma pack(push, 1), pack(1), pack(pop) or pack()");
        }

        string[] words = inner[1..^1].Split(',', StringSplitOptions.TrimEntries);
        ulong? number = null;
        foreach (string word in words)
        {
            if (word == "push")
            {
                _packs.Add(_pack);
            }
            else if (word == "pop")
            {
                if (_packs.Count == 0)
                {
                    throw Invalid(position, "there was no pack(push) for this pop");
                }

                _pack = _packs[^1];
                _packs.RemoveAt(_packs.Count - 1);
            }
            else if (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n)
                && n is 0 or 1 or 2 or 4 or 8 or 16)
            {
                number = n;
            }
            else if (word.Length > 0)
            {
                throw Invalid(position, $"expected push, pop, or 1, 2, 4, 8 or 16 in #pragma pack, and this is '{word}'");
            }
        }

        if (inner == "()")
        {
            number = 0;
        }

        _pack = number ?? _pack;
    }

    private bool SkipAssertion()
    {
        if (!Token.Is("_Static_assert") && !Token.Is("static_assert") && !Token.Is("__asm__") && !Token.Is("asm"))
        {
            return false;
        }

        _at++;
        SkipBalanced("(", ")");
        return true;
    }

    private void SkipBalanced(string open, string close)
    {
        int start = Token.Position;
        if (!Token.Is(open))
        {
            throw Expected(open);
        }

        int level = 0;
        do
        {
            level += Token.Is(open) ? 1 : Token.Is(close) ? -1 : 0;
            if (IsAtEnd)
            {
                throw Invalid(start, $"expected {close} somewhere behind this {open}");
            }

            _at++;
        }
        while (level > 0);
    }

    private bool Take(string sign)
    {
        bool isThere = Token.Is(sign);
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void Expect(string sign, string where)
    {
        if (!Take(sign))
        {
            throw Expected(sign + where);
        }
    }

    private void Enter()
    {
        // Types in JSON that wait for each other are so many readers upon each other.
        if (++_depth > MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Invalid(Token.Position, $"this is nested too deep, more than {MaximumDepth} levels or than the stack holds");
        }
    }

    private ElfMmuException Expected(string what) => Invalid(Token.Position, $"expected {what}, and there is {Token}");

    // Whoever just tries doesn't read the message, and finding the line takes time.
    private ElfMmuException Invalid(int position, string what) => _isTrying
        ? new ElfMmuException("TypeTextInvalid", ErrorKind.InvalidArgument, what)
        : CText.Invalid(_text, position, what);
}
