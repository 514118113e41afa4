namespace ElfMmu.Reading;

/// <summary>What kind of value bytes of memory stand for.</summary>
public enum MemoryValueKind
{
    /// <summary>A whole number without a sign.</summary>
    Unsigned,

    /// <summary>A whole number in two's complement.</summary>
    Signed,

    /// <summary>A number in binary floating point (IEEE 754).</summary>
    Float,

    /// <summary>An address, as wide as the machine's word.</summary>
    Pointer,

    /// <summary>A character: a byte of Latin-1, or a unit of UTF-16.</summary>
    Character,

    /// <summary>A byte that is 0 for no, and anything else for yes.</summary>
    Boolean,
}
