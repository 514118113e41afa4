namespace ElfMmu.Dwarf;

/// <summary>The basic types of C on a target, and the names for them that programs commonly define.</summary>
internal sealed class CBasicTypes
{
    // Each a typedef, unless the text defines the name itself. The first ones are those Read-VirtualMemory's layouts have.
    private static readonly Dictionary<string, string> Common = new(StringComparer.Ordinal)
    {
        ["u8"] = "unsigned char", ["u16"] = "unsigned short", ["u32"] = "unsigned int", ["u64"] = "unsigned 64",
        ["u128"] = "unsigned __int128", ["i8"] = "signed char", ["i16"] = "short", ["i32"] = "int", ["i64"] = "signed 64",
        ["i128"] = "__int128", ["f32"] = "float", ["f64"] = "double", ["wchar"] = "char16_t",
        ["s8"] = "signed char", ["s16"] = "short", ["s32"] = "int", ["s64"] = "signed 64",
        ["__u8"] = "unsigned char", ["__u16"] = "unsigned short", ["__u32"] = "unsigned int", ["__u64"] = "unsigned 64",
        ["__s8"] = "signed char", ["__s16"] = "short", ["__s32"] = "int", ["__s64"] = "signed 64",
        ["__le16"] = "unsigned short", ["__le32"] = "unsigned int", ["__le64"] = "unsigned 64",
        ["__be16"] = "unsigned short", ["__be32"] = "unsigned int", ["__be64"] = "unsigned 64",
        ["uint8_t"] = "unsigned char", ["uint16_t"] = "unsigned short", ["uint32_t"] = "unsigned int", ["uint64_t"] = "unsigned fixed 64",
        ["int8_t"] = "signed char", ["int16_t"] = "short", ["int32_t"] = "int", ["int64_t"] = "signed fixed 64",
        ["size_t"] = "unsigned word", ["ssize_t"] = "signed word", ["ptrdiff_t"] = "signed word",
        ["uintptr_t"] = "unsigned word", ["intptr_t"] = "signed word",
        ["uchar"] = "unsigned char", ["ushort"] = "unsigned short", ["uint"] = "unsigned int", ["ulong"] = "unsigned long",
        ["UCHAR"] = "unsigned char", ["USHORT"] = "unsigned short", ["ULONG"] = "unsigned int", ["ULONGLONG"] = "unsigned 64",
        ["CHAR"] = "char", ["SHORT"] = "short", ["LONG"] = "int", ["LONGLONG"] = "signed 64", ["BOOLEAN"] = "unsigned char",
        ["BYTE"] = "unsigned char", ["WORD"] = "unsigned short", ["DWORD"] = "unsigned int", ["QWORD"] = "unsigned 64",
        ["ULONG64"] = "unsigned 64", ["ULONG_PTR"] = "unsigned word", ["SIZE_T"] = "unsigned word", ["WCHAR"] = "char16_t",
    };

    private readonly CAbi _abi;
    private readonly Dictionary<string, DwarfBaseType> _basic = new(StringComparer.Ordinal);

    public CBasicTypes(CAbi abi)
    {
        _abi = abi;
        ulong longSize = (ulong)abi.Long;
        Add("_Bool", 1, DwarfEncoding.Boolean);
        Add("char", 1, abi.IsCharSigned ? DwarfEncoding.SignedChar : DwarfEncoding.UnsignedChar);
        Add("signed char", 1, DwarfEncoding.SignedChar);
        Add("unsigned char", 1, DwarfEncoding.UnsignedChar);
        Add("short", 2, DwarfEncoding.Signed, "short int");
        Add("unsigned short", 2, DwarfEncoding.Unsigned, "short unsigned int");
        Add("int", 4, DwarfEncoding.Signed);
        Add("unsigned int", 4, DwarfEncoding.Unsigned);
        Add("long", longSize, DwarfEncoding.Signed, "long int");
        Add("unsigned long", longSize, DwarfEncoding.Unsigned, "long unsigned int");
        Add("long long", 8, DwarfEncoding.Signed, "long long int");
        Add("unsigned long long", 8, DwarfEncoding.Unsigned, "long long unsigned int");
        Add("__int128", 16, DwarfEncoding.Signed);
        Add("unsigned __int128", 16, DwarfEncoding.Unsigned, "__int128 unsigned");
        Add("float", 4, DwarfEncoding.Float);
        Add("double", 8, DwarfEncoding.Float);
        Add("long double", (ulong)abi.LongDouble, DwarfEncoding.Float);
        Add("char16_t", 2, DwarfEncoding.Utf);
        Add("char32_t", 4, DwarfEncoding.Utf);
    }

    public DwarfBaseType this[string name] => _basic[name];

    public bool TryBasic(string name, out DwarfBaseType? type) => _basic.TryGetValue(name, out type);

    /// <summary>The type a common name stands for; null if it isn't one.</summary>
    public DwarfType? Meaning(string name) => name switch
    {
        "char16_t" or "char32_t" => null,
        "wchar_t" => _basic[_abi.WideCharacter],
        "ptr" => new DwarfPointerType(null),
        "PVOID" => new DwarfPointerType(null),
        _ when Common.TryGetValue(name, out string? meaning) => meaning switch
        {
            "unsigned 64" => _basic["unsigned long long"],
            "signed 64" => _basic["long long"],
            "unsigned fixed 64" => _basic[_abi.Long == 8 ? "unsigned long" : "unsigned long long"],
            "signed fixed 64" => _basic[_abi.Long == 8 ? "long" : "long long"],
            "unsigned word" => Word(isSigned: false),
            "signed word" => Word(isSigned: true),
            _ => _basic[meaning],
        },
        _ => null,
    };

    public CTypeFacts Facts(DwarfBaseType type)
    {
        if (type.Name == "long double")
        {
            ulong alignment = (ulong)_abi.LongDoubleAlignment;
            return new CTypeFacts(type.Size, alignment, alignment);
        }

        // A type somebody described with an odd size is aligned to the power of two within it.
        ulong natural = type.Size == 0 ? 1 : type.Size & (~type.Size + 1);
        natural = Math.Min(natural, 16);
        return new CTypeFacts(type.Size, natural, natural == 8 ? (ulong)_abi.WideMember : natural);
    }

    private DwarfBaseType Word(bool isSigned)
    {
        string name = _abi.Pointer == _abi.Long ? (_abi.Pointer == 8 ? "long" : "int") : _abi.Pointer == 8 ? "long long" : "int";
        return _basic[isSigned ? name : "unsigned " + name];
    }

    // In debug information the types have the names GCC gives them.
    private void Add(string name, ulong size, DwarfEncoding encoding, string? given = null) =>
        _basic.Add(name, new DwarfBaseType(given ?? name, size, encoding));
}
