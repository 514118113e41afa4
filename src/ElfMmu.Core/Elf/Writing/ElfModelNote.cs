namespace ElfMmu.Elf.Writing;

/// <summary>One note of a model (gABI, "Note Section").</summary>
/// <param name="section">The section of notes it is in; its alignment, 8 or anything else for 4, is the notes'.</param>
/// <param name="name">Who gives the type its meaning: characters up to U+00FF, each one byte; the NUL it ends with is added.</param>
/// <param name="type">What the description is.</param>
/// <param name="description">The description, in the file's byte order, without padding.</param>
public sealed class ElfModelNote(ElfModelSection section, string name, uint type, ReadOnlyMemory<byte> description)
{
    /// <summary>The section of notes it is in.</summary>
    public ElfModelSection Section { get; set; } = section;

    /// <summary>Who gives the type its meaning, such as GNU.</summary>
    public string Name { get; set; } = name;

    /// <summary>What the description is, in the name's own numbering.</summary>
    public uint Type { get; set; } = type;

    /// <summary>The description, in the file's byte order, without padding.</summary>
    public ReadOnlyMemory<byte> Description { get; set; } = description;
}
