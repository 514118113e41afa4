namespace ElfMmu;

/// <summary>The order of the bytes of a number in memory.</summary>
public enum ByteOrder
{
    /// <summary>The lowest byte first.</summary>
    Little,

    /// <summary>The highest byte first.</summary>
    Big,
}
