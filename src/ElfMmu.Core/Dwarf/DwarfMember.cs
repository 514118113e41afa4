namespace ElfMmu.Dwarf;

/// <summary>A member of a structure or union.</summary>
public sealed class DwarfMember
{
    /// <summary>Makes a member.</summary>
    /// <param name="name">Its name; null for an anonymous structure or union, whose members are looked up as if they were here.</param>
    /// <param name="type">Its type.</param>
    /// <param name="offset">Its offset in bytes; for a bit field use <see cref="BitOffset"/>.</param>
    public DwarfMember(string? name, DwarfType type, ulong offset)
    {
        ArgumentNullException.ThrowIfNull(type);
        Name = name;
        Type = type;
        Offset = offset;
    }

    /// <summary>The name; null for an anonymous structure or union.</summary>
    public string? Name { get; }

    /// <summary>The type; a bit field's is the one it was declared with.</summary>
    public DwarfType Type { get; }

    /// <summary>The offset in bytes. Of a bit field it is the offset of the byte its first bit is in.</summary>
    public ulong Offset { get; }

    /// <summary>The size of a bit field in bits; null for a member that isn't one.</summary>
    public uint? BitSize { get; init; }

    /// <summary>
    /// The first bit of a bit field from the start of the structure, in bits (DW_AT_data_bit_offset): bit 0 is the lowest bit of the
    /// first byte on a little-endian machine, and the highest on a big-endian one.
    /// </summary>
    public ulong BitOffset { get; init; }

    /// <summary>Makes a bit field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type it is declared with.</param>
    /// <param name="bitOffset">Its first bit from the start of the structure; see <see cref="BitOffset"/>.</param>
    /// <param name="bitSize">How many bits it has.</param>
    public static DwarfMember Bits(string? name, DwarfType type, ulong bitOffset, uint bitSize) =>
        new(name, type, bitOffset / 8) { BitOffset = bitOffset, BitSize = bitSize };
}
