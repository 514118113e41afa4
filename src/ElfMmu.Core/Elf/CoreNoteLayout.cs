namespace ElfMmu.Elf;

/// <summary>One layout of NT_PRSTATUS: struct elf_prstatus of one machine's Linux ABI.</summary>
/// <param name="Machine">The machine whose own it is.</param>
/// <param name="Class">The class whose own it is.</param>
/// <param name="Size">The size of the description in bytes, which tells the layouts of related machines apart.</param>
/// <param name="PidOffset">Where pr_pid stands, a 32-bit number.</param>
/// <param name="RegisterSize">The size of a register in bytes: 4 or 8.</param>
/// <param name="Registers">The registers.</param>
public sealed record CoreNoteLayout(
    ElfMachine Machine,
    ElfClass Class,
    int Size,
    int PidOffset,
    int RegisterSize,
    IReadOnlyList<CoreRegister> Registers);
