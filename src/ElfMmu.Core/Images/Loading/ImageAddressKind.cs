namespace ElfMmu.Images.Loading;

/// <summary>Which of a segment's two addresses says where it lies.</summary>
public enum ImageAddressKind
{
    /// <summary>p_vaddr: where programs see it.</summary>
    Virtual,

    /// <summary>p_paddr: where it is in physical memory, which firmware, kernels and dumps of machines say.</summary>
    Physical,
}
