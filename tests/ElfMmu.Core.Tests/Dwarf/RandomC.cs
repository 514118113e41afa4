using System.Globalization;
using System.Text;

namespace ElfMmu.Tests.Dwarf;

/// <summary>Random structures in C, the same for the same seed.</summary>
internal sealed class RandomC(int seed, bool hasMicrosoftBitFields = false)
{
    private static readonly string[] Basic =
    [
        "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long", "long long",
        "unsigned long long", "float", "double", "long double", "_Bool", "u32", "aligned_u64", "less_u64", "void *", "const char *",
        "struct hidden *", "int (*)(void)", "enum small", "enum signed_small", "enum tiny", "const volatile short",
    ];

    private static readonly string[] Fields =
    [
        "char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long long", "long long", "_Bool", "u32",
        "enum small", "enum tiny",
    ];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _structs;
    private int _members;

    /// <summary>The text, and a variable of every structure for a compiler to describe it.</summary>
    public string Text(int structs)
    {
        _text.Append("""
            struct hidden;
            typedef unsigned int u32;
            typedef unsigned long long __attribute__((aligned(8))) aligned_u64;
            typedef unsigned long long __attribute__((aligned(4))) less_u64;
            enum small { ZERO, ONE, LARGE = 0xfffffff0 };
            enum signed_small { BELOW = -5, ABOVE };
            enum tiny { SMALL_A = 1 << 3, SMALL_B = SMALL_A | 2 } __attribute__((packed));

            """);
        for (int i = 0; i < structs; i++)
        {
            int pack = Chance(8) ? 1 << _random.Next(4) : 0;
            if (pack > 0)
            {
                Line($"#pragma pack(push, {pack})");
            }

            string kind = Chance(6) ? "union" : "struct";
            _text.Append(CultureInfo.InvariantCulture, $"{kind} s{i} {{\n");
            Members(_random.Next(1, 9), depth: 0);
            _text.Append('}').Append(Attribute()).Append(";\n");
            if (pack > 0)
            {
                Line("#pragma pack(pop)");
            }

            Line($"{kind} s{i} v{i};");
            if (kind == "struct")
            {
                Line($"typedef struct s{i} t{i};");
            }
            else
            {
                Line($"typedef union s{i} t{i};");
            }

            _structs = i + 1;
        }

        return _text.ToString();
    }

    private void Members(int count, int depth)
    {
        for (int i = 0; i < count; i++)
        {
            int choice = _random.Next(20);
            if (choice < 7)
            {
                BitField();
            }
            else if (choice < 9 && depth < 3)
            {
                string name = Chance(2) ? "" : $" m{_members++}";
                Line((Chance(2) ? "union" : "struct") + " {");
                Members(_random.Next(1, 5), depth + 1);
                Line("}" + Attribute() + name + (name.Length > 0 && Chance(4) ? "[3]" : "") + ";");
            }
            else if (choice < 12 && _structs > 0)
            {
                Line($"t{_random.Next(_structs)} m{_members++}{Dimensions()}{Asked()};");
            }
            else
            {
                string type = Basic[_random.Next(Basic.Length)];
                string name = $"m{_members++}";
                bool mayBeArray = type is not ("aligned_u64" or "less_u64");
                Line(type.Contains("(*)", StringComparison.Ordinal)
                    ? type.Replace("(*)", $"(*{name})", StringComparison.Ordinal) + ";"
                    : $"{type} {name}{(mayBeArray ? Dimensions() : "")}{Asked()};");
            }
        }

        Line($"char m{_members++};");
    }

    private void BitField()
    {
        string type = Fields[_random.Next(Fields.Length)];
        int most = type switch
        {
            "_Bool" => 1,
            "char" or "unsigned char" or "enum tiny" => 8,
            "short" or "unsigned short" => 16,
            "long long" or "unsigned long long" => 64,
            _ => 32,
        };
        string packed = !hasMicrosoftBitFields && Chance(12) ? " __attribute__((packed))" : "";
        Line(_random.Next(10) switch
        {
            0 => $"{type} : 0;",
            1 => $"{type} : {_random.Next(1, most + 1)};",
            _ => $"{type} m{_members++} : {_random.Next(1, most + 1)}{packed};",
        });
    }

    private string Dimensions() => _random.Next(8) switch
    {
        0 => $"[{_random.Next(0, 5)}]",
        1 => $"[{_random.Next(1, 4)}][{_random.Next(1, 4)}]",
        _ => "",
    };

    private string Asked() => _random.Next(12) switch
    {
        0 => " __attribute__((packed))",
        1 => $" __attribute__((aligned({1 << _random.Next(6)})))",
        2 => $" __attribute__((packed, aligned({1 << _random.Next(4)})))",
        _ => "",
    };

    private string Attribute() => _random.Next(9) switch
    {
        0 => " __attribute__((packed))",
        1 => $" __attribute__((aligned({1 << _random.Next(7)})))",
        2 => $" __attribute__((__packed__, __aligned__({1 << _random.Next(4)})))",
        3 when Chance(3) => " __attribute__((aligned))",
        _ => "",
    };

    private bool Chance(int one) => _random.Next(one) == 0;

    private void Line(string text) => _text.Append("    ").Append(text).Append('\n');
}
