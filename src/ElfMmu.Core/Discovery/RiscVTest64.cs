using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>The 8-byte entries of RISC-V: Sv39, Sv48 and Sv57.</summary>
internal readonly struct RiscVTest64 : IEntryTest
{
    private const ulong ReadWriteExecute = 14;
    private const ulong ReadWrite = 6;
    private const ulong Write = 4;

    // Bits 60–54 are reserved, and no machine has memory where the six below them are set.
    private const ulong NeverSet = 0x1fff_0000_0000_0000;
    private const ulong NotInPointers = NeverSet | 0xe000_0000_0000_00d0;

    public static int EntrySizeShift => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Test(
        Vector256<byte> bytes, out Vector256<byte> present, out Vector256<byte> notDirectory, out Vector256<byte> notLast)
    {
        Vector256<ulong> entries = bytes.AsUInt64();
        Vector256<ulong> absent = Vector256.Equals(entries & Vector256<ulong>.One, Vector256<ulong>.Zero);
        Vector256<ulong> empty = Vector256.Equals(entries, Vector256<ulong>.Zero);
        Vector256<ulong> rights = entries & Vector256.Create(ReadWriteExecute);
        Vector256<ulong> pointer = Vector256.Equals(rights, Vector256<ulong>.Zero);
        Vector256<ulong> leaf = Vector256.AndNot(
            Vector256.Equals(entries & Vector256.Create(NeverSet), Vector256<ulong>.Zero),
            pointer | Vector256.Equals(entries & Vector256.Create(ReadWrite), Vector256.Create(Write)));
        Vector256<ulong> table = pointer & Vector256.Equals(entries & Vector256.Create(NotInPointers), Vector256<ulong>.Zero);
        present = (~absent).AsByte();
        notLast = (~(absent | leaf)).AsByte();
        notDirectory = (~(empty | Vector256.AndNot(leaf | table, absent))).AsByte();
    }
}
