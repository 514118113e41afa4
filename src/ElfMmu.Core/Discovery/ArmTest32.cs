using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>
/// The short descriptors of ARM. Nearly any word can be one, but a table has nothing between them that is neither one nor zero.
/// </summary>
internal readonly struct ArmTest32 : IEntryTest
{
    public static int EntrySizeShift => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<uint> entries = bytes.AsUInt32();
        Vector256<uint> type = entries & Vector256.Create(3u);
        Vector256<uint> absent = Vector256.Equals(type, Vector256<uint>.Zero);
        Vector256<uint> empty = Vector256.Equals(entries, Vector256<uint>.Zero);
        present = (~absent).AsByte();
        notLast = Vector256.AndNot(absent, empty).AsByte();
        notDirectory = notLast;
    }
}
