using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// The entries of AMD's nested page tables: those of 4-level and 5-level paging, used as if by a user whatever the guest's
/// privilege; global pages don't exist.
/// </summary>
/// <remarks>AMD APM volume 2, 15.25 "Nested Paging".</remarks>
public readonly struct NptFormat : IRadixFormat
{
    private const ulong Global = 1 << 8;

    private readonly X86Format64 _format;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    public NptFormat(PagingOptions options) => _format = new X86Format64(options, pae: false);

    /// <inheritdoc/>
    public static int EntrySizeShift => 3;

    /// <inheritdoc/>
    public ulong InitialState => _format.InitialState;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state) => _format.Allowed(state);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        // Above the PDPE AMD reserves this bit, where Intel leaves it to software.
        if (height > 2 && (entry & Global) != 0)
        {
            target = 0;
            attributes = default;
            return (entry & 1) != 0 ? EntryKind.Reserved : EntryKind.Invalid;
        }

        EntryKind kind = _format.Decode(entry & ~Global, index, height, ref state, out target, out attributes);
        return kind == EntryKind.Leaf && (state & X86Rights.User) == 0 ? EntryKind.Invalid : kind;
    }
}
