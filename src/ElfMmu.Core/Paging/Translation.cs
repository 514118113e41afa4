namespace ElfMmu.Paging;

/// <summary>What a virtual address translates to.</summary>
/// <param name="PhysicalAddress">The physical address of that very byte; 0 where there is none.</param>
/// <param name="Attributes">Effective rights, page size and the rest; nothing where there is no physical address.</param>
/// <param name="Status">What became of the address.</param>
public readonly record struct Translation(ulong PhysicalAddress, MappingAttributes Attributes, TranslationStatus Status)
{
    /// <summary>Whether there is a physical address.</summary>
    public bool IsMapped => Status == TranslationStatus.Mapped;
}
