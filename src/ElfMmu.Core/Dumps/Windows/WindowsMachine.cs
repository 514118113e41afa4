namespace ElfMmu.Dumps;

/// <summary>Values of IMAGE_FILE_MACHINE in crash dumps.</summary>
internal static class WindowsMachine
{
    public const ushort I386 = 0x14c;
    public const ushort Arm = 0x1c0;
    public const ushort ArmThumb = 0x1c4;
    public const ushort Amd64 = 0x8664;
    public const ushort Arm64 = 0xaa64;

    // AArch64, two roots for 47 bits each, tables of 4 KiB: T0SZ and T1SZ are 17, TG1 says 4 KiB.
    private const ulong Arm64Control = 0x8011_0011;

    // With 47 bits half a table page is the top table, and the upper half's is the other half of the page.
    private const ulong Arm64UpperHalf = 0x800;

    /// <summary>The machine, with what the header has of the processor that wrote it.</summary>
    public static Machine Of(WindowsHeader header, IEnumerable<KeyValuePair<string, ulong>> context)
    {
        ulong? root = header.DirectoryTable;
        (Architecture architecture, int? wordSize) = header.MachineType switch
        {
            I386 => (Architecture.X86, 32),
            Amd64 => (Architecture.X86, 64),
            Arm or ArmThumb => (Architecture.Arm, 32),
            Arm64 => (Architecture.AArch64, 64),
            _ => (Architecture.Unknown, (int?)null),
        };
        var registers = new Dictionary<string, ulong>(context, StringComparer.OrdinalIgnoreCase);
        if (root is { } table)
        {
            switch (header.MachineType)
            {
                case I386 or Amd64:
                    registers["cr3"] = table;
                    break;
                case Arm or ArmThumb:
                    registers["ttbr0"] = table;
                    break;
                case Arm64:
                    registers["ttbr0_el1"] = table;
                    registers["ttbr1_el1"] = table + Arm64UpperHalf;
                    registers["tcr_el1"] = Arm64Control;
                    break;
            }
        }

        return new Machine
        {
            Architecture = architecture,
            WordSize = wordSize,
            Mode = ModeOf(header),
            Cpus = registers.Count == 0 ? [] : [new Cpu(0, registers)],
        };
    }

    /// <summary>The mode that a header suggests. Its control registers aren't in it.</summary>
    private static string? ModeOf(WindowsHeader header) => header.MachineType switch
    {
        I386 => header.PhysicalAddressExtension switch { true => "pae", false => "ia32", null => null },
        Amd64 => header.KernelPointers.Any(NeedsFiveLevels) ? "la57" : "ia32e",
        Arm or ArmThumb => "arm-short",
        Arm64 => "aarch64-4k",
        _ => null,
    };

    /// <summary>Whether an address of the kernel can't be one with four levels, but can with five.</summary>
    private static bool NeedsFiveLevels(ulong address) => address >> 56 == 0xff && address < 0xffff_8000_0000_0000;
}
