namespace ElfMmu.Elf;

/// <summary>One note (gABI, "Note Section").</summary>
/// <param name="name">Who gives the type its meaning.</param>
/// <param name="type">What the description is.</param>
/// <param name="description">The description, without padding.</param>
/// <param name="offset">Where the description starts in the file, in bytes.</param>
public sealed class ElfNote(string name, uint type, ReadOnlyMemory<byte> description, ulong offset)
{
    /// <summary>Who gives the type its meaning, such as CORE; without the NUL it ends with, each byte one character.</summary>
    public string Name => name;

    /// <summary>What the description is, in the name's own numbering.</summary>
    public uint Type => type;

    /// <summary>The description, in the file's byte order, without padding.</summary>
    public ReadOnlyMemory<byte> Description => description;

    /// <summary>Where the description starts in the file, in bytes.</summary>
    public ulong Offset => offset;
}
