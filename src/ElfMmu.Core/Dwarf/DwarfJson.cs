using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ElfMmu.Dwarf;

/// <summary>Reads types from JSON, in the form docs/types.md describes.</summary>
internal sealed class DwarfJson
{
    /// <summary>How deep definitions that need each other may be nested when they stand in no good order.</summary>
    private const int MaximumDepth = 100;

    private static readonly string[] Parts = ["types", "variables", "functions", "constants"];

    private readonly DwarfTypeLibrary _library;
    private readonly CTypes _types;
    private readonly Dictionary<DwarfType, JsonNode> _openTags = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, JsonNode> _openNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inWork = new(StringComparer.Ordinal);

    private DwarfJson(DwarfTypeLibrary library)
    {
        _library = library;
        _types = library.Factory;
    }

    /// <summary>Reads a text: of this form, or an intermediate symbol file of Volatility 3. O(length).</summary>
    public static void Read(string text, DwarfTypeLibrary library)
    {
        CText.CheckLength(text);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = 128,
            });
        }
        catch (JsonException e)
        {
            throw new ElfMmuException(
                "TypeJsonInvalid",
                ErrorKind.InvalidArgument,
                $"The text isn't JSON in line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}",
                e);
        }
        catch (ArgumentException e)
        {
            throw new ElfMmuException(
                "TypeJsonInvalid",
                ErrorKind.InvalidArgument,
                "The types in JSON have half a character in them, a surrogate without its other one; correct the text.",
                e);
        }

        using (document)
        {
            var root = new JsonNode(document.RootElement, "");
            if (!root.IsObject)
            {
                throw root.Expected("an object: names of types, or \"types\", \"variables\", \"functions\" and \"constants\"");
            }

            if (root.Has("user_types") || root.Has("base_types"))
            {
                new DwarfIsf(library).Read(root);
            }
            else
            {
                new DwarfJson(library).Read(root);
            }
        }
    }

    private void Read(JsonNode root)
    {
        bool hasParts = root.Properties().Any(p => Parts.Contains(p.Name, StringComparer.Ordinal) && !p.Node.Has("kind"));
        if (hasParts && root.Properties().FirstOrDefault(p => !Parts.Contains(p.Name, StringComparer.Ordinal)).Name is { } other)
        {
            throw root[other].Expected("only \"types\", \"variables\", \"functions\" and \"constants\" here");
        }

        _library.Demand = Demand;
        _types.Demand = Complete;
        try
        {
            if (!hasParts || root.Has("types"))
            {
                Types(hasParts ? root["types"] : root);
            }

            if (!hasParts)
            {
                return;
            }

            Each(root, "constants", Constant);
            Each(root, "variables", (name, node) => Declare(name, node, isFunction: false));
            Each(root, "functions", (name, node) => Declare(name, node, isFunction: true));
        }
        finally
        {
            _library.Demand = null;
            _types.Demand = null;
        }
    }

    private static void Each(JsonNode root, string part, Action<string, JsonNode> action)
    {
        if (root.Has(part))
        {
            foreach ((string name, JsonNode node) in root[part].Properties())
            {
                action(name, node);
            }
        }
    }

    private void Types(JsonNode types)
    {
        var tags = new List<DwarfType>();
        foreach ((string name, JsonNode node) in types.Properties())
        {
            switch (node["kind"].Text)
            {
                case "struct" or "union" or "enum":
                    tags.Add(Tag(name, node));
                    break;
                case "typedef" or "base":
                    if (!_openNames.TryAdd(name, node))
                    {
                        throw node.Invalid("there is a type of that name already");
                    }

                    break;
                default:
                    throw node["kind"].Expected("\"struct\", \"union\", \"enum\", \"typedef\" or \"base\"");
            }
        }

        foreach ((string name, JsonNode node) in types.Properties())
        {
            if (node["kind"].Text is "typedef" or "base")
            {
                Demand(name);
            }
        }

        tags.ForEach(Complete);
    }

    private DwarfType Tag(string name, JsonNode node)
    {
        string kind = node["kind"].Text;
        DwarfTagKind tag = kind switch { "struct" => DwarfTagKind.Struct, "union" => DwarfTagKind.Union, _ => DwarfTagKind.Enum };
        if (_library.TryTag(tag, name, out _))
        {
            throw node.Invalid($"there is a {kind} of that name already");
        }

        DwarfType made = kind switch
        {
            "struct" => new DwarfStructType(DwarfStructKind.Struct, name),
            "union" => new DwarfStructType(DwarfStructKind.Union, name),
            _ => new DwarfEnumType(name),
        };
        _library.AddTag(tag, name, made);
        _library.AddType(made);
        if (node.Has("members") || node.Has("values") || node.Has("size"))
        {
            _openTags.Add(made, node);
        }

        return made;
    }

    // Defines a typedef or base type that something needs.
    private void Demand(string name)
    {
        if (!_openNames.TryGetValue(name, out JsonNode node))
        {
            return;
        }

        Work("name " + name, node, () =>
        {
            DwarfType made = node["kind"].Text == "base"
                ? new DwarfBaseType(name, node["size"].Size, Encoding(node["encoding"]))
                : _types.Name(name, Type(node["type"]), node.Has("alignment") ? Alignment(node["alignment"]) : 0);
            _library.AddName(name, made);
            _library.AddType(made);
            _openNames.Remove(name);
        });
    }

    // Defines a structure or enumeration whose size something needs.
    private void Complete(DwarfType type)
    {
        if (_openTags.Remove(type, out JsonNode node))
        {
            Work(node.Path, node, () => Fill(type, node));
        }
    }

    private void Work(string key, JsonNode node, Action work)
    {
        if (!_inWork.Add(key))
        {
            throw node.Invalid("this type contains itself; a pointer to it may be in it");
        }

        if (_inWork.Count > MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw node.Invalid($"more than {MaximumDepth} types, or more than the stack holds, wait for each other; put those that are needed first");
        }

        work();
        _inWork.Remove(key);
    }

    private void Fill(DwarfType type, JsonNode node)
    {
        if (type is DwarfEnumType enumeration)
        {
            Enumeration(enumeration, node);
        }
        else
        {
            Structure((DwarfStructType)type, node);
        }
    }

    private void Structure(DwarfStructType type, JsonNode node)
    {
        bool isPacked = node.Has("packed") && node["packed"].Truth;
        var placer = new CStructPlacer(type.Kind, _types.Abi, isPacked, pack: 0);
        ulong end = 0;
        if (node.Has("members"))
        {
            foreach (JsonNode member in node["members"].Items())
            {
                end = Math.Max(end, Member(type, placer, member));
            }
        }

        ulong alignment = node.Has("alignment") ? Alignment(node["alignment"]) : 0;
        ulong size = Math.Max(placer.End(alignment), end);
        if (node.Has("size"))
        {
            ulong given = node["size"].Unsigned;
            size = given >= end && given <= CTypes.MaximumSize
                ? given
                : throw node["size"].Expected($"a size from {end}, where the last member ends, to 2⁴⁸");
        }

        type.Alignment = alignment > 0 ? alignment : null;
        type.Size = size;
        _types.SetFacts(type, new CTypeFacts(size, placer.Alignment, placer.Alignment));
    }

    // Adds a member and gives the first byte behind it.
    private ulong Member(DwarfStructType type, CStructPlacer placer, JsonNode node)
    {
        string? name = node.Has("name") && node["name"].Text.Length > 0 ? node["name"].Text : null;
        DwarfType member = Type(node["type"]) ?? throw node["type"].Invalid("a member can't be void; a pointer to void can");
        CTypeFacts facts = _types.Facts(member)
            ?? throw node["type"].Invalid($"'{member}' has no size: it is a function, or only declared");
        if (name == null && _types.Stripped(member) is not DwarfStructType && !node.Has("bits"))
        {
            throw node.Invalid("only a structure or union may be a member without a name");
        }

        if (node.Has("bits"))
        {
            ulong bits = node["bits"].Unsigned;
            if (bits == 0 || bits > facts.Size * 8 || _types.Stripped(member) is not (DwarfBaseType or DwarfEnumType))
            {
                throw node["bits"].Expected($"1 to {facts.Size * 8} bits of an integer");
            }

            ulong bit = placer.PlaceBits(facts, (uint)bits, isNamed: true, isMemberPacked: false);
            if (node.Has("bit_offset") || node.Has("offset"))
            {
                bit = (node.Has("offset") ? node["offset"].Size * 8 : 0) + (node.Has("bit_offset") ? node["bit_offset"].Size : 0);
                placer.MoveTo(bit + bits);
            }

            type.Members.Add(DwarfMember.Bits(name, member, bit, (uint)bits));
            return (bit + bits + 7) / 8;
        }

        ulong natural = placer.Place(facts, 0, isMemberPacked: false);
        ulong offset = node.Has("offset") ? node["offset"].Size : natural;
        type.Members.Add(new DwarfMember(name, member, offset));
        placer.MoveTo((offset + facts.Size) * 8);
        return offset + facts.Size <= CTypes.MaximumSize ? offset + facts.Size : throw node.Invalid("the type gets larger than 2⁴⁸ bytes");
    }

    private static ulong Alignment(JsonNode node) => node.Unsigned is var n && n is > 0 and <= 1 << 28 && ulong.IsPow2(n)
        ? n
        : throw node.Expected("an alignment: a power of two up to 2²⁸");

    private void Enumeration(DwarfEnumType type, JsonNode node)
    {
        if (node.Has("type"))
        {
            type.Underlying = Type(node["type"]);
        }

        type.Size = node.Has("size") ? node["size"].Unsigned : _types.Facts(type.Underlying)?.Size ?? 4;
        if (type.Size is not (1 or 2 or 4 or 8))
        {
            throw node.Expected("an enumeration of 1, 2, 4 or 8 bytes");
        }

        if (node.Has("values"))
        {
            foreach ((string name, JsonNode value) in node["values"].Properties())
            {
                type.Enumerators.Add(new DwarfEnumerator(name, value.Number));
                _library.Values[name] = CValue.Of(value.Number, 64, value.Number > long.MaxValue);
            }
        }

        if (type.Underlying == null)
        {
            bool isSigned = type.Enumerators.Exists(e => e.Value < 0);
            string basic = type.Size switch { 1 => "char", 2 => "short", 4 => "int", _ => "long long" };
            type.Underlying = _types.Basic[!isSigned ? "unsigned " + basic : type.Size == 1 ? "signed char" : basic];
        }

        ulong size = type.Size.Value;
        _types.SetFacts(type, new CTypeFacts(size, size, Math.Min(size, (ulong)_types.Abi.WideMember)));
    }

    // A type is C text, or the definition of one without a name.
    private DwarfType? Type(JsonNode node)
    {
        if (node.IsText)
        {
            try
            {
                return _library.Resolve(node.Text);
            }
            catch (ElfMmuException e) when (e.ErrorId == "TypeTextInvalid")
            {
                throw node.Invalid(e.Message.TrimEnd('.'));
            }
        }

        DwarfType made = node["kind"].Text switch
        {
            "struct" => new DwarfStructType(DwarfStructKind.Struct, null),
            "union" => new DwarfStructType(DwarfStructKind.Union, null),
            "enum" => new DwarfEnumType(null),
            _ => throw node["kind"].Expected("\"struct\", \"union\" or \"enum\" for a type without a name"),
        };
        Fill(made, node);
        return made;
    }

    private void Constant(string name, JsonNode node)
    {
        bool isObject = node.IsObject;
        Int128 value = (isObject ? node["value"] : node).Number;
        DwarfType? type = isObject && node.Has("type") ? Type(node["type"])
            : value > long.MaxValue ? _types.Basic["unsigned long long"]
            : value >= int.MinValue && value <= int.MaxValue ? _types.Basic["int"]
            : _types.Basic["long long"];
        _library.Define(new DwarfConstant(name, value, type ?? throw node.Invalid("a constant can't be void")));
    }

    private void Declare(string name, JsonNode node, bool isFunction)
    {
        DwarfType? type = node.Has("type") ? Type(node["type"]) : null;
        if (isFunction != type is DwarfFunctionType && (isFunction ? type != null : true))
        {
            throw node["type"].Expected(isFunction ? "the type of a function: \"int (char *)\"" : "the type of a variable");
        }

        _library.Declare(new DwarfDeclaration(name, type ?? (isFunction ? new DwarfFunctionType(null) { IsPrototyped = false } : null))
        {
            Address = node.Has("address") ? node["address"].Unsigned : null,
            Size = isFunction && node.Has("size") ? node["size"].Unsigned : null,
            IsExternal = !node.Has("external") || node["external"].Truth,
        });
    }

    private static DwarfEncoding Encoding(JsonNode node) => node.Text switch
    {
        "signed" => DwarfEncoding.Signed,
        "unsigned" => DwarfEncoding.Unsigned,
        "float" => DwarfEncoding.Float,
        "boolean" => DwarfEncoding.Boolean,
        "signed char" => DwarfEncoding.SignedChar,
        "unsigned char" => DwarfEncoding.UnsignedChar,
        "utf" => DwarfEncoding.Utf,
        "address" => DwarfEncoding.Address,
        _ => throw node.Expected(
            "\"signed\", \"unsigned\", \"float\", \"boolean\", \"signed char\", \"unsigned char\", \"utf\" or \"address\""),
    };
}
