namespace ElfMmu.Dwarf;

/// <summary>Cuts C text into words, without comments; of the preprocessor's lines only #define and #pragma have a meaning.</summary>
internal sealed class CLexer
{
    private static readonly string[] Signs =
    [
        "...", "<<=", ">>=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->", "++", "--", "::",
    ];

    private readonly string _text;
    private readonly List<CToken> _tokens = [];
    private int _position;
    private bool _isDefine;
    private bool _isLineStart = true;

    private CLexer(string text) => _text = text;

    /// <summary>The words of a text, with one of kind <see cref="CTokenKind.End"/> at the end. O(length).</summary>
    public static List<CToken> Read(string text)
    {
        var lexer = new CLexer(text);
        lexer.Read();
        return lexer._tokens;
    }

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private char Next => _position + 1 < _text.Length ? _text[_position + 1] : '\0';

    private void Read()
    {
        while (_position < _text.Length)
        {
            char c = Current;
            if (c == '\n')
            {
                EndLine();
                _position++;
            }
            else if (char.IsWhiteSpace(c) || c == '\ufeff')
            {
                _position++;
            }
            else if (c == '\\' && Next is '\n' or '\r')
            {
                _position += Next == '\r' && _position + 2 < _text.Length && _text[_position + 2] == '\n' ? 3 : 2;
            }
            else if (c == '/' && Next == '/')
            {
                while (_position < _text.Length && Current != '\n')
                {
                    _position++;
                }
            }
            else if (c == '/' && Next == '*')
            {
                int end = _text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                _position = end >= 0 ? end + 2 : throw CText.Invalid(_text, _position, "expected */ somewhere behind this /*");
            }
            else if (c == '#' && _isLineStart)
            {
                Directive();
            }
            else
            {
                _isLineStart = false;
                Token(c);
            }
        }

        EndLine();
        Add(CTokenKind.End, _text.Length, _text.Length);
    }

    private void Token(char c)
    {
        int start = _position;
        if (IsNameStart(c))
        {
            Word();
            Add(CTokenKind.Word, start, _position);
        }
        else if (char.IsAsciiDigit(c))
        {
            while (IsNamePart(Current))
            {
                _position++;
            }

            Add(CTokenKind.Number, start, _position);
        }
        else if (c is '"' or '\'')
        {
            Quoted(c);
            Add(c == '"' ? CTokenKind.Text : CTokenKind.Number, start, _position);
        }
        else
        {
            string? sign = null;
            foreach (string s in Signs)
            {
                if (string.CompareOrdinal(_text, start, s, 0, s.Length) == 0)
                {
                    sign = s;
                    break;
                }
            }

            _position += sign?.Length ?? 1;
            Add(CTokenKind.Sign, start, _position);
        }
    }

    private void Directive()
    {
        int start = _position++;
        Blanks();
        int at = _position;
        Word();
        string word = _text[at.._position];
        switch (word)
        {
            case "define":
                Blanks();
                int name = _position;
                Word();
                if (name == _position)
                {
                    throw CText.Invalid(_text, name, "expected a name behind #define");
                }

                if (Current == '(')
                {
                    // What takes arguments isn't a number.
                    SkipLine();
                    return;
                }

                Add(CTokenKind.Define, name, _position);
                _isDefine = true;
                _isLineStart = false;
                return;
            case "pragma":
                int words = _position;
                SkipLine();
                _tokens.Add(new CToken(CTokenKind.Pragma, _text[words.._position].Trim(), start));
                return;
            case "" or "line" or "undef" or "ident" or "warning":
                SkipLine();
                return;
            default:
                throw CText.Invalid(
                    _text,
                    start,
                    $"#{word} isn't followed; run the text through a preprocessor first (gcc -E), or cut the line");
        }
    }

    // A line that ends in a backslash goes on in the next.
    private void SkipLine()
    {
        while (_position < _text.Length && Current != '\n')
        {
            bool goesOn = Current == '\\' && (Next == '\n' || Next == '\r');
            _position += goesOn ? (Next == '\r' ? 3 : 2) : 1;
        }

        _position = Math.Min(_position, _text.Length);
    }

    private void EndLine()
    {
        if (_isDefine)
        {
            Add(CTokenKind.LineEnd, _position, _position);
            _isDefine = false;
        }

        _isLineStart = true;
    }

    private void Quoted(char quote)
    {
        int start = _position++;
        while (Current != quote)
        {
            if (_position >= _text.Length || Current == '\n')
            {
                throw CText.Invalid(_text, start, $"expected {quote} at the end of this text");
            }

            _position += Current == '\\' ? 2 : 1;
        }

        _position++;
    }

    private void Word()
    {
        while (IsNamePart(Current))
        {
            _position++;
        }
    }

    private void Blanks()
    {
        while (Current is ' ' or '\t')
        {
            _position++;
        }
    }

    private void Add(CTokenKind kind, int start, int end) => _tokens.Add(new CToken(kind, _text[start..end], start));

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '$';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
}
