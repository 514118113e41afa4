using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>The entries of PAE, 4-level and 5-level paging.</summary>
internal readonly struct X86Test64 : IEntryTest
{
    // No machine has that much memory, and text and pointers have bits here.
    private const ulong TooHigh = 0x000f_c000_0000_0000;

    public static int EntrySizeShift => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<ulong> entries = bytes.AsUInt64();
        Vector256<ulong> absent = Vector256.Equals(entries & Vector256<ulong>.One, Vector256<ulong>.Zero);
        Vector256<ulong> empty = Vector256.Equals(entries, Vector256<ulong>.Zero);
        Vector256<ulong> fine = Vector256.Equals(entries & Vector256.Create(TooHigh), Vector256<ulong>.Zero);
        present = (~absent).AsByte();
        notLast = Vector256.AndNot((~fine), absent).AsByte();
        notDirectory = (~(empty | Vector256.AndNot(fine, absent))).AsByte();
    }
}
