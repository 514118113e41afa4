namespace ElfMmu.Dumps;

/// <summary>Names that dumps use for architectures.</summary>
internal static class MachineNames
{
    /// <summary>The architecture by the name mmushell, QEMU or Linux give it; Unknown for any other.</summary>
    public static Architecture ParseArchitecture(string? name) => name?.ToLowerInvariant() switch
    {
        "intel" or "x86" or "i386" or "i486" or "i586" or "i686" or "x86_64" or "amd64" => Architecture.X86,
        "arm" or "armv5tel" or "armv6l" or "armv7l" or "armv7b" or "armv8l" => Architecture.Arm,
        "aarch64" or "aarch64_be" or "arm64" => Architecture.AArch64,
        "riscv" or "riscv32" or "riscv64" => Architecture.RiscV,
        "ppc" or "ppcle" or "ppc64" or "ppc64le" or "powerpc" => Architecture.PowerPC,
        "mips" or "mipsel" or "mips64" or "mips64el" => Architecture.Mips,
        _ => Architecture.Unknown,
    };

    /// <summary>The word size a name implies, or null where it leaves that open.</summary>
    public static int? ParseWordSize(string? name) => name?.ToLowerInvariant() switch
    {
        "i386" or "i486" or "i586" or "i686" or "arm" or "armv5tel" or "armv6l" or "armv7l" or "armv7b" or "armv8l" or "riscv32" or "ppc" or "ppcle" or "mips" or "mipsel" => 32,
        "x86_64" or "amd64" or "aarch64" or "aarch64_be" or "arm64" or "riscv64" or "ppc64" or "ppc64le" or "mips64" or "mips64el" => 64,
        _ => null,
    };

    /// <summary>The name that mmushell gives an architecture; null for Unknown.</summary>
    public static string? NameOf(Architecture architecture) => architecture switch
    {
        Architecture.X86 => "intel",
        Architecture.Arm => "arm",
        Architecture.AArch64 => "aarch64",
        Architecture.RiscV => "riscv",
        Architecture.PowerPC => "ppc",
        Architecture.Mips => "mips",
        _ => null,
    };

    /// <summary>The name that QEMU gives an architecture and a word size; null where one of them isn't known.</summary>
    public static string? NameOf(Architecture architecture, int? wordSize) => (architecture, wordSize) switch
    {
        (Architecture.X86, 32) => "i386",
        (Architecture.X86, 64) => "x86_64",
        (Architecture.Arm, 32) => "arm",
        (Architecture.AArch64, 64) => "aarch64",
        (Architecture.RiscV, 32) => "riscv32",
        (Architecture.RiscV, 64) => "riscv64",
        (Architecture.PowerPC, 32) => "ppc",
        (Architecture.PowerPC, 64) => "ppc64",
        (Architecture.Mips, 32) => "mips",
        (Architecture.Mips, 64) => "mips64",
        _ => null,
    };
}
