using ElfMmu.Elf;

namespace ElfMmu.Companions;

/// <summary>The machine a companion is for: what its ELF header has to say so that a debugger takes it beside a core.</summary>
public sealed record CompanionTarget
{
    // What other tools call the processors that are met most.
    private static readonly Dictionary<string, (ElfMachine Machine, ElfClass? Class)> Usual = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x64"] = (ElfMachine.X86_64, null),
        ["x86-64"] = (ElfMachine.X86_64, null),
        ["amd64"] = (ElfMachine.X86_64, null),
        ["x86"] = (ElfMachine.I386, null),
        ["i386"] = (ElfMachine.I386, null),
        ["i686"] = (ElfMachine.I386, null),
        ["arm"] = (ElfMachine.Arm, null),
        ["arm64"] = (ElfMachine.AArch64, null),
        ["aarch64"] = (ElfMachine.AArch64, null),
        ["riscv32"] = (ElfMachine.RiscV, ElfClass.Elf32),
        ["riscv64"] = (ElfMachine.RiscV, ElfClass.Elf64),
        ["ppc"] = (ElfMachine.PowerPC, null),
        ["ppc64"] = (ElfMachine.PowerPC64, null),
        ["mips"] = (ElfMachine.Mips, null),
    };

    /// <summary>The processor.</summary>
    public required ElfMachine Machine { get; init; }

    /// <summary>The width of addresses.</summary>
    public required ElfClass Class { get; init; }

    /// <summary>The byte order.</summary>
    public required ElfData Data { get; init; }

    /// <summary>Whose extensions are used.</summary>
    public ElfOsAbi OsAbi { get; init; }

    /// <summary>The version of that ABI.</summary>
    public byte AbiVersion { get; init; }

    /// <summary>The processor's flags.</summary>
    public uint Flags { get; init; }

    /// <summary>The highest address there is.</summary>
    public ulong MaximumAddress => Class == ElfClass.Elf32 ? uint.MaxValue : ulong.MaxValue;

    /// <summary>An address as the target has it: programs for MIPS write those of 32 bits extended by their sign.</summary>
    /// <param name="address">The address as a source has it.</param>
    public ulong Narrow(ulong address) =>
        Machine == ElfMachine.Mips && Class == ElfClass.Elf32 && address >= 0xffff_ffff_8000_0000 ? (uint)address : address;

    /// <summary>The target of an ELF file, of a core for example.</summary>
    public static CompanionTarget Of(ElfHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new CompanionTarget
        {
            Machine = header.Machine,
            Class = header.Class,
            Data = header.Data,
            OsAbi = header.OsAbi,
            AbiVersion = header.AbiVersion,
            Flags = header.Flags,
        };
    }

    /// <summary>The target of a processor, whose usual class and byte order count where it has only one.</summary>
    /// <param name="machine">The processor.</param>
    /// <param name="elfClass">The width of addresses; null for the usual one.</param>
    /// <param name="order">The byte order; null for the usual one.</param>
    /// <exception cref="ElfMmuException"><c>TargetIncomplete</c>: the processor has both, or it isn't known what it has.</exception>
    public static CompanionTarget For(ElfMachine machine, ElfClass? elfClass, ByteOrder? order)
    {
        elfClass ??= machine switch
        {
            ElfMachine.I386 or ElfMachine.Arm or ElfMachine.PowerPC => ElfClass.Elf32,
            ElfMachine.X86_64 or ElfMachine.AArch64 or ElfMachine.PowerPC64 => ElfClass.Elf64,
            _ => null,
        };
        order ??= machine switch
        {
            ElfMachine.I386 or ElfMachine.X86_64 or ElfMachine.Arm or ElfMachine.AArch64 or ElfMachine.RiscV => ByteOrder.Little,
            ElfMachine.PowerPC => ByteOrder.Big,
            _ => null,
        };
        return elfClass is ElfClass.Elf32 or ElfClass.Elf64 && order is { } known
            ? new CompanionTarget
            {
                Machine = machine,
                Class = elfClass.Value,
                Data = known == ByteOrder.Big ? ElfData.BigEndian : ElfData.LittleEndian,
            }
            : throw new ElfMmuException(
                "TargetIncomplete",
                ErrorKind.InvalidArgument,
                $"{ElfNames.Machine(machine)} doesn't say by itself how wide its addresses are and in which order its bytes. Give the core, or the "
                + "class (Elf32, Elf64) and the byte order (Little, Big).");
    }

    /// <summary>The names of processors as the ELF specification has them, and those that are usual elsewhere.</summary>
    public static IEnumerable<string> MachineNames => Usual.Keys.Concat(Enum.GetValues<ElfMachine>().Select(ElfNames.Machine));

    /// <summary>
    /// The processor that a name stands for: that of the ELF specification (EM_ARM) or of <see cref="ElfMachine"/> (Arm), a usual one (x64,
    /// arm64), or the number of e_machine.
    /// </summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="elfClass">The width of addresses, if the name says it (riscv64); null otherwise.</param>
    /// <returns>Null for a name that none has.</returns>
    public static ElfMachine? FindMachine(string name, out ElfClass? elfClass)
    {
        elfClass = null;
        if (Usual.TryGetValue(name, out var usual))
        {
            elfClass = usual.Class;
            return usual.Machine;
        }

        foreach (ElfMachine machine in Enum.GetValues<ElfMachine>())
        {
            string full = ElfNames.Machine(machine);
            if (name.Equals(machine.ToString(), StringComparison.OrdinalIgnoreCase) || name.Equals(full, StringComparison.OrdinalIgnoreCase)
                || (full.StartsWith("EM_", StringComparison.Ordinal) && name.Equals(full[3..], StringComparison.OrdinalIgnoreCase)))
            {
                return machine;
            }
        }

        // Behind the names, for some of them are digits: 386.
        return AddressText.TryParse(name, out ulong number) && number is > 0 and <= ushort.MaxValue ? (ElfMachine)number : null;
    }
}
