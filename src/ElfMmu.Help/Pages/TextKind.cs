namespace ElfMmu.Help.Pages;

/// <summary>What a piece of text is.</summary>
public enum TextKind
{
    /// <summary>Running text.</summary>
    Paragraph,

    /// <summary>A heading within a section.</summary>
    Heading,

    /// <summary>An item of a list, without its bullet.</summary>
    Item,

    /// <summary>Lines that stay as they are.</summary>
    Code,
}
