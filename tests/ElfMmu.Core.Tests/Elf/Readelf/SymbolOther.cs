using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>readelf's words for the processor's bits of st_other.</summary>
internal static class SymbolOther
{
    public static string Of(ElfMachine machine, int other) => (machine, other) switch
    {
        (ElfMachine.Alpha, 0x80) => "NOPV",
        (ElfMachine.Alpha, 0x88) => "STD GPLOAD",
        (ElfMachine.AArch64, 0x80) => "VARIANT_PCS",
        (ElfMachine.RiscV, 0x80) => "VARIANT_CC",
        (ElfMachine.Mips, 0x04) => "OPTIONAL",
        (ElfMachine.Mips, 0x08) => "MIPS PLT",
        (ElfMachine.Mips, 0x20) => "MIPS PIC",
        (ElfMachine.Mips, 0x80) => "MICROMIPS",
        (ElfMachine.Mips, 0xa0) => "MICROMIPS, MIPS PIC",
        (ElfMachine.Mips, 0xf0) => "MIPS16",

        // The distance of a function's two entries, as a power of two (ELFv2, "st_other").
        (ElfMachine.PowerPC64, _) when (other & ~0xe0) == 0 && other >> 5 <= 6 => $"<localentry>: {((other >> 5) < 2 ? other >> 5 : 1 << (other >> 5))}",
        _ => $"<other>: {other:x}",
    };
}
