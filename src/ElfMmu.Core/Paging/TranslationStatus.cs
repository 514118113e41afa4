namespace ElfMmu.Paging;

/// <summary>What became of an address that was to be translated.</summary>
public enum TranslationStatus : byte
{
    /// <summary>The mode doesn't translate it: it isn't canonical, or its half of the addresses has no tables.</summary>
    NotTranslated,

    /// <summary>An entry on its way isn't present: the MMU faults.</summary>
    NotPresent,

    /// <summary>An entry on its way has bits set that the processor reserves: the MMU faults.</summary>
    Reserved,

    /// <summary>A table on its way isn't in the dump, so that nothing can be known.</summary>
    TableAbsent,

    /// <summary>It maps to a physical address.</summary>
    Mapped,
}
