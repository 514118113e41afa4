using ElfMmu.Elf;

namespace ElfMmu.Dwarf;

/// <summary>
/// The numbers DWARF gives to the registers a frame is described with, and the factors of its tables, as the processors' ABI supplements
/// define them and GCC writes them.
/// </summary>
public sealed record DwarfRegisters
{
    /// <summary>The stack pointer.</summary>
    public required int StackPointer { get; init; }

    /// <summary>The frame pointer compilers use when they use one.</summary>
    public required int FramePointer { get; init; }

    /// <summary>The column of the return address: the link register, or the program counter where it is on the stack.</summary>
    public required int ReturnAddress { get; init; }

    /// <summary>What offsets of instructions are multiples of, in bytes (code_alignment_factor, minimum_instruction_length).</summary>
    public required int CodeAlignment { get; init; }

    /// <summary>What offsets of saved registers are multiples of, in bytes; negative, for the stack grows down.</summary>
    public required int DataAlignment { get; init; }

    /// <summary>Whether a call puts the return address on the stack, and not into a register.</summary>
    public bool ReturnsThroughStack { get; init; }

    /// <summary>The registers of a machine; null if it isn't one of x86, ARM, AArch64, RISC-V, PowerPC and MIPS.</summary>
    /// <param name="machine">The processor.</param>
    /// <param name="elfClass">The width of its addresses.</param>
    public static DwarfRegisters? Of(ElfMachine machine, ElfClass elfClass)
    {
        int word = elfClass == ElfClass.Elf64 ? 8 : 4;
        return machine switch
        {
            ElfMachine.X86_64 => new DwarfRegisters
            {
                StackPointer = 7,
                FramePointer = 6,
                ReturnAddress = 16,
                CodeAlignment = 1,
                DataAlignment = -8,
                ReturnsThroughStack = true,
            },
            ElfMachine.I386 => new DwarfRegisters
            {
                StackPointer = 4,
                FramePointer = 5,
                ReturnAddress = 8,
                CodeAlignment = 1,
                DataAlignment = -4,
                ReturnsThroughStack = true,
            },
            ElfMachine.Arm => Linked(stack: 13, frame: 11, link: 14, code: 2, word: 4),
            ElfMachine.AArch64 => Linked(stack: 31, frame: 29, link: 30, code: 4, word: 8),
            ElfMachine.RiscV => Linked(stack: 2, frame: 8, link: 1, code: 2, word),
            ElfMachine.PowerPC => Linked(stack: 1, frame: 31, link: 65, code: 4, word: 4),
            ElfMachine.PowerPC64 => Linked(stack: 1, frame: 31, link: 65, code: 4, word: 8),
            ElfMachine.Mips => Linked(stack: 29, frame: 30, link: 31, code: 2, word),
            _ => null,
        };
    }

    private static DwarfRegisters Linked(int stack, int frame, int link, int code, int word) => new()
    {
        StackPointer = stack,
        FramePointer = frame,
        ReturnAddress = link,
        CodeAlignment = code,
        DataAlignment = -word,
    };
}
