using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The 4-byte entries of Sv32 and of its second-stage form.</summary>
/// <remarks>RISC-V Privileged Architecture, "Sv32: Page-Based 32-bit Virtual-Memory Systems".</remarks>
public readonly struct RiscVFormat32 : IRadixFormat
{
    private const ulong Address = 0x3_ffff_f000;
    private const ulong SuperpageLow = 0x3f_f000;

    private readonly RiscVRights _rights;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    /// <param name="nested">True for the second stage, G-stage translation.</param>
    public RiscVFormat32(PagingOptions options, bool nested) => _rights = new RiscVRights(options, nested);

    /// <inheritdoc/>
    public static int EntrySizeShift => 2;

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
            return (entry & RiscVRights.PointerReserved) != 0 || height == 0 ? EntryKind.Reserved : EntryKind.Table;
        }

        if (_rights.Refuses(entry) || (height != 0 && (target & SuperpageLow) != 0))
        {
            return EntryKind.Reserved;
        }

        attributes = _rights.Attributes(entry, state, height, 12 + (10 * height), cacheIndex: 0);
        return EntryKind.Leaf;
    }
}
