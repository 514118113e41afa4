namespace ElfMmu.Reading;

/// <summary>Why there is no byte at an address.</summary>
public enum AbsenceReason : byte
{
    /// <summary>The mode doesn't translate the address: it isn't canonical, or its half of the addresses has no tables.</summary>
    NotTranslated,

    /// <summary>Nothing is mapped there: an entry on its way isn't present.</summary>
    NotMapped,

    /// <summary>Nothing is mapped there: an entry on its way has bits set that the processor reserves.</summary>
    Reserved,

    /// <summary>A page table on its way isn't in the dump.</summary>
    TableAbsent,

    /// <summary>A device stands there, whose bytes no dump holds.</summary>
    Device,

    /// <summary>The physical memory there isn't in the dump.</summary>
    NotInDump,

    /// <summary>The block of the dump that holds the physical memory there is damaged.</summary>
    Damaged,

    /// <summary>The file that ought to have the bytes doesn't.</summary>
    NotInFile,
}
