using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// The 8-byte entries of Sv39, Sv48 and Sv57 and of their second-stage forms, with 64 KiB pages (Svnapot) and memory types
/// (Svpbmt).
/// </summary>
/// <remarks>
/// RISC-V Privileged Architecture, "Sv39: Page-Based 39-bit Virtual-Memory System", "Svnapot" and "Svpbmt". Both extensions
/// are taken to be there; without them the bits would be reserved, and no software sets them.
/// </remarks>
public readonly struct RiscVFormat64 : IRadixFormat
{
    private const ulong Reserved = 0x1fc0_0000_0000_0000;
    private const ulong MemoryType = 0x6000_0000_0000_0000;
    private const int MemoryTypeShift = 61;
    private const ulong Contiguous = 1UL << 63;
    private const ulong PointerReserved = Reserved | MemoryType | Contiguous | RiscVRights.PointerReserved;
    private const ulong Address = 0x00ff_ffff_ffff_f000;

    // The low four bits of the page number of a 64 KiB page say its size, and the index takes their place.
    private const ulong ContiguousPart = 0xf000;
    private const ulong ContiguousSize = 0x8000;
    private const int ContiguousShift = 16;

    private readonly RiscVRights _rights;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    /// <param name="nested">True for the second stage, G-stage translation.</param>
    public RiscVFormat64(PagingOptions options, bool nested) => _rights = new RiscVRights(options, nested);

    /// <inheritdoc/>
    public static int EntrySizeShift => 3;

    /// <inheritdoc/>
    public ulong InitialState => 0;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state) =>
        (Rights.Read | Rights.Write | Rights.Execute, Rights.Read | Rights.Write | Rights.Execute);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = (entry << 2) & Address;
        attributes = default;
        if ((entry & RiscVRights.Valid) == 0)
        {
            return EntryKind.Invalid;
        }

        state |= _rights.Inherited(entry);
        if ((entry & RiscVRights.ReadWriteExecute) == 0)
        {
            return (entry & PointerReserved) != 0 || height == 0 ? EntryKind.Reserved : EntryKind.Table;
        }

        if ((entry & Reserved) != 0 || (entry & MemoryType) == MemoryType || _rights.Refuses(entry))
        {
            return EntryKind.Reserved;
        }

        int pageShift = 12 + (9 * height);
        if ((entry & Contiguous) != 0)
        {
            if (height != 0 || (target & ContiguousPart) != ContiguousSize)
            {
                return EntryKind.Reserved;
            }

            target = (target & ~ContiguousPart) | (((ulong)index << 12) & ContiguousPart);
            pageShift = ContiguousShift;
        }
        else if ((target & ((1UL << pageShift) - 1)) != 0)
        {
            return EntryKind.Reserved;
        }

        attributes = _rights.Attributes(entry, state, height, pageShift, (int)(entry >> MemoryTypeShift) & 3);
        return EntryKind.Leaf;
    }
}
