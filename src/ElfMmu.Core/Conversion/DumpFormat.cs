namespace ElfMmu.Conversion;

/// <summary>The containers that a dump can be written in.</summary>
public enum DumpFormat
{
    /// <summary>An ELF core of physical memory, with notes about the machine.</summary>
    Elf,

    /// <summary>LiME: stretches of memory, each behind a header that says where it was.</summary>
    Lime,

    /// <summary>A raw image: memory byte after byte, with holes where there is none.</summary>
    Raw,
}
