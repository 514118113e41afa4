using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>
/// Tells by their bits alone, many at a time, what can't be an entry of a page table. It is to keep whatever the format's decoder
/// would take, and to let through little else; what is let through is decoded.
/// </summary>
internal interface IEntryTest
{
    /// <summary>The base-two logarithm of an entry's size in bytes: 2 or 3.</summary>
    static abstract int EntrySizeShift { get; }

    /// <summary>Looks at 32 bytes of entries.</summary>
    /// <param name="bytes">The entries, little-endian.</param>
    /// <param name="present">All ones for each entry that is in use.</param>
    /// <param name="notDirectory">All ones for each entry that is unlikely in a table that leads to others.</param>
    /// <param name="notLast">All ones for each entry that is unlikely in a table of the last level.</param>
    void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast);
}
