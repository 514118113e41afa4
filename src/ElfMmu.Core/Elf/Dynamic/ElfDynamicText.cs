using System.Globalization;

namespace ElfMmu.Elf.Dynamic;

/// <summary>Puts the value of a dynamic entry in words, as <c>readelf -d</c> does.</summary>
internal static class ElfDynamicText
{
    private static readonly string[] Flags = ["ORIGIN", "SYMBOLIC", "TEXTREL", "BIND_NOW", "STATIC_TLS"];

    private static readonly string[] Flags1 =
    [
        "NOW", "GLOBAL", "GROUP", "NODELETE", "LOADFLTR", "INITFIRST", "NOOPEN", "ORIGIN", "DIRECT", "TRANS", "INTERPOSE", "NODEFLIB",
        "NODUMP", "CONFALT", "ENDFILTEE", "DISPRELDNE", "DISPRELPND", "NODIRECT", "IGNMULDEF", "NOKSYMS", "NOHDR", "EDITED", "NORELOC",
        "SYMINTPOSE", "GLOBAUDIT", "SINGLETON", "STUB", "PIE", "KMOD", "WEAKFILTER", "NOCOMMON",
    ];

    private static readonly string[] MipsFlags =
    [
        "QUICKSTART", "NOTPOT", "NO_LIBRARY_REPLACEMENT", "NO_MOVE", "SGI_ONLY", "GUARANTEE_INIT", "DELTA_C_PLUS_PLUS",
        "GUARANTEE_START_INIT", "PIXIE", "DEFAULT_DELAY_LOAD", "REQUICKSTART", "REQUICKSTARTED", "CORD", "NO_UNRES_UNDEF", "RLD_ORDER_SAFE",
    ];

    private static readonly string[] HpFlags =
    [
        "HP_DEBUG_PRIVATE", "HP_DEBUG_CALLBACK", "HP_DEBUG_CALLBACK_BOR", "HP_NO_ENVVAR", "HP_BIND_NOW", "HP_BIND_NONFATAL", "HP_BIND_VERBOSE",
        "HP_BIND_RESTRICTED", "HP_BIND_SYMBOLIC", "HP_RPATH_FIRST", "HP_BIND_DEPTH_FIRST", "HP_GST", "HP_SHLIB_FIXED", "HP_MERGE_SHLIB_SEG",
        "HP_NODELETE", "HP_GROUP", "HP_PROTECT_LINKAGE_TABLE",
    ];

    /// <summary>Whether the value of a tag is the offset of a name.</summary>
    public static bool IsName(ulong tag) => tag is 1 or 14 or 15 or 29
        or 0x6ffffefa or 0x6ffffefb or 0x6ffffefc or 0x7ffffffd or 0x7ffffffe or 0x7fffffff;

    /// <summary>The words.</summary>
    public static string Of(ulong tag, ulong value, string? name, ElfMachine machine, ElfStrings strings)
    {
        switch (tag)
        {
            case 1 when name != null:
                return $"Shared library: [{name}]";
            case 14 when name != null:
                return $"Library soname: [{name}]";
            case 15 when name != null:
                return $"Library rpath: [{name}]";
            case 29 when name != null:
                return $"Library runpath: [{name}]";
            case 0x7ffffffd:
                return Named("Auxiliary library", name, value);
            case 0x7fffffff:
                return Named("Filter library", name, value);
            case 0x6ffffefa:
                return Named("Configuration file", name, value);
            case 0x6ffffefb:
                return Named("Dependency audit library", name, value);
            case 0x6ffffefc:
                return Named("Audit library", name, value);
            case 0x7ffffffe when !string.IsNullOrEmpty(name):
                return $"Not needed object: [{name}]";
            case 30:
                return Bits(value, Flags);
            case 0x6ffffdfc:
                return Listed(value, ["PARINIT", "CONFEXP"]);
            case 0x6ffffdfd:
                return Listed(value, ["LAZYLOAD", "GROUPPERM"]);
            case 0x6ffffffb:
                return Listed(value, Flags1);
            case 0x6ffffdf4:
                return Listed(value, ["UNIQUE"]);
            case 20:
                return ElfNames.DynamicTag(value, machine, ElfOsAbi.None) is var type && type.StartsWith("DT_", StringComparison.Ordinal) ? type[3..] : type;
            case 2 or 8 or 9 or 10 or 11 or 18 or 19 or 27 or 28 or 33 or 35 or 37
                or 0x6ffffdf6 or 0x6ffffdf7 or 0x6ffffdf9 or 0x6ffffdfa or 0x6ffffdfb:
                return Decimal(value) + " (bytes)";
            case 0x6ffffffd or 0x6fffffff or 0x6ffffff9 or 0x6ffffffa:
                return Decimal(value);
            case 24:
                return "";
            case 0x6ffffdf5:
                return Time(value);
            case 0x60000001 when machine == ElfMachine.PaRisc:
                return value == 0 ? "0" : Words(value, HpFlags);
            case 0x70000001 or 0x70000003 when machine == ElfMachine.AArch64:
                // They say something by being there, and have no value.
                return "";
            case 0x70000000 when machine == ElfMachine.IA64:
                // Three words are reserved for the dynamic linker there.
                return $"{Hex(value)} -- {Hex(value + (3 * 8))}";
            default:
                return machine.IsMips() ? Mips(tag, value, strings) : Hex(value);
        }
    }

    private static string Mips(ulong tag, ulong value, ElfStrings strings) => tag switch
    {
        0x70000002 => "Time Stamp: " + Time(value),
        0x70000004 => "Interface Version: " + (value < (ulong)strings.Size ? strings[(uint)value] : $"<corrupt: {value:x}>"),
        0x70000005 when value == 0 => "NONE",
        0x70000005 => string.Join(' ', MipsFlags.Where((_, bit) => (value >> bit & 1) != 0)),
        0x70000001 or 0x7000000a or 0x7000000b or 0x70000010 or 0x70000011 or 0x70000012 or 0x70000014 or 0x70000018 or 0x7000001a
            or 0x7000001c or 0x7000001e or 0x70000021 or 0x7000002f => Decimal(value),
        _ => Hex(value),
    };

    private static string Named(string what, string? name, ulong value) => name != null ? $"{what}: [{name}]" : $"{what}: {Hex(value)}";

    private static string Bits(ulong value, string[] words)
    {
        List<string> found = [];
        for (int bit = 0; bit < 64; bit++)
        {
            if ((value >> bit & 1) != 0)
            {
                found.Add(bit < words.Length ? words[bit] : "unknown");
            }
        }

        return string.Join(' ', found);
    }

    private static string Listed(ulong value, string[] words)
    {
        if (value == 0)
        {
            return "Flags: None";
        }

        return "Flags: " + Words(value, words);
    }

    /// <summary>The words for bits, and what is left as a number.</summary>
    private static string Words(ulong value, string[] words)
    {
        IEnumerable<string> found = words.Where((_, bit) => (value >> bit & 1) != 0);
        ulong rest = value >> words.Length << words.Length;
        return string.Join(' ', rest == 0 ? found : found.Append(rest.ToString("x", CultureInfo.InvariantCulture)));
    }

    private static string Time(ulong value)
    {
        // Seconds since 1970; a value that is no time stays a number.
        const ulong Year10000 = 253402300800;
        return value < Year10000
            ? DateTimeOffset.FromUnixTimeSeconds((long)value).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            : Hex(value);
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Decimal(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
