using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.Reading;

/// <summary>How programs of a machine store numbers, where the name of a type leaves that open.</summary>
/// <param name="ByteOrder">The order of bytes.</param>
/// <param name="WordSize">The size of an address in bits: 32 or 64.</param>
public readonly record struct DataModel(ByteOrder ByteOrder, int WordSize)
{
    /// <summary>That of an address space: its order of bytes and its mode's word.</summary>
    public static DataModel Of(SpaceIdentity space) => new(space.ByteOrder, space.Mode.WordSize);

    /// <summary>
    /// That of a dump as a whole, for physical memory: what it says of its machine. A dump that says nothing is taken to be of a 64-bit
    /// machine that stores the lowest byte first.
    /// </summary>
    public static DataModel Of(MemoryDump dump) => new(dump.Machine.ByteOrder, dump.Machine.WordSize ?? 64);
}
