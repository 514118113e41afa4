namespace ElfMmu.Dwarf;

/// <summary>Reads structures, unions and enumerations.</summary>
internal sealed partial class CParser
{
    private (DwarfType Type, bool IsAnonymous) Structure()
    {
        DwarfStructKind kind = Token.Is("union") ? DwarfStructKind.Union : DwarfStructKind.Struct;
        string word = Token.Text;
        _at++;
        var attributes = new CAttributes();
        Attributes(attributes);
        CToken? tag = Tag();
        Attributes(attributes);
        if (!Token.Is("{"))
        {
            return tag is { } name
                ? (Tagged(kind, name.Text), false)
                : throw Expected($"a name or {{ behind {word}");
        }

        DwarfStructType type = tag is { } t ? Tagged(kind, t.Text) : new DwarfStructType(kind, null);
        if (type.Size != null)
        {
            throw Invalid(tag!.Value.Position, $"'{type}' is defined already; one name has one definition");
        }

        _at++;
        int first = _at;

        // What stands behind the members may be about them: whether they are packed.
        while (!Take("}"))
        {
            SkipMember();
        }

        Attributes(attributes);
        int after = _at;
        _at = first;
        Members(type, attributes);
        _at = after;
        if (tag == null)
        {
            _library.AddType(type);
        }

        return (type, tag == null);
    }

    private CToken? Tag()
    {
        if (Token.Kind != CTokenKind.Word)
        {
            return null;
        }

        CToken tag = Token;
        _at++;
        return tag;
    }

    private DwarfStructType Tagged(DwarfStructKind kind, string name)
    {
        DwarfTagKind tag = kind == DwarfStructKind.Union ? DwarfTagKind.Union : DwarfTagKind.Struct;
        if (_library.TryTag(tag, name, out DwarfType? known))
        {
            return (DwarfStructType)known;
        }

        var made = new DwarfStructType(kind, name);
        _library.AddType(made);
        _library.AddTag(tag, name, made);
        return made;
    }

    private void SkipMember()
    {
        if (Token.Is("{"))
        {
            SkipBalanced("{", "}");
        }
        else if (IsAtEnd)
        {
            throw Expected("} behind the members");
        }
        else
        {
            _at++;
        }
    }

    private void Members(DwarfStructType type, CAttributes attributes)
    {
        var placer = new CStructPlacer(type.Kind, _types.Abi, attributes.IsPacked, _pack);
        var names = new HashSet<string>(StringComparer.Ordinal);

        // What fails half-way leaves the structure as it was, declared, in a library that may be used all the same.
        var made = new DwarfStructType(type.Kind, type.Name);
        while (!Token.Is("}"))
        {
            if (Token.Kind == CTokenKind.Pragma)
            {
                Pragma();
            }
            else if (!Take(";") && !SkipAssertion())
            {
                MemberDeclaration(made, placer, names);
            }
        }

        ulong size = placer.End(attributes.Alignment);
        if (attributes.Alignment > 0)
        {
            type.Alignment = placer.Alignment;
        }

        type.Members.AddRange(made.Members);
        type.Size = size;
        _types.SetFacts(type, new CTypeFacts(size, placer.Alignment, placer.Alignment));
    }

    private void MemberDeclaration(DwarfStructType type, CStructPlacer placer, HashSet<string> names)
    {
        int start = Token.Position;
        CSpecifiers specifiers = Specifiers();
        if (specifiers.IsTypedef)
        {
            throw Invalid(start, "a typedef stands outside of structures");
        }

        if (Take(";"))
        {
            // An anonymous member; an enumeration or a structure with a tag just defines a type.
            if (specifiers.IsAnonymous && _types.Stripped(specifiers.Type) is DwarfStructType)
            {
                Place(type, placer, null, specifiers.Type, start, specifiers.Attributes);
            }

            return;
        }

        while (true)
        {
            CDeclarator declarator = Token.Is(":")
                ? new CDeclarator(null, specifiers.Type, Token.Position)
                : Declarator(specifiers.Type, MustHaveName: true);
            if (declarator.Name != null && !names.Add(declarator.Name))
            {
                throw Invalid(declarator.Position, $"there is a member '{declarator.Name}' already");
            }

            var attributes = new CAttributes
            {
                IsPacked = specifiers.Attributes.IsPacked,
                Alignment = specifiers.Attributes.Alignment,
            };
            if (Take(":"))
            {
                BitField(type, placer, declarator, attributes);
            }
            else
            {
                Attributes(attributes);
                Place(type, placer, declarator.Name, declarator.Type, declarator.Position, attributes);
            }

            if (Take(";"))
            {
                return;
            }

            Expect(",", " or ; behind a member");
        }
    }

    private void Place(
        DwarfStructType type, CStructPlacer placer, string? name, DwarfType? member, int position, CAttributes attributes)
    {
        CTypeFacts facts = Facts(member, position);
        ulong offset = placer.Place(facts, attributes.Alignment, attributes.IsPacked);
        if (offset > CTypes.MaximumSize || facts.Size > CTypes.MaximumSize - offset)
        {
            throw Invalid(position, $"'{type}' gets larger than 2⁴⁸ bytes");
        }

        type.Members.Add(new DwarfMember(name, member!, offset));
    }

