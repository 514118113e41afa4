namespace ElfMmu.Searching;

/// <summary>How text stands in memory.</summary>
public enum TextEncoding
{
    /// <summary>A byte for each character, of those from 0 to 127.</summary>
    Ascii,

    /// <summary>UTF-8; of plain English text the same as ASCII.</summary>
    Utf8,

    /// <summary>UTF-16 with the low byte first, as Windows keeps it.</summary>
    Utf16,

    /// <summary>UTF-16 with the high byte first.</summary>
    Utf16BE,
}
