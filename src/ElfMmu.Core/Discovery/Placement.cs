using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>A dump's memory at the physical addresses where it was, or is supposed to have been.</summary>
/// <param name="Layout">Where a raw image is supposed to have been; null where the dump says it itself.</param>
/// <param name="Memory">The memory. Its frames have the numbers that they have in the dump.</param>
/// <param name="Map">What stands behind addresses.</param>
internal sealed record Placement(RawLayout? Layout, PhysicalMemory Memory, PhysicalMap Map)
{
    /// <summary>The dump as it says it was.</summary>
    public static Placement Of(MemoryDump dump) => new(null, dump.Memory, dump.Map);

    /// <summary>A raw image, which starts at 0 so far, in a layout.</summary>
    public static Placement Of(MemoryDump dump, RawLayout layout)
    {
        IReadOnlyList<RawPiece> pieces = layout.Pieces;
        var memory = new PhysicalMemory(dump.Memory, pieces.Select((piece, i) =>
            (piece.Address, (i + 1 < pieces.Count ? pieces[i + 1].Offset : dump.Memory.Size) - piece.Offset, piece.Offset)));
        return new Placement(layout, memory, new PhysicalMap(memory, dump.Machine.Devices));
    }

    /// <summary>Where the first byte was.</summary>
    public ulong Start => Memory.Runs[0].Start;

    /// <summary>The dump's identity with what it takes to open it so.</summary>
    public DumpIdentity Identify(DumpIdentity dump) => Layout switch
    {
        null => dump,
        { Pieces: [var only] } => dump with { RamBase = only.Address },
        _ => dump with { Layout = Layout },
    };
}
