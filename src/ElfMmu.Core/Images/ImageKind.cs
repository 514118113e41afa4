namespace ElfMmu.Images;

/// <summary>The format of an executable.</summary>
public enum ImageKind
{
    /// <summary>Executable and Linking Format (<c>\x7fELF</c>).</summary>
    Elf,

    /// <summary>Portable Executable (<c>MZ</c> and <c>PE\0\0</c>), EFI's images included.</summary>
    Pe,
}