    private void BitField(DwarfStructType type, CStructPlacer placer, CDeclarator declarator, CAttributes attributes)
    {
        int at = Token.Position;
        Int128 bits = Expression().Number;
        Attributes(attributes);
        DwarfType? basic = _types.Stripped(declarator.Type);
        if (basic is not (DwarfEnumType or DwarfBaseType
            {
                Encoding: not (DwarfEncoding.Float or DwarfEncoding.ComplexFloat),
            }))
        {
            throw Invalid(at, "a bit field is of an integer type");
        }

        CTypeFacts facts = Facts(declarator.Type, at);
        if (bits < 0 || bits > facts.Size * 8 || (bits == 0 && declarator.Name != null))
        {
            throw Invalid(at, $"a bit field of this type has 1 to {facts.Size * 8} bits, and this is {bits}; one of 0 has no name");
        }

        if (attributes.Alignment > 0)
        {
            throw Invalid(at, "an alignment for a bit field isn't followed; put a field of 0 bits before it");
        }

        ulong offset = placer.PlaceBits(facts, (uint)bits, declarator.Name != null, attributes.IsPacked);
        if (declarator.Name != null)
        {
            type.Members.Add(DwarfMember.Bits(declarator.Name, declarator.Type!, offset, (uint)bits));
        }
    }

    private (DwarfType Type, bool IsAnonymous) Enumeration()
    {
        _at++;
        var attributes = new CAttributes();
        Attributes(attributes);
        CToken? tag = Tag();
        Attributes(attributes);
        DwarfType? underlying = null;
        if (Token.Is(":") && (_tokens[_at + 1].Kind == CTokenKind.Word))
        {
            _at++;
            underlying = Specifiers().Type;
        }

        if (!Token.Is("{"))
        {
            return tag is { } name ? (TaggedEnum(name.Text, underlying), false) : throw Expected("a name or { behind enum");
        }

        DwarfEnumType type = tag is { } t ? TaggedEnum(t.Text, underlying) : new DwarfEnumType(null);
        if (type.Enumerators.Count > 0)
        {
            throw Invalid(tag!.Value.Position, $"'{type}' is defined already; one name has one definition");
        }

        _at++;
        List<DwarfEnumerator> values = Enumerators();
        Attributes(attributes);
        SetUnderlying(type, underlying ?? SmallestFor(values, attributes.IsPacked));
        type.Enumerators.AddRange(values);
        if (tag == null)
        {
            _library.AddType(type);
        }

        return (type, tag == null);
    }

    private List<DwarfEnumerator> Enumerators()
    {
        var values = new List<DwarfEnumerator>();
        Int128 next = 0;
        while (!Take("}"))
        {
            CToken name = Token;
            if (name.Kind != CTokenKind.Word)
            {
                throw Expected("the name of a value, or }");
            }

            _at++;
            Attributes(new CAttributes());
            if (Take("="))
            {
                next = Expression().Number;
            }

            if (next < long.MinValue || next > ulong.MaxValue)
            {
                throw Invalid(name.Position, $"the value of '{name.Text}' is {next}, which 64 bits don't hold");
            }

            values.Add(new DwarfEnumerator(name.Text, next));
            _library.Values[name.Text] = next >= int.MinValue && next <= int.MaxValue ? CValue.Of(next, 32, false)
                : next >= 0 && next <= uint.MaxValue ? CValue.Of(next, 32, true)
                : CValue.Of(next, 64, next > long.MaxValue);
            next++;
            if (!Token.Is("}"))
            {
                Expect(",", " or } behind a value");
            }
        }

        return values.Count > 0 ? values : throw Invalid(_tokens[_at - 1].Position, "expected the name of a value");
    }

    // As GCC: unsigned int, or int if a value is negative; what doesn't fit gets 64 bits, and what is packed the fewest bytes.
    private DwarfBaseType SmallestFor(List<DwarfEnumerator> values, bool isPacked)
    {
        Int128 least = values.Min(e => e.Value);
        Int128 most = values.Max(e => e.Value);
        ulong size = isPacked ? 1ul : 4ul;
        while (size < 8 && !(least < 0
            ? least >= -(Int128.One << (int)((size * 8) - 1)) && most < Int128.One << (int)((size * 8) - 1)
            : most < Int128.One << (int)(size * 8)))
        {
            size *= 2;
        }

        string wide = _types.Abi.Long == 8 ? "long" : "long long";
        string name = size switch { 1 => "char", 2 => "short", 4 => "int", _ => wide };
        return _types.Basic[least >= 0 ? "unsigned " + name : size == 1 ? "signed char" : name];
    }

    private void SetUnderlying(DwarfEnumType type, DwarfType underlying)
    {
        CTypeFacts facts = Facts(underlying, Token.Position);
        type.Underlying = underlying;
        type.Size = facts.Size;
        _types.SetFacts(type, facts);
    }

    private DwarfEnumType TaggedEnum(string name, DwarfType? underlying)
    {
        if (!_library.TryTag(DwarfTagKind.Enum, name, out DwarfType? known))
        {
            known = new DwarfEnumType(name);
            _library.AddType(known);
            _library.AddTag(DwarfTagKind.Enum, name, known);
        }

        var type = (DwarfEnumType)known;
        if (underlying != null && type.Size == null)
        {
            SetUnderlying(type, underlying);
        }

        return type;
    }
}
