using System.Buffers.Binary;

namespace ElfMmu.Discovery;

/// <summary>
/// Where the fields of a PTE are in the eight bytes of a group's slot, read as one number in this machine's order: that way four
/// slots and more can be tested at once, in either byte order of the table.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1.1 "Page Table Entry (PTE) Definitions".</remarks>
internal readonly struct PowerPcPteFormat(ByteOrder order)
{
    public const int PteSize = 8;
    public const int PtesPerGroup = 8;
    public const int GroupSize = PteSize * PtesPerGroup;
    public const int GroupShift = 6;
    public const int PageShift = 12;

    /// <summary>The base-two logarithm of the smallest table.</summary>
    public const int BlockShift = 16;
    public const int BlockSize = 1 << BlockShift;

    /// <summary>How many bits of the hash can select blocks: as many as HTABMASK has.</summary>
    public const int MaskBits = 9;
    public const uint MaximumMask = (1 << MaskBits) - 1;

    private const uint ReservedInSecond = 0xe04;
    private const int LowHashBits = 10;
    private const uint SecondaryBit = 1 << 6;
    private const uint ApiMask = 0x3f;

    /// <summary>V in the number of a slot.</summary>
    public ulong Valid { get; } = order == ByteOrder.Big ? 0x80UL : 0x8000_0000UL;

    /// <summary>The reserved bits of the second word in the number of a slot; a well-formed slot has none of them, valid or not.</summary>
    public ulong Reserved { get; } =
        order == ByteOrder.Big ? (ulong)BinaryPrimitives.ReverseEndianness(ReservedInSecond) << 32 : (ulong)ReservedInSecond << 32;

    private bool Swapped { get; } = order == ByteOrder.Big;

    /// <summary>The first word: V, VSID, H and API, which together with the group name the page.</summary>
    public uint First(ulong slot) => Swapped ? BinaryPrimitives.ReverseEndianness((uint)slot) : (uint)slot;

    /// <summary>The second word: RPN, R, C, WIMG and PP.</summary>
    public uint Second(ulong slot) => Swapped ? BinaryPrimitives.ReverseEndianness((uint)(slot >> 32)) : (uint)(slot >> 32);

    /// <summary>The number of the virtual segment.</summary>
    public static uint Vsid(uint first) => (first >> 7) & 0xff_ffff;

    /// <summary>
    /// The bits of the hash that select the block of a table, as the entry itself has them: VSID XOR API, inverted for an entry of
    /// the secondary group. The hash's lower bits can't be checked: the page index isn't in the entry but follows from the group.
    /// </summary>
    public static uint BlockOf(uint first) =>
        ((Vsid(first) >> LowHashBits) ^ (first & ApiMask) ^ ((first & SecondaryBit) == 0 ? 0 : MaximumMask)) & MaximumMask;
}
