namespace ElfMmu.Tests.Dumps;

/// <summary>The containers a machine can come in.</summary>
public enum Container
{
    /// <summary>A raw image; mode and root are given.</summary>
    Raw,

    /// <summary>A raw image with a machine description beside it.</summary>
    RawWithYaml,

    /// <summary>A machine description that names two raw images.</summary>
    Yaml,

    /// <summary>As QEMU writes it.</summary>
    Elf64,

    /// <summary>The same with a machine description beside it.</summary>
    Elf64WithYaml,

    /// <summary>The same in the other byte order; the tables stay as the processor has them.</summary>
    Elf64BigEndian,

    /// <summary>The narrow class.</summary>
    Elf32,

    /// <summary>With a FOSSIL note whose size counts its padding.</summary>
    Fossil,

    /// <summary>With a FOSSIL note whose size doesn't.</summary>
    FossilUnpadded,

    /// <summary>With a FOSSIL note, in the narrow class.</summary>
    Fossil32,
}
