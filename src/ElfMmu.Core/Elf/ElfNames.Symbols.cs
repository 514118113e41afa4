using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf;

public static partial class ElfNames
{
    /// <summary>The canonical name of a symbol's type, such as STT_FUNC or STT_LOPROC+0x1.</summary>
    /// <param name="value">The low half of st_info.</param>
    /// <param name="machine">e_machine, which owns the values from 13 on.</param>
    public static string SymbolType(ElfSymbolType value, ElfMachine machine) => ((byte)value, machine) switch
    {
        (0, _) => "STT_NOTYPE",
        (1, _) => "STT_OBJECT",
        (2, _) => "STT_FUNC",
        (3, _) => "STT_SECTION",
        (4, _) => "STT_FILE",
        (5, _) => "STT_COMMON",
        (6, _) => "STT_TLS",
        (8, _) => "STT_RELC",
        (9, _) => "STT_SRELC",
        (11, ElfMachine.PaRisc) => "STT_HP_OPAQUE",
        (12, ElfMachine.PaRisc) => "STT_HP_STUB",
        (13, ElfMachine.Arm) => "STT_ARM_TFUNC",
        (13, ElfMachine.SparcV9) => "STT_SPARC_REGISTER",
        (13, ElfMachine.PaRisc) => "STT_PARISC_MILLI",
        (10, _) => "STT_GNU_IFUNC",
        ( >= 13, _) => InRange("STT_LOPROC", (byte)value, 13),
        ( >= 10, _) => InRange("STT_LOOS", (byte)value, 10),
        _ => Unknown("STT_", (byte)value),
    };

    /// <summary>The canonical name of a symbol's binding, such as STB_GLOBAL or STB_LOOS+0x1.</summary>
    /// <param name="value">The high half of st_info.</param>
    public static string SymbolBinding(ElfSymbolBinding value) => (byte)value switch
    {
        0 => "STB_LOCAL",
        1 => "STB_GLOBAL",
        2 => "STB_WEAK",
        10 => "STB_GNU_UNIQUE",
        >= 13 => InRange("STB_LOPROC", (byte)value, 13),
        >= 10 => InRange("STB_LOOS", (byte)value, 10),
        _ => Unknown("STB_", (byte)value),
    };

    /// <summary>The canonical name of a symbol's visibility, such as STV_DEFAULT.</summary>
    /// <param name="value">The low two bits of st_other.</param>
    public static string SymbolVisibility(ElfSymbolVisibility value) => ((byte)value & 3) switch
    {
        0 => "STV_DEFAULT",
        1 => "STV_INTERNAL",
        2 => "STV_HIDDEN",
        _ => "STV_PROTECTED",
    };

    /// <summary>
    /// What a symbol's section number means where it isn't the number of a section, in readelf's words: UND, ABS, COM, and those of the
    /// processors and systems; null if it is one.
    /// </summary>
    /// <param name="value">st_shndx.</param>
    /// <param name="machine">e_machine.</param>
    /// <param name="osAbi">e_ident[EI_OSABI].</param>
    public static string? SymbolSection(ushort value, ElfMachine machine, ElfOsAbi osAbi) => (value, machine) switch
    {
        (0, _) => "UND",
        (0xfff1, _) => "ABS",
        (0xfff2, _) => "COM",
        (0xff00, ElfMachine.IA64) when osAbi == ElfOsAbi.HpUx => "ANSI_COM",
        (0xff20, ElfMachine.IA64) when osAbi == ElfOsAbi.OpenVms => "VMS_SYMVEC",
        (0xff02, ElfMachine.X86_64) => "LARGE_COM",
        (0xff03, ElfMachine.Mips or ElfMachine.TiC6000) => "SCOM",
        (0xff04, ElfMachine.Mips) => "SUND",
        (0xffff, _) => null,
        ( >= 0xff00 and <= 0xff1f, _) => $"PRC[0x{value:x4}]",
        ( >= 0xff20 and <= 0xff3f, _) => $"OS [0x{value:x4}]",
        ( >= 0xff00, _) => $"RSV[0x{value:x4}]",
        _ => null,
    };
}
