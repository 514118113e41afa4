using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>The 4-byte entries of x86, which have no reserved bits: only addresses outside the memory are unlikely.</summary>
/// <param name="top">The first address behind the memory, in frames.</param>
internal readonly struct X86Test32(ulong top) : IEntryTest
{
    private readonly uint _last = (uint)Math.Min(top - 1, 0xfffff) << 12 | 0xfff;

    public static int EntrySizeShift => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<uint> entries = bytes.AsUInt32();
        Vector256<uint> absent = Vector256.Equals(entries & Vector256<uint>.One, Vector256<uint>.Zero);
        Vector256<uint> empty = Vector256.Equals(entries, Vector256<uint>.Zero);
        Vector256<uint> fine = Vector256.LessThanOrEqual(entries, Vector256.Create(_last));
        present = (~absent).AsByte();
        notLast = Vector256.AndNot(~fine, absent).AsByte();
        notDirectory = (~(empty | Vector256.AndNot(fine, absent))).AsByte();
    }
}
