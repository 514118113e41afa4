namespace ElfMmu.Elf.Notes;

/// <summary>What a note's description means.</summary>
/// <param name="Value">It as an object.</param>
/// <param name="Text">It in one line.</param>
internal readonly record struct NoteContent(object? Value, string Text);
