using System.Globalization;

namespace ElfMmu.Paging;

/// <summary>A field of a page table entry, and how it is shown.</summary>
internal readonly record struct EntryField
{
    private readonly int _bit;
    private readonly ulong _mask;
    private readonly string? _name;
    private readonly string[]? _words;
    private readonly bool _isAlways;

    private EntryField(int bit, int width, string? name, string[]? words, bool isAlways)
    {
        _bit = bit;
        _mask = (1UL << width) - 1;
        _name = name;
        _words = words;
        _isAlways = isAlways;
    }

    /// <summary>One bit, shown by its name where it is set.</summary>
    public static EntryField Flag(string name, int bit) => Choice(bit, 1, "", name);

    /// <summary>A number, shown always: <c>AttrIndx=0</c>.</summary>
    public static EntryField Number(string name, int bit, int width) => new(bit, width, name, null, isAlways: true);

    /// <summary>A number, shown where it isn't 0.</summary>
    public static EntryField NumberIfAny(string name, int bit, int width) => new(bit, width, name, null, isAlways: false);

    /// <summary>A word for each value; what has none isn't shown.</summary>
    public static EntryField Choice(int bit, int width, params string[] words) => new(bit, width, null, words, isAlways: false);

    /// <summary>What is shown of an entry; nothing where the field says nothing.</summary>
    public string Show(ulong entry)
    {
        ulong value = (entry >> _bit) & _mask;
        return _words != null ? _words[value]
            : value == 0 && !_isAlways ? ""
            : value < 10 ? $"{_name}={value}"
            : string.Create(CultureInfo.InvariantCulture, $"{_name}=0x{value:x}");
    }
}
