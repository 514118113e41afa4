namespace ElfMmu.Elf.Notes;

/// <summary>What the kernel told the process when it started (NT_AUXV).</summary>
/// <param name="Entries">Its entries, up to AT_NULL, which isn't among them.</param>
public sealed record CoreAuxiliaryVector(IReadOnlyList<CoreAuxiliaryEntry> Entries);
