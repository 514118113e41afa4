namespace ElfMmu.Dumps;

/// <summary>Names that dumps use for architectures.</summary>
internal static class MachineNames
{
    /// <summary>The architecture by the name mmushell, QEMU or Linux give it; Unknown for any other.</summary>
    public static Architecture ParseArchitecture(string? name) => name?.ToLowerInvariant() switch
    {
        "intel" or "x86" or "i386" or "i686" or "x86_64" or "amd64" => Architecture.X86,
        "arm" => Architecture.Arm,
        "aarch64" or "arm64" => Architecture.AArch64,
        "riscv" or "riscv32" or "riscv64" => Architecture.RiscV,
        "ppc" or "ppc64" or "powerpc" => Architecture.PowerPC,
        "mips" or "mipsel" or "mips64" or "mips64el" => Architecture.Mips,
        _ => Architecture.Unknown,
    };

    /// <summary>The word size a name implies, or null where it leaves that open.</summary>
    public static int? ParseWordSize(string? name) => name?.ToLowerInvariant() switch
    {
        "i386" or "i686" or "arm" or "riscv32" or "ppc" or "mips" or "mipsel" => 32,
        "x86_64" or "amd64" or "aarch64" or "arm64" or "riscv64" or "ppc64" or "mips64" or "mips64el" => 64,
        _ => null,
    };
}
