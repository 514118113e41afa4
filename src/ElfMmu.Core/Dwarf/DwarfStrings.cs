namespace ElfMmu.Dwarf;

/// <summary>A section of strings, each of them there once.</summary>
internal sealed class DwarfStrings(DwarfTarget target, string name)
{
    private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal);
    private readonly DwarfBuffer _bytes = new(target, name);

    /// <summary>Where a string is. O(length).</summary>
    public uint Offset(string text)
    {
        if (!_offsets.TryGetValue(text, out uint offset))
        {
            offset = (uint)_bytes.Length;
            _bytes.Text(text);
            _offsets.Add(text, offset);
        }

        return offset;
    }

    public DwarfSection ToSection() => new(name, _bytes.ToMemory()) { Flags = 0x30, EntrySize = 1 };

    public bool IsEmpty => _bytes.Length == 0;
}
