namespace ElfMmu.Elf;

/// <summary>The width of a file's addresses and offsets: e_ident[EI_CLASS] (gABI, "ELF Identification").</summary>
public enum ElfClass : byte
{
    /// <summary>Invalid (ELFCLASSNONE).</summary>
    None = 0,

    /// <summary>32-bit objects (ELFCLASS32).</summary>
    Elf32 = 1,

    /// <summary>64-bit objects (ELFCLASS64).</summary>
    Elf64 = 2,
}
