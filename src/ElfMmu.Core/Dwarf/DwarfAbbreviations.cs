namespace ElfMmu.Dwarf;

/// <summary>The shapes of entries (.debug_abbrev), each there once: a tag, whether there are children, attributes and their forms.</summary>
internal sealed class DwarfAbbreviations(DwarfTarget target)
{
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _codes =
        new Dictionary<string, uint>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly DwarfBuffer _bytes = new(target, ".debug_abbrev");

    /// <summary>The code of a shape. O(its attributes), without allocating when it was there before.</summary>
    /// <param name="shape">The tag, 1 for children or 0, then attribute and form in turn.</param>
    public uint Code(ReadOnlySpan<char> shape)
    {
        if (_codes.TryGetValue(shape, out uint code))
        {
            return code;
        }

        code = (uint)_codes.Dictionary.Count + 1;
        _codes[shape] = code;
        _bytes.Unsigned(code);
        _bytes.Unsigned(shape[0]);
        _bytes.U8(shape[1]);
        foreach (char number in shape[2..])
        {
            _bytes.Unsigned(number);
        }

        _bytes.U16(0);
        return code;
    }

    /// <summary>The section, ended. To be called once.</summary>
    public DwarfSection ToSection()
    {
        _bytes.U8(0);
        return new DwarfSection(".debug_abbrev", _bytes.ToMemory());
    }
}
