using System.Buffers.Binary;
using System.Globalization;

namespace ElfMmu.Elf;

/// <summary>
/// The notes of core files that hold a thread's or a CPU's registers, as tables: NT_PRSTATUS for x86, ARM, AArch64, RISC-V,
/// PowerPC and MIPS (Linux, struct elf_prstatus; the order of the registers is that of each machine's struct user_regs or elf_gregset_t).
/// Another machine is another row.
/// </summary>
public static class CoreNoteLayouts
{
    /// <summary>The name of the notes below.</summary>
    public const string Name = "CORE";

    /// <summary>State and registers of one thread or CPU (NT_PRSTATUS).</summary>
    public const uint PrStatus = 1;

    /// <summary>What the process is (NT_PRPSINFO).</summary>
    public const uint PrPsInfo = 3;

    /// <summary>The files a process has mapped (NT_FILE).</summary>
    public const uint MappedFiles = 0x46494c45;

    private static readonly CoreNoteLayout[] Rows =
    [
        Row(ElfMachine.X86_64, ElfClass.Elf64, 336,
            "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es " +
            "fs gs"),
        Row(ElfMachine.I386, ElfClass.Elf32, 144,
            "ebx=rbx ecx=rcx edx=rdx esi=rsi edi=rdi ebp=rbp eax=rax ds es fs gs orig_eax=orig_rax eip=rip cs eflags esp=rsp ss"),
        Row(ElfMachine.AArch64, ElfClass.Elf64, 392,
            "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15 x16 x17 x18 x19 x20 x21 x22 x23 x24 x25 x26 x27 x28 x29 x30 " +
            "sp pc pstate"),
        Row(ElfMachine.Arm, ElfClass.Elf32, 148, "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc cpsr orig_r0"),
        Row(ElfMachine.RiscV, ElfClass.Elf64, 376, RiscV),
        Row(ElfMachine.RiscV, ElfClass.Elf32, 204, RiscV),
        Row(ElfMachine.PowerPC, ElfClass.Elf32, 268, PowerPc),

        // QEMU writes the registers of a 32-bit PowerPC behind the head of a 64-bit note.
        Row(ElfMachine.PowerPC, ElfClass.Elf32, 328, PowerPc, 112, 32),
        Row(ElfMachine.Mips, ElfClass.Elf32, 256,
            "- - - - - - " + Numbered("r", 32) + " lo hi epc badvaddr status cause"),
    ];

    /// <summary>The layouts of NT_PRSTATUS that are known.</summary>
    public static IReadOnlyList<CoreNoteLayout> PrStatusLayouts { get; } = Array.AsReadOnly(Rows);

    private static string PowerPc => Numbered("r", 32) + " nip msr orig_gpr3 ctr link xer ccr mq trap dar dsisr result";

    private static string RiscV =>
        "pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6";

    /// <summary>
    /// Finds the layout of a description. Its size decides, among the layouts of the machine and its 32- or 64-bit sibling: QEMU
    /// writes 32-bit x86 guests as EM_386 in ELFCLASS64 with the small note.
    /// </summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="elfClass">The file's class, which is asked only where sizes agree.</param>
    /// <param name="size">descsz, in bytes.</param>
    /// <returns>The layout, or null.</returns>
    public static CoreNoteLayout? FindPrStatus(ElfMachine machine, ElfClass elfClass, int size)
    {
        CoreNoteLayout? found = null;
        foreach (var row in Rows)
        {
            if (row.Size == size && Family(row.Machine) == Family(machine) && (found is null || row.Class == elfClass))
            {
                found = row;
            }
        }

        return found;
    }

    /// <summary>
    /// Whether a description of this size is what Linux itself writes for the machine and class, so that any reader understands
    /// it.
    /// </summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="elfClass">The class of the file it is to stand in.</param>
    /// <param name="size">descsz, in bytes.</param>
    public static bool IsStandardPrStatus(ElfMachine machine, ElfClass elfClass, int size) => Standard(machine, elfClass)?.Size == size;

