namespace ElfMmu.Help.Pages;

/// <summary>A piece of a page as plain text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text: one line without breaks, except for code.</param>
public sealed record TextBlock(TextKind Kind, string Text);
