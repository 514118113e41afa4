namespace ElfMmu.Elf.Notes;

/// <summary>A part of a file that a process has mapped.</summary>
/// <param name="Start">Its first virtual address.</param>
/// <param name="End">The virtual address behind it.</param>
/// <param name="FileOffset">Where the part starts in the file, in bytes.</param>
/// <param name="Path">The file's path in the process's file system.</param>
public sealed record CoreMappedFile(ulong Start, ulong End, ulong FileOffset, string Path)
{
    /// <summary>Its size in bytes.</summary>
    public ulong Size => End - Start;
}
