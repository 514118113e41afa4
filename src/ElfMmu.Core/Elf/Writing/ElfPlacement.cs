namespace ElfMmu.Elf.Writing;

/// <summary>Bytes and where in the file they go.</summary>
internal readonly record struct ElfPlacement(ulong Offset, ElfContent Content, string What, bool IsHeader = false)
{
    public ulong End => Offset + Content.Length;
}
