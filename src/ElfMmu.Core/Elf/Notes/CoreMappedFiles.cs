namespace ElfMmu.Elf.Notes;

/// <summary>The files a process has mapped (NT_FILE).</summary>
/// <param name="PageSize">The unit of the offsets in the note, in bytes.</param>
/// <param name="Files">The files, in the order of their addresses.</param>
public sealed record CoreMappedFiles(ulong PageSize, IReadOnlyList<CoreMappedFile> Files);
