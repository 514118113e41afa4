using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>The 8-byte descriptors of ARM.</summary>
/// <param name="reserved">Address bits that are set in no descriptor.</param>
internal readonly struct ArmTest64(ulong reserved) : IEntryTest
{
    public static int EntrySizeShift => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<ulong> entries = bytes.AsUInt64();
        Vector256<ulong> absent = Vector256.Equals(entries & Vector256<ulong>.One, Vector256<ulong>.Zero);
        Vector256<ulong> empty = Vector256.Equals(entries, Vector256<ulong>.Zero);
        Vector256<ulong> fine = Vector256.Equals(entries & Vector256.Create(reserved), Vector256<ulong>.Zero);
        Vector256<ulong> page = Vector256.Equals(entries & Vector256.Create(3UL), Vector256.Create(3UL));
        present = (~absent).AsByte();
        notLast = (~(absent | (fine & page))).AsByte();
        notDirectory = (~(empty | Vector256.AndNot(fine, absent))).AsByte();
    }
}
