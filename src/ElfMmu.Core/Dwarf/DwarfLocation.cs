namespace ElfMmu.Dwarf;

/// <summary>Where a variable is.</summary>
public sealed class DwarfLocation
{
    private DwarfLocation(DwarfLocationKind kind, ulong address, int register, long offset)
    {
        Kind = kind;
        MemoryAddress = address;
        RegisterNumber = register;
        Offset = offset;
    }

    internal DwarfLocationKind Kind { get; }

    internal ulong MemoryAddress { get; }

    internal int RegisterNumber { get; }

    internal long Offset { get; }

    /// <summary>At an address (DW_OP_addr).</summary>
    /// <param name="address">The virtual address.</param>
    public static DwarfLocation Address(ulong address) => new(DwarfLocationKind.Address, address, 0, 0);

    /// <summary>At an offset from the function's frame (DW_OP_fbreg): from its canonical frame address, the stack pointer at the call.</summary>
    /// <param name="offset">The offset in bytes; negative for locals.</param>
    public static DwarfLocation FrameOffset(long offset) => new(DwarfLocationKind.Frame, 0, 0, offset);

    /// <summary>In a register (DW_OP_reg).</summary>
    /// <param name="register">The number DWARF gives it, from 0.</param>
    public static DwarfLocation Register(int register) => new(DwarfLocationKind.Register, 0, Check(register), 0);

    /// <summary>In memory at a register's value and an offset (DW_OP_breg).</summary>
    /// <param name="register">The number DWARF gives it, from 0.</param>
    /// <param name="offset">The offset in bytes.</param>
    public static DwarfLocation RegisterOffset(int register, long offset) =>
        new(DwarfLocationKind.Memory, 0, Check(register), offset);

    private static int Check(int register)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(register);
        return register;
    }
}
