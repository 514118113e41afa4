using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>The 4-byte entries of RISC-V: Sv32.</summary>
internal readonly struct RiscVTest32 : IEntryTest
{
    private const uint ReadWriteExecute = 14;
    private const uint ReadWrite = 6;
    private const uint Write = 4;

    // Addresses may have 34 bits, but machines with 32 use no more.
    private const uint TooHigh = 0xc000_0000;
    private const uint NotInPointers = TooHigh | 0xd0;

    public static int EntrySizeShift => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<uint> entries = bytes.AsUInt32();
        Vector256<uint> absent = Vector256.Equals(entries & Vector256<uint>.One, Vector256<uint>.Zero);
        Vector256<uint> empty = Vector256.Equals(entries, Vector256<uint>.Zero);
        Vector256<uint> pointer = Vector256.Equals(entries & Vector256.Create(ReadWriteExecute), Vector256<uint>.Zero);
        Vector256<uint> leaf = Vector256.AndNot(
            Vector256.Equals(entries & Vector256.Create(TooHigh), Vector256<uint>.Zero),
            pointer | Vector256.Equals(entries & Vector256.Create(ReadWrite), Vector256.Create(Write)));
        Vector256<uint> table = pointer & Vector256.Equals(entries & Vector256.Create(NotInPointers), Vector256<uint>.Zero);
        present = (~absent).AsByte();
        notLast = (~(absent | leaf)).AsByte();
        notDirectory = (~(empty | Vector256.AndNot(leaf | table, absent))).AsByte();
    }
}
