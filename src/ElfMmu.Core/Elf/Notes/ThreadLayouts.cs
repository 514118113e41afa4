namespace ElfMmu.Elf.Notes;

/// <summary>
/// The layouts of NT_PRSTATUS in cores of processes: those of <see cref="CoreNoteLayouts"/>, which dumps are read and cores written with,
/// and more that are read only (Linux: each architecture's asm/elf.h, asm/ptrace.h, asm/reg.h).
/// </summary>
internal static class ThreadLayouts
{
    private const string Mips = " lo hi epc badvaddr status cause";

    private static readonly CoreNoteLayout[] Rows =
    [
        Row64(ElfMachine.PowerPC64, 504, CoreNoteLayouts.Numbered("r", 32) + " nip msr orig_gpr3 ctr link xer ccr softe trap dar dsisr result"),
        Row64(ElfMachine.S390, 336, "pswm pswa " + CoreNoteLayouts.Numbered("r", 16) + " " + CoreNoteLayouts.Numbered("acr", 16, ":4") + " orig_r2"),
        Row64(ElfMachine.Mips, 480, CoreNoteLayouts.Numbered("r", 32) + Mips),
        Row64(ElfMachine.LoongArch, 480, CoreNoteLayouts.Numbered("r", 32) + " orig_a0 era badv crmd prmd euen ecfg estat"),

        // N32 and x32: numbers of 32 bits, and registers of 64.
        RowOf64BitRegisters(ElfMachine.Mips, 440, CoreNoteLayouts.Numbered("r", 32) + Mips),
        RowOf64BitRegisters(ElfMachine.X86_64, 296, X86_64),
    ];

    private static string X86_64 => string.Join(' ', CoreNoteLayouts.FindPrStatus(ElfMachine.X86_64, ElfClass.Elf64, 336)!.Registers.Select(r => r.Name));

    /// <summary>Finds the layout of a description by its size. O(layouts).</summary>
    public static CoreNoteLayout? Find(ElfHeader header, int size) => CoreNoteLayouts.FindPrStatus(header.Machine, header.Class, size)
        ?? Array.Find(Rows, row => row.Machine == header.Machine && row.Class == header.Class && row.Size == size);

    private static CoreNoteLayout Row64(ElfMachine machine, int size, string names) =>
        CoreNoteLayouts.Row(machine, ElfClass.Elf64, size, names, 112, 32, 8);

    private static CoreNoteLayout RowOf64BitRegisters(ElfMachine machine, int size, string names) =>
        CoreNoteLayouts.Row(machine, ElfClass.Elf32, size, names, 72, 24, 8);
}
