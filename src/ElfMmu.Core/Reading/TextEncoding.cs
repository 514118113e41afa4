namespace ElfMmu.Reading;

/// <summary>How characters are stored.</summary>
public enum TextEncoding
{
    /// <summary>A byte for each, up to 0x7f.</summary>
    Ascii,

    /// <summary>A byte for each (ISO 8859-1); there are no invalid ones.</summary>
    Latin1,

    /// <summary>UTF-8.</summary>
    Utf8,

    /// <summary>UTF-16 in the machine's order of bytes.</summary>
    Utf16,

    /// <summary>UTF-16, the lowest byte first.</summary>
    Utf16LE,

    /// <summary>UTF-16, the highest byte first.</summary>
    Utf16BE,
}
