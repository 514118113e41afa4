using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>Whether the top byte of an address is a tag, which processors ignore: what stands there repeats bit 55 then.</summary>
/// <param name="Lower">In addresses whose bit 55 is 0.</param>
/// <param name="Upper">In addresses whose bit 55 is 1.</param>
/// <remarks>Arm ARM DDI 0487, D8.8 "Address tagging".</remarks>
internal readonly record struct AddressTags(bool Lower, bool Upper)
{
    private const ulong TopByte = 0xffUL << 56;

    /// <summary>Whether there are no tags at all.</summary>
    public bool AreNone => !Lower && !Upper;

    /// <summary>The address without its tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Remove(ulong address) => (address & (1UL << 55)) == 0
        ? Lower ? address & ~TopByte : address
        : Upper ? address | TopByte : address;
}
