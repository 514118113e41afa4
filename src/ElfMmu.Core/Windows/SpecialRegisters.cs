using System.Buffers.Binary;
using ElfMmu.Dumps;

namespace ElfMmu.Windows;

/// <summary>
/// The registers that a Windows kernel saves of a processor beside its context (KSPECIAL_REGISTERS, and on AArch64 KARM64_ARCH_STATE behind it).
/// They count only if they show a processor that translates addresses: a state that was never saved is zeros.
/// </summary>
/// <remarks>wdbgexts.h and ntosp.h as the public symbols of the kernels show them.</remarks>
internal sealed class SpecialRegisters
{
    private const ulong PagingOn = 0x8000_0001;

    private static readonly SpecialRegisters X64 = new(0xb8, "cr0", PagingOn, "cr3",
    [
        ("cr0", 0, 8), ("cr2", 8, 8), ("cr3", 0x10, 8), ("cr4", 0x18, 8),
        ("gdt.limit", 0x56, 2), ("gdt_base", 0x58, 8), ("idt.limit", 0x66, 2), ("idt_base", 0x68, 8), ("tr", 0x70, 2), ("ldt", 0x72, 2),
        ("cr8", 0xa0, 8), ("gs_base", 0xa8, 8), ("kernel_gs_base", 0xb0, 8),
    ]);

    private static readonly SpecialRegisters X86 = new(0x3c, "cr0", PagingOn, "cr3",
    [
        ("cr0", 0, 4), ("cr2", 4, 4), ("cr3", 8, 4), ("cr4", 0xc, 4),
        ("gdt.limit", 0x2a, 2), ("gdt_base", 0x2c, 4), ("idt.limit", 0x32, 2), ("idt_base", 0x34, 4), ("tr", 0x38, 2), ("ldt", 0x3a, 2),
    ]);

    private static readonly SpecialRegisters Arm64 = new(0x310, "sctlr_el1", 1, "ttbr0_el1",
    [
        ("sctlr_el1", 0xa8, 8), ("tcr_el1", 0xc0, 8), ("ttbr0_el1", 0xc8, 8), ("ttbr1_el1", 0xd0, 8), ("mair_el1", 0x308, 8),
    ]);

    private readonly string _witness;
    private readonly ulong _wanted;
    private readonly string _root;
    private readonly (string Name, int Offset, int Size)[] _registers;

    private SpecialRegisters(int size, string witness, ulong wanted, string root, (string Name, int Offset, int Size)[] registers)
    {
        Size = size;
        _witness = witness;
        _wanted = wanted;
        _root = root;
        _registers = registers;
    }

    /// <summary>How many bytes are read.</summary>
    public int Size { get; }

    /// <summary>The layout for a machine; null for none.</summary>
    public static SpecialRegisters? For(ushort machine) => machine switch
    {
        WindowsMachine.Amd64 => X64,
        WindowsMachine.I386 => X86,
        WindowsMachine.Arm64 => Arm64,
        _ => null,
    };

    /// <summary>Reads them, or nothing where they were never saved.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    /// <param name="registers">Takes them.</param>
    public void Read(ReadOnlySpan<byte> bytes, Dictionary<string, ulong> registers)
    {
        var read = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int offset, int size) in _registers)
        {
            read[name] = size switch
            {
                2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]),
            };
        }

        if ((read[_witness] & _wanted) == _wanted && read[_root] != 0)
        {
            foreach ((string name, ulong value) in read)
            {
                registers[name] = value;
            }
        }
    }
}
