namespace ElfMmu.Dwarf;

/// <summary>
/// Reads the intermediate symbol files of Volatility 3: base_types, user_types, enums and symbols, in the forms of schema 4 to 6.
/// </summary>
internal sealed class DwarfIsf(DwarfTypeLibrary library)
{
    private readonly CTypes _types = library.Factory;
    private readonly Dictionary<string, DwarfType?> _base = new(StringComparer.Ordinal);
    private ulong? _pointer;

    public void Read(JsonNode root)
    {
        Each(root, "base_types", Basic);
        Each(root, "enums", (name, node) => Enumeration(name, node));

        // Every structure is there before a member refers to it.
        var open = new List<(DwarfStructType Type, JsonNode Node)>();
        Each(root, "user_types", (name, node) => open.Add((Structure(name, node), node)));
        open.ForEach(o => Members(o.Type, o.Node));
        Each(root, "symbols", Symbol);
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

    private void Basic(string name, JsonNode node)
    {
        string kind = node["kind"].Text;
        ulong size = node["size"].Size;
        if (name == "pointer")
        {
            _pointer = IntegerSize(node["size"]);
            return;
        }

        if (kind == "void")
        {
            _base[name] = null;
            return;
        }

        bool isSigned = node.Has("signed") && node["signed"].Truth;
        DwarfEncoding encoding = kind switch
        {
            "char" => isSigned ? DwarfEncoding.SignedChar : DwarfEncoding.UnsignedChar,
            "bool" => DwarfEncoding.Boolean,
            "float" => DwarfEncoding.Float,
            "int" => isSigned ? DwarfEncoding.Signed : DwarfEncoding.Unsigned,
            _ => throw node["kind"].Expected("\"int\", \"char\", \"bool\", \"float\" or \"void\""),
        };
        var made = new DwarfBaseType(name, size, encoding);
        _base[name] = made;
        library.AddName(name, made);
        library.AddType(made);
    }

    private void Enumeration(string name, JsonNode node)
    {
        var made = new DwarfEnumType(name, IntegerSize(node["size"]));
        if (node.Has("base") && _base.TryGetValue(node["base"].Text, out DwarfType? basic))
        {
            made.Underlying = basic;
        }

        foreach ((string value, JsonNode number) in node["constants"].Properties())
        {
            made.Enumerators.Add(new DwarfEnumerator(value, number.Number));
        }

        library.AddTag(DwarfTagKind.Enum, name, made);
        library.AddType(made);
        _types.SetFacts(made, new CTypeFacts(made.Size!.Value, made.Size.Value, made.Size.Value));
    }

    private static ulong IntegerSize(JsonNode node) =>
        node.Size is var size and (1 or 2 or 4 or 8) ? size : throw node.Expected("a size of 1, 2, 4 or 8 bytes");

    private DwarfStructType Structure(string name, JsonNode node)
    {
        bool isUnion = node["kind"].Text switch
        {
            "struct" or "class" => false,
            "union" => true,
            _ => throw node["kind"].Expected("\"struct\", \"union\" or \"class\""),
        };
        ulong size = node["size"].Size;
        var made = new DwarfStructType(isUnion ? DwarfStructKind.Union : DwarfStructKind.Struct, name, size);
        library.AddTag(isUnion ? DwarfTagKind.Union : DwarfTagKind.Struct, name, made);
        library.AddType(made);
        ulong alignment = Math.Clamp(size & (~size + 1), 1, 8);
        _types.SetFacts(made, new CTypeFacts(size, alignment, alignment));
        return made;
    }

    private void Members(DwarfStructType type, JsonNode node)
    {
        var members = new List<DwarfMember>();
        foreach ((string name, JsonNode field) in node["fields"].Properties())
        {
            members.Add(Member(name, field));
        }

        // The files have them by name; readers like them as they stand in memory. The order of those at one place stays.
        type.Members.AddRange(members.OrderBy(m => m.BitSize == null ? m.Offset * 8 : m.BitOffset));
    }

    private DwarfMember Member(string name, JsonNode field)
    {
        ulong offset = field["offset"].Size;
        JsonNode descriptor = field["type"];
        if (descriptor["kind"].Text == "bitfield")
        {
            DwarfType basic = Type(descriptor["type"]) ?? throw descriptor.Invalid("a bit field can't be void");
            ulong size = _types.Facts(basic)?.Size ?? 4;
            ulong bits = descriptor["bit_length"].Unsigned;
            ulong position = descriptor["bit_position"].Unsigned;
            if (bits == 0 || bits > size * 8 || position > (size * 8) - bits)
            {
                throw descriptor.Expected($"a bit field within the {size * 8} bits of its type");
            }

            // The position counts from the lowest bit of the unit; DWARF counts from the first in memory.
            ulong first = library.Target.Data == Elf.ElfData.BigEndian ? (size * 8) - position - bits : position;
            return DwarfMember.Bits(name, basic, (offset * 8) + first, (uint)bits);
        }

        DwarfType type = Type(descriptor) ?? throw descriptor.Invalid("a member can't be void");
        bool isAnonymous = field.Has("anonymous") && field["anonymous"].Truth && type is DwarfStructType;
        return new DwarfMember(isAnonymous ? null : name, type, offset);
    }

    private DwarfType? Type(JsonNode node)
    {
        switch (node["kind"].Text)
        {
            case "base":
                string name = node["name"].Text;
                return name == "void" ? null
                    : _base.TryGetValue(name, out DwarfType? basic) ? basic
                    : throw node["name"].Expected("the name of one of the base_types");
            case "pointer":
                DwarfType? target = node.Has("subtype") ? Type(node["subtype"]) : null;
                ulong? size = _pointer is { } given && given != (ulong)library.Target.AddressSize ? given : null;
                return size == null ? _types.PointerTo(target) : new DwarfPointerType(target) { Size = size };
            case "array":
                DwarfType element = Type(node["subtype"]) ?? throw node["subtype"].Invalid("an array can't be of void");
                return _types.Array(element, _types.Facts(element) ?? new CTypeFacts(0, 1, 1), node["count"].Unsigned)
                    ?? throw node["count"].Invalid("the array gets larger than 2⁴⁸ bytes");
            case "struct" or "class":
                return Tagged(DwarfTagKind.Struct, node["name"].Text);
            case "union":
                return Tagged(DwarfTagKind.Union, node["name"].Text);
            case "enum":
                return Tagged(DwarfTagKind.Enum, node["name"].Text);
            case "function":
                return new DwarfFunctionType(null) { IsPrototyped = false };
            default:
                throw node["kind"].Expected("base, pointer, array, struct, union, class, enum, function or bitfield");
        }
    }

    // What the file doesn't define is declared.
    private DwarfType Tagged(DwarfTagKind kind, string name)
    {
        if (library.TryTag(kind, name, out DwarfType? known))
        {
            return known;
        }

        DwarfType made = kind switch
        {
            DwarfTagKind.Struct => new DwarfStructType(DwarfStructKind.Struct, name),
            DwarfTagKind.Union => new DwarfStructType(DwarfStructKind.Union, name),
            _ => new DwarfEnumType(name),
        };
        library.AddTag(kind, name, made);
        library.AddType(made);
        return made;
    }

    private void Symbol(string name, JsonNode node) => library.Declare(new DwarfDeclaration(name, node.Has("type") ? Type(node["type"]) : null)
    {
        Address = node.Has("address") ? node["address"].Unsigned : null,
    });
}
