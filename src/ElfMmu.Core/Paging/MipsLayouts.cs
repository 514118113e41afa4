using static ElfMmu.Paging.EntryField;

namespace ElfMmu.Paging;

/// <summary>The names of the bits of an entry as it is shifted into EntryLo, with the two inhibit bits below it.</summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, registers EntryLo0, EntryLo1 and PWField.</remarks>
internal static class MipsLayouts
{
    private const int Global = 2;

    /// <summary>A page: XI and RI below, then G, V, D and C.</summary>
    public static readonly EntryLayouts Page = new(
        ulong.MaxValue,
        new EntryLayout(0, 0, Flag("V", Global + 1), Flag("D", Global + 2), Number("C", Global + 3, 3), Flag("RI", 1), Flag("XI", 0), Flag("G", Global)));
}