    /// <summary>Reads the registers of an NT_PRSTATUS note.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="elfClass">The file's class.</param>
    /// <param name="description">The note's description.</param>
    /// <param name="data">The file's byte order.</param>
    /// <param name="registers">Receives them, names in lower case; what it holds under other names stays.</param>
    /// <returns>False, with nothing changed, if the layout isn't known.</returns>
    public static bool TryDecodePrStatus(
        ElfMachine machine,
        ElfClass elfClass,
        ReadOnlySpan<byte> description,
        ElfData data,
        IDictionary<string, ulong> registers) =>
        TryDecodePrStatus(machine, elfClass, description, data, registers, out _);

    /// <summary>Reads the registers and the thread's number of an NT_PRSTATUS note.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="elfClass">The file's class.</param>
    /// <param name="description">The note's description.</param>
    /// <param name="data">The file's byte order.</param>
    /// <param name="registers">Receives them, names in lower case; what it holds under other names stays.</param>
    /// <param name="pid">The thread's number (pr_pid); in QEMU's dumps the CPU's index plus 1.</param>
    /// <returns>False, with nothing changed, if the layout isn't known.</returns>
    public static bool TryDecodePrStatus(
        ElfMachine machine,
        ElfClass elfClass,
        ReadOnlySpan<byte> description,
        ElfData data,
        IDictionary<string, ulong> registers,
        out uint pid)
    {
        ArgumentNullException.ThrowIfNull(registers);
        pid = 0;
        if (FindPrStatus(machine, elfClass, description.Length) is not { } layout)
        {
            return false;
        }

        pid = (uint)ReadNumber(description[layout.PidOffset..], 4, data);
        Decode(layout, description, data, registers);
        return true;
    }

    /// <summary>Reads the registers of a description that has a layout.</summary>
    internal static void Decode(CoreNoteLayout layout, ReadOnlySpan<byte> description, ElfData data, IDictionary<string, ulong> registers)
    {
        foreach (var register in layout.Registers)
        {
            int size = register.Size == 0 ? layout.RegisterSize : register.Size;
            registers[register.Name] = ReadNumber(description[register.Offset..], size, data);
        }
    }

    /// <summary>Makes a layout of its registers' names.</summary>
    /// <param name="machine">The machine whose own it is.</param>
    /// <param name="elfClass">The class whose own it is.</param>
    /// <param name="size">The size of the description in bytes.</param>
    /// <param name="names">The names with blanks between them: a dash is a place without a register, <c>name=alias</c> has an alias, and
    /// <c>name:4</c> has 4 bytes whatever the others have.</param>
    /// <param name="offset">Where the first register stands, in bytes.</param>
    /// <param name="pidOffset">Where pr_pid stands.</param>
    /// <param name="registerSize">The size of a register in bytes.</param>
    internal static CoreNoteLayout Row(
        ElfMachine machine, ElfClass elfClass, int size, string names, int offset, int pidOffset, int registerSize)
    {
        var registers = new List<CoreRegister>();
        foreach (var word in names.Split(' '))
        {
            string[] sized = word.Split(':');
            string[] parts = sized[0].Split('=');
            int own = sized.Length > 1 ? int.Parse(sized[1], CultureInfo.InvariantCulture) : 0;
            if (word != "-")
            {
                registers.Add(new CoreRegister(parts[0], offset, parts.Length > 1 ? parts[1] : null, own));
            }

            offset += own == 0 ? registerSize : own;
        }

        return new CoreNoteLayout(machine, elfClass, size, pidOffset, registerSize, registers.AsReadOnly());
    }

    /// <summary>A letter with each number below a count behind it, with blanks between them.</summary>
    internal static string Numbered(string letter, int count, string suffix = "") =>
        string.Join(' ', Enumerable.Range(0, count).Select(i => letter + i.ToString(CultureInfo.InvariantCulture) + suffix));

