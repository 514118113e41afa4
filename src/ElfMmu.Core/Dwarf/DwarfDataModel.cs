namespace ElfMmu.Dwarf;

/// <summary>How wide a C compiler makes <c>int</c>, <c>long</c> and pointers.</summary>
public enum DwarfDataModel
{
    /// <summary>int, long and pointers have 32 bits: 32-bit Unix and Windows.</summary>
    Ilp32,

    /// <summary>long and pointers have 64 bits, int 32: 64-bit Unix.</summary>
    Lp64,

    /// <summary>Pointers have 64 bits, int and long 32: 64-bit Windows.</summary>
    Llp64,
}
