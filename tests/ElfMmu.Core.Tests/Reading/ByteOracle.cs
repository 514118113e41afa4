using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Reading;

/// <summary>Memory byte by byte, the slow and simple way: the list of all mappings, and one byte of the dump.</summary>
internal sealed class ByteOracle(MemoryDump dump, AddressSpace? space)
{
    public List<Mapping> Mappings { get; } = space?.All() ?? [];

    /// <summary>The byte at an address; null where there is none.</summary>
    public byte? At(ulong address)
    {
        ulong? physical = space == null ? address : Walks.Translate(Mappings, address);
        Span<byte> one = stackalloc byte[1];
        return physical is { } there && dump.Memory.TryRead(there, one) ? one[0] : null;
    }
}
