namespace ElfMmu.Dwarf;

/// <summary>Reads what stands before names: words of types, qualifiers and attributes.</summary>
internal sealed partial class CParser
{
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "extern", "register", "auto", "inline", "__inline", "__inline__", "_Noreturn", "__extension__", "_Thread_local", "__thread",
        "constexpr", "__user", "__iomem", "__rcu", "__percpu", "__force", "__init", "__initdata", "__read_mostly", "asmlinkage",
    };

    private static readonly HashSet<string> BasicWords = new(StringComparer.Ordinal)
    {
        "void", "char", "short", "int", "long", "signed", "__signed__", "__signed", "unsigned", "float", "double", "_Bool", "bool", "__int128",
        "__int128_t", "__uint128_t", "char16_t", "char32_t",
    };

    private static DwarfQualifier? Qualifier(string word) => word switch
    {
        "const" or "__const" or "__const__" => DwarfQualifier.Const,
        "volatile" or "__volatile" or "__volatile__" => DwarfQualifier.Volatile,
        "restrict" or "__restrict" or "__restrict__" => DwarfQualifier.Restrict,
        _ => null,
    };

    private bool IsTypeStart()
    {
        if (Token.Kind != CTokenKind.Word)
        {
            return false;
        }

        string word = Token.Text;
        return BasicWords.Contains(word) || Ignored.Contains(word) || Qualifier(word) != null || IsAttribute(word)
            || word is "struct" or "union" or "enum" or "typedef" or "static" or "_Atomic" || TryNamed(word, out _);
    }

    private bool TryNamed(string word, out DwarfType? type)
    {
        if (_library.TryName(word, out type))
        {
            return true;
        }

        if (_types.Basic.Meaning(word) is not { } meaning)
        {
            return false;
        }

        type = _types.Name(word, meaning);
        _library.AddCommonName(word, type);
        return true;
    }

    private CSpecifiers Specifiers()
    {
        Enter();
        var result = new CSpecifiers();
        var words = new List<string>();
        var qualifiers = new List<DwarfQualifier>();
        int start = Token.Position;
        bool hasType = false;
        while (Token.Kind == CTokenKind.Word)
        {
            string word = Token.Text;
            if (Qualifier(word) is { } qualifier)
            {
                qualifiers.Add(qualifier);
                _at++;
            }
            else if (IsAttribute(word))
            {
                Attributes(result.Attributes);
            }
            else if (word is "typedef" or "static" or "_Atomic" || Ignored.Contains(word) || _empty.Contains(word))
            {
                result.IsTypedef |= word == "typedef";
                result.IsStatic |= word == "static";
                _at++;
            }
            else if (!hasType && BasicWords.Contains(word))
            {
                words.Add(word);
                _at++;
            }
            else if (!hasType && words.Count == 0 && word is "struct" or "union" or "enum")
            {
                (result.Type, result.IsAnonymous) = word == "enum" ? Enumeration() : Structure();
                hasType = true;
            }
            else if (!hasType && words.Count == 0 && TryNamed(word, out DwarfType? named))
            {
                result.Type = named;
                hasType = true;
                _at++;
            }
            else
            {
                break;
            }
        }

        if (!hasType)
        {
            result.Type = Basic(words, start);
        }

        foreach (DwarfQualifier qualifier in qualifiers.Distinct())
        {
            result.IsConst |= qualifier == DwarfQualifier.Const;
            result.Type = _types.Qualify(qualifier, result.Type);
        }

        _depth--;
        return result;
    }

    private DwarfBaseType? Basic(List<string> words, int start)
    {
        if (words.Count == 0)
        {
            throw Token.Kind == CTokenKind.Word
                ? Invalid(Token.Position, $"expected a type, and '{Token.Text}' isn't one that is known; define it before it is used, or "
                    + "write struct, union or enum before it")
                : Expected("a type");
        }

        int longs = words.RemoveAll(w => w == "long");
        bool isUnsigned = words.RemoveAll(w => w is "unsigned" or "__uint128_t") > 0 || words.Contains("__uint128_t");
        bool isSigned = words.RemoveAll(w => w is "signed" or "__signed__" or "__signed") > 0;
        string prefix = isUnsigned ? "unsigned " : "";
        string rest = string.Join(' ', words.Order(StringComparer.Ordinal));
        string? name = (rest, longs) switch
        {
            ("void", 0) when !isUnsigned && !isSigned => "",
            ("" or "int", 0) => prefix + "int",
            ("" or "int", 1) => prefix + "long",
            ("" or "int", 2) => prefix + "long long",
            ("short" or "int short", 0) => prefix + "short",
            ("char", 0) => isSigned ? "signed char" : prefix + "char",
            ("__int128" or "__int128_t", 0) => prefix + "__int128",
            ("_Bool" or "bool", 0) => "_Bool",
            ("double", 1) => "long double",
            ("float" or "double" or "char16_t" or "char32_t", 0) => rest,
            _ => null,
        };
        return name == "" ? null
            : name != null && !(isUnsigned && isSigned) && _types.Basic.TryBasic(name, out DwarfBaseType? type) ? type
            : throw Invalid(start, "these words together aren't a type of C");
    }

    private static bool IsAttribute(string word) =>
        word is "__attribute__" or "__attribute" or "__declspec" or "__packed" or "__aligned" or "_Alignas" or "alignas"
            or "____cacheline_aligned" or "__asm__" or "asm" or "__asm";

    /// <summary>Reads attributes, if there are any: what has to do with layout is kept.</summary>
    private void Attributes(CAttributes attributes)
    {
        while (Token.Kind == CTokenKind.Word && (IsAttribute(Token.Text) || _empty.Contains(Token.Text)))
        {
            string word = Token.Text;
            _at++;
            switch (word)
            {
                case "__attribute__" or "__attribute":
                    Expect("(", " behind __attribute__");
                    Expect("(", " behind __attribute__");
                    while (!Take(")"))
                    {
                        Attribute(attributes);
                        if (!Token.Is(")"))
                        {
                            Expect(",", " or ) between attributes");
                        }
                    }

                    Expect(")", " at the end of the attributes");
                    break;
                case "__packed":
                    attributes.IsPacked = true;
                    break;
                case "__aligned" or "_Alignas" or "alignas":
                    attributes.Align(AlignmentArgument());
                    break;
                case "____cacheline_aligned":
                    attributes.Align(64);
                    break;
                case "__declspec" or "__asm__" or "asm" or "__asm":
                    SkipBalanced("(", ")");
                    break;
            }
        }
    }

    private void Attribute(CAttributes attributes)
    {
        if (Token.Is(","))
        {
            return;
        }

        if (Token.Kind != CTokenKind.Word)
        {
            throw Expected("the name of an attribute");
        }

        string name = Token.Text.Trim('_');
        int position = Token.Position;
        _at++;
        switch (name)
        {
            case "packed":
                attributes.IsPacked = true;
                break;
            case "aligned":
                attributes.Align(Token.Is("(") ? AlignmentArgument() : (ulong)_types.Abi.Biggest);
                break;
            case "mode" or "vector_size" or "ms_struct" or "gcc_struct" or "scalar_storage_order":
                throw Invalid(position, $"the attribute {name} changes the layout in a way that isn't followed");
            default:
                if (Token.Is("("))
                {
                    SkipBalanced("(", ")");
                }

                break;
        }
    }

    private ulong AlignmentArgument()
    {
        Expect("(", " and an alignment");
        int at = Token.Position;
        Int128 number;
        if (IsTypeStart())
        {
            number = _types.Facts(TypeName())?.Alignment ?? throw Invalid(at, "this type has no alignment");
        }
        else
        {
            number = Expression().Number;
        }

        Expect(")", " behind the alignment");
        return number > 0 && number <= 1 << 28 && Int128.IsPow2(number)
            ? (ulong)number
            : throw Invalid(at, $"an alignment is a power of two up to 2²⁸, and this is {number}");
    }
}