    /// <summary>Writes the description of an NT_PRSTATUS note in the layout of the machine and class.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="elfClass">The class of the file to be written; a machine with one layout uses it for both.</param>
    /// <param name="data">The byte order of the file to be written.</param>
    /// <param name="registers">The registers by their names in lower case; one that is missing is 0, one that isn't known is left
    /// out. A 32-bit x86 register is also found under its 64-bit name, as QEMU's own note calls it.</param>
    /// <param name="pid">The thread's number (pr_pid).</param>
    /// <returns>The description, or null if there is no layout for the machine.</returns>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a register's value doesn't fit a 32-bit layout.</exception>
    public static byte[]? EncodePrStatus(
        ElfMachine machine, ElfClass elfClass, ElfData data, IReadOnlyDictionary<string, ulong> registers, uint pid)
    {
        ArgumentNullException.ThrowIfNull(registers);
        var layout = Standard(machine, elfClass);
        if (layout is null)
        {
            return null;
        }

        var description = new byte[layout.Size];
        WriteNumber(description.AsSpan(layout.PidOffset), 4, data, pid, "pid");
        foreach (var register in layout.Registers)
        {
            if (registers.TryGetValue(register.Name, out var value)
                || (register.Alias is not null && registers.TryGetValue(register.Alias, out value)))
            {
                WriteNumber(description.AsSpan(register.Offset), layout.RegisterSize, data, value, register.Name);
            }
        }

        return description;
    }

    /// <summary>Writes the description of an NT_PRSTATUS note in the machine's first layout: the 64-bit one for RISC-V.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="data">The byte order of the file to be written.</param>
    /// <param name="registers">The registers by their names in lower case.</param>
    /// <param name="pid">The thread's number (pr_pid).</param>
    /// <returns>The description, or null if there is no layout for the machine.</returns>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a register's value doesn't fit a 32-bit layout.</exception>
    public static byte[]? EncodePrStatus(
        ElfMachine machine, ElfData data, IReadOnlyDictionary<string, ulong> registers, uint pid) =>
        EncodePrStatus(machine, ElfClass.Elf64, data, registers, pid);

    private static CoreNoteLayout? Standard(ElfMachine machine, ElfClass elfClass) =>
        Array.Find(Rows, row => row.Machine == machine && row.Class == elfClass) ?? Array.Find(Rows, row => row.Machine == machine);

    // The 32- and 64-bit sides of one architecture, of which a dump may name one and carry the other's notes.
    private static ElfMachine Family(ElfMachine machine) => machine switch
    {
        ElfMachine.I386 => ElfMachine.X86_64,
        ElfMachine.Arm => ElfMachine.AArch64,
        _ => machine,
    };

    // Before the registers stand pr_info, pr_cursig, two signal masks, four process numbers and four times (struct
    // elf_prstatus): 72 bytes of 32-bit longs or 112 of 64-bit ones, with pr_pid at 24 or 32.
    private static CoreNoteLayout Row(ElfMachine machine, ElfClass elfClass, int size, string names) =>
        elfClass == ElfClass.Elf64 ? Row(machine, elfClass, size, names, 112, 32) : Row(machine, elfClass, size, names, 72, 24);

    private static CoreNoteLayout Row(ElfMachine machine, ElfClass elfClass, int size, string names, int offset, int pidOffset) =>
        Row(machine, elfClass, size, names, offset, pidOffset, elfClass == ElfClass.Elf64 ? 8 : 4);

    private static ulong ReadNumber(ReadOnlySpan<byte> source, int size, ElfData data) => (size, data) switch
    {
        (4, ElfData.BigEndian) => BinaryPrimitives.ReadUInt32BigEndian(source),
        (4, _) => BinaryPrimitives.ReadUInt32LittleEndian(source),
        (_, ElfData.BigEndian) => BinaryPrimitives.ReadUInt64BigEndian(source),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(source),
    };

    private static void WriteNumber(Span<byte> destination, int size, ElfData data, ulong value, string name)
    {
        var fields = new ElfFieldWriter(destination, size == 4 ? ElfClass.Elf32 : ElfClass.Elf64, data);
        fields.Native(ref value, name);
    }
}
