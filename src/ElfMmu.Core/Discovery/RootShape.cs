using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>What a top table can look like.</summary>
/// <param name="Mode">The mode whose top table it is.</param>
/// <param name="Height">How many levels are below it.</param>
/// <param name="Entries">How many entries it has, which may be fewer than a whole table has.</param>
internal sealed record RootShape(PagingMode Mode, int Height, int Entries)
{
    /// <summary>
    /// The register that a walk from such a table needs, for a table of the lower half and of the upper half; null for none.
    /// </summary>
    public (string Name, ulong Lower, ulong Upper)? Control { get; init; }

    /// <summary>Bits that are zero in every entry of a table smaller than a frame, whether the format says so or not.</summary>
    public ulong Clear { get; init; }

    /// <summary>Bits that are set in every entry of such a table.</summary>
    public ulong Set { get; init; }
}
