namespace ElfMmu.Dwarf;

/// <summary>Reads names with their pointers, arrays and parameters.</summary>
internal sealed partial class CParser
{
    /// <summary>The most pointers, arrays and parameter lists one name has.</summary>
    private const int MaximumParts = 256;

    private DwarfType? TypeName()
    {
        CSpecifiers specifiers = Specifiers();
        return Declarator(specifiers.Type, MustHaveName: false).Type;
    }

    private CDeclarator Declarator(DwarfType? type, bool MustHaveName)
    {
        int position = Token.Position;
        var parts = new List<Func<DwarfType?, DwarfType?>>();
        string? name = DeclaratorParts(parts, MustHaveName, ref position);
        foreach (Func<DwarfType?, DwarfType?> part in parts)
        {
            type = part(type);
        }

        return new CDeclarator(name, type, position);
    }

    // The parts in the order they are put upon the type: pointers, then arrays and parameters from the right, then what is in parentheses.
    private string? DeclaratorParts(List<Func<DwarfType?, DwarfType?>> parts, bool mustHaveName, ref int position)
    {
        Enter();
        while (Take("*") || Take("^"))
        {
            Part(parts, _types.PointerTo);
            while (Token.Kind == CTokenKind.Word)
            {
                if (Qualifier(Token.Text) is { } qualifier)
                {
                    Part(parts, t => _types.Qualify(qualifier, t));
                    _at++;
                }
                else if (Ignored.Contains(Token.Text) || _empty.Contains(Token.Text) || Token.Text == "_Atomic")
                {
                    _at++;
                }
                else if (IsAttribute(Token.Text))
                {
                    Attributes(new CAttributes());
                }
                else
                {
                    break;
                }
            }
        }

        Attributes(new CAttributes());
        string? name = null;
        var inner = new List<Func<DwarfType?, DwarfType?>>();
        if (Token.Is("(") && IsNested())
        {
            _at++;
            name = DeclaratorParts(inner, mustHaveName, ref position);
            Expect(")", " behind the declarator");
        }
        else if (Token.Kind == CTokenKind.Word && !IsReserved(Token.Text))
        {
            name = Token.Text;
            position = Token.Position;
            _at++;
        }
        else if (mustHaveName)
        {
            throw Expected("a name");
        }

        var suffixes = new List<Func<DwarfType?, DwarfType?>>();
        Suffixes(suffixes);
        for (int i = suffixes.Count - 1; i >= 0; i--)
        {
            Part(parts, suffixes[i]);
        }

        inner.ForEach(p => Part(parts, p));
        _depth--;
        return name;
    }

    private void Part(List<Func<DwarfType?, DwarfType?>> parts, Func<DwarfType?, DwarfType?> part)
    {
        if (parts.Count == MaximumParts)
        {
            throw Invalid(Token.Position, $"a name has at most {MaximumParts} pointers, arrays and parameter lists");
        }

        parts.Add(part);
    }

    // In parentheses stands a declarator, unless it is empty or begins with a type: then they are parameters.
    private bool IsNested()
    {
        CToken next = Following;
        if (next.Is(")"))
        {
            return false;
        }

        _at++;
        bool isType = IsTypeStart() && !IsAttribute(Token.Text);
        _at--;
        return !isType && !next.Is("...");
    }

    private static bool IsReserved(string word) =>
        BasicWords.Contains(word) || Qualifier(word) != null || word is "struct" or "union" or "enum" or "typedef" or "sizeof" or "static";

    private void Suffixes(List<Func<DwarfType?, DwarfType?>> suffixes)
    {
        while (true)
        {
            int position = Token.Position;
            if (Take("["))
            {
                var counts = new List<ulong?> { Count() };
                while (Take("["))
                {
                    counts.Add(Count());
                }

                Part(suffixes, t => Array(t, counts, position));
            }
            else if (Token.Is("("))
            {
                (List<DwarfParameter> parameters, bool isVariadic, bool isPrototyped) = Parameters();
                Part(
                    suffixes,
                    t => _types.Stripped(t) is DwarfFunctionType or DwarfArrayType
                        ? throw Invalid(position, "a function returns neither a function nor an array; a pointer to one it can")
                        : new DwarfFunctionType(t, parameters) { IsVariadic = isVariadic, IsPrototyped = isPrototyped });
            }
            else
            {
                return;
            }
        }
    }

    private ulong? Count()
    {
        while (Token.Is("static") || (Token.Kind == CTokenKind.Word && Qualifier(Token.Text) != null))
        {
            _at++;
        }

        if (Take("]"))
        {
            return null;
        }

        int at = Token.Position;
        Int128 count = Expression().Number;
        Expect("]", " behind the number of elements");
        return count < 0 || count > CTypes.MaximumSize
            ? throw Invalid(at, $"an array has from 0 to 2⁴⁸ elements, and this is {count}")
            : (ulong)count;
    }

    private DwarfArrayType Array(DwarfType? element, List<ulong?> counts, int position)
    {
        CTypeFacts facts = Facts(element, position);
        return counts.Skip(1).Contains(null)
            ? throw Invalid(position, "only the first number of elements may be left out")
            : _types.Array(element!, facts, [.. counts]) ?? throw Invalid(position, "the array gets larger than 2⁴⁸ bytes");
    }

    private CTypeFacts Facts(DwarfType? type, int position) => _types.Facts(type) ?? throw Invalid(
        position,
        _types.Stripped(type) switch
        {
            null => "void takes no room; a pointer to it does",
            DwarfFunctionType => "a function takes no room; a pointer to it does",
            { } other => $"'{other}' is only declared here; define it before, or use a pointer to it",
        });

    private (List<DwarfParameter> Parameters, bool IsVariadic, bool IsPrototyped) Parameters()
    {
        Expect("(", "");
        Enter();
        var parameters = new List<DwarfParameter>();
        bool isVariadic = false;
        if (Take(")"))
        {
            _depth--;
            return (parameters, false, false);
        }

        while (true)
        {
            if (Take("..."))
            {
                isVariadic = true;
                Expect(")", " behind ...");
                break;
            }

            int at = Token.Position;
            CSpecifiers specifiers = Specifiers();
            CDeclarator declarator = Declarator(specifiers.Type, MustHaveName: false);
            Attributes(new CAttributes());
            if (declarator.Type == null && declarator.Name == null && parameters.Count == 0 && Take(")"))
            {
                break;
            }

            DwarfType type = Decayed(declarator.Type) ?? throw Invalid(at, "a parameter can't be void");
            parameters.Add(new DwarfParameter(declarator.Name, type));
            if (Take(")"))
            {
                break;
            }

            Expect(",", " or ) between parameters");
        }

        _depth--;
        return (parameters, isVariadic, true);
    }

    // A parameter that is an array or function is a pointer.
    private DwarfType? Decayed(DwarfType? type) => _types.Stripped(type) switch
    {
        DwarfFunctionType => _types.PointerTo(type),
        DwarfArrayType { Counts.Count: 1 } array => _types.PointerTo(array.Element),
        DwarfArrayType array when _types.Facts(array.Element) is { } facts =>
            _types.PointerTo(_types.Array(array.Element, facts, [.. array.Counts.Skip(1)])),
        _ => type,
    };
}
