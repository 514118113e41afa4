using System.Collections.Frozen;
using System.Globalization;

namespace ElfMmu.Images;

/// <summary>Words for the numbers in PE headers (PE format, "Machine Types", "Characteristics", "Windows Subsystem").</summary>
internal static class PeNames
{
    private const ushort Executable = 0x0002;
    private const ushort Library = 0x2000;

    private static readonly FrozenDictionary<ushort, string> Machines = new Dictionary<ushort, string>
    {
        [0x0] = "UNKNOWN",
        [0x14c] = "I386",
        [0x160] = "R3000BE",
        [0x162] = "R3000",
        [0x166] = "R4000",
        [0x168] = "R10000",
        [0x169] = "WCEMIPSV2",
        [0x184] = "ALPHA",
        [0x1a2] = "SH3",
        [0x1a3] = "SH3DSP",
        [0x1a6] = "SH4",
        [0x1a8] = "SH5",
        [0x1c0] = "ARM",
        [0x1c2] = "THUMB",
        [0x1c4] = "ARMNT",
        [0x1d3] = "AM33",
        [0x1f0] = "POWERPC",
        [0x1f1] = "POWERPCFP",
        [0x200] = "IA64",
        [0x266] = "MIPS16",
        [0x284] = "ALPHA64",
        [0x366] = "MIPSFPU",
        [0x466] = "MIPSFPU16",
        [0xebc] = "EBC",
        [0x5032] = "RISCV32",
        [0x5064] = "RISCV64",
        [0x5128] = "RISCV128",
        [0x6232] = "LOONGARCH32",
        [0x6264] = "LOONGARCH64",
        [0x8664] = "AMD64",
        [0x9041] = "M32R",
        [0xa641] = "ARM64EC",
        [0xa64e] = "ARM64X",
        [0xaa64] = "ARM64",
    }.ToFrozenDictionary();

    // What .NET's images compiled for one operating system have in place of the plain number: it and one of these, exclusively or'ed
    // (.NET runtime, "ReadyToRun File Format").
    private static readonly (ushort Mask, string Name)[] Systems =
        [(0x7b79, "Linux"), (0x4644, "Apple"), (0xadc4, "FreeBSD"), (0x1993, "NetBSD"), (0x1992, "SunOS")];

    /// <summary>The name of a machine without IMAGE_FILE_MACHINE_, or its number.</summary>
    public static string Machine(ushort machine)
    {
        if (Machines.TryGetValue(machine, out string? name))
        {
            return name;
        }

        foreach ((ushort mask, string system) in Systems)
        {
            if ((ushort)(machine ^ mask) is 0x14c or 0x1c4 or 0x5064 or 0x6264 or 0x8664 or 0xaa64)
            {
                return $"{Machines[(ushort)(machine ^ mask)]} ({system})";
            }
        }

        return "0x" + machine.ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>The architecture of a machine; Unknown for one that has no paging mode here.</summary>
    public static Architecture ArchitectureOf(ushort machine) => machine switch
    {
        0x14c or 0x8664 => Architecture.X86,
        0x1c0 or 0x1c2 or 0x1c4 => Architecture.Arm,
        0xaa64 or 0xa641 or 0xa64e => Architecture.AArch64,
        0x5032 or 0x5064 => Architecture.RiscV,
        0x1f0 or 0x1f1 => Architecture.PowerPC,
        0x162 or 0x166 or 0x168 or 0x169 or 0x266 or 0x366 or 0x466 => Architecture.Mips,
        _ => Architecture.Unknown,
    };

    /// <summary>What kind of program it is.</summary>
    public static string Type(ushort characteristics, ushort subsystem) => subsystem switch
    {
        10 => "efi-application",
        11 => "efi-boot-driver",
        12 => "efi-runtime-driver",
        13 => "efi-rom",
        1 => "driver",
        _ when (characteristics & Library) != 0 => "dll",
        _ when (characteristics & Executable) != 0 => "exe",
        _ => "object",
    };
}
