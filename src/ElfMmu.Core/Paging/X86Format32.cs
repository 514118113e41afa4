using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The 4-byte entries of 32-bit paging, with 4 MiB pages (PSE) and their 40-bit addresses (PSE-36).</summary>
/// <remarks>Intel SDM volume 3A, 5.3 "32-Bit Paging", tables 5-3 to 5-6.</remarks>
public readonly struct X86Format32 : IRadixFormat
{
    private const ulong Present = 1;
    private const ulong PageSize = 1 << 7;
    private const ulong Bit21 = 1 << 21;

    private readonly bool _largePages;
    private readonly ulong _largeReserved;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    public X86Format32(PagingOptions options)
    {
        // PDE bits 20:13 are address bits 39:32; those above MAXPHYADDR and bit 21 are reserved.
        int high = Math.Clamp((options.PhysicalAddressBits ?? 40) - 32, 0, 8);
        _largePages = X86Registers.HasPageSizeExtensions(options) != false;
        _largeReserved = Bit21 | (0x1fe000UL & ~(((1UL << high) - 1) << 13));
    }

    /// <inheritdoc/>
    public static int EntrySizeShift => 2;

    /// <inheritdoc/>
    public ulong InitialState => X86Rights.Write | X86Rights.User;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state) => (X86Rights.UserMode(state), X86Rights.Supervisor(state));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = entry & 0xffff_f000;
        attributes = default;
        if ((entry & Present) == 0)
        {
            return EntryKind.Invalid;
        }

        state = X86Rights.Combine(state, entry);
        if (height == 0)
        {
            attributes = X86Rights.Attributes(state, entry, 1, 12, 7);
            return EntryKind.Leaf;
        }

        if ((entry & PageSize) == 0 || !_largePages)
        {
            return EntryKind.Table;
        }

        if ((entry & _largeReserved) != 0)
        {
            return EntryKind.Reserved;
        }

        target = (entry & 0xffc0_0000) | (((entry >> 13) & 0xff) << 32);
        attributes = X86Rights.Attributes(state, entry, 2, 22, 12);
        return EntryKind.Leaf;
    }
}
