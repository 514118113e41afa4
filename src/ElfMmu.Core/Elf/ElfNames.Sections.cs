using System.Collections.Frozen;

namespace ElfMmu.Elf;

public static partial class ElfNames
{
    // The gABI's, GNU's, LLVM's and Android's (elf.h, binutils' elf/common.h, LLVM's ELF.h).
    private static FrozenDictionary<uint, string> SectionTypes => field ??= new Dictionary<uint, string>
    {
        [0] = "SHT_NULL",
        [1] = "SHT_PROGBITS",
        [2] = "SHT_SYMTAB",
        [3] = "SHT_STRTAB",
        [4] = "SHT_RELA",
        [5] = "SHT_HASH",
        [6] = "SHT_DYNAMIC",
        [7] = "SHT_NOTE",
        [8] = "SHT_NOBITS",
        [9] = "SHT_REL",
        [10] = "SHT_SHLIB",
        [11] = "SHT_DYNSYM",
        [14] = "SHT_INIT_ARRAY",
        [15] = "SHT_FINI_ARRAY",
        [16] = "SHT_PREINIT_ARRAY",
        [17] = "SHT_GROUP",
        [18] = "SHT_SYMTAB_SHNDX",
        [19] = "SHT_RELR",
        [0x60000001] = "SHT_ANDROID_REL",
        [0x60000002] = "SHT_ANDROID_RELA",
        [0x6fff4700] = "SHT_GNU_INCREMENTAL_INPUTS",
        [0x6fff4c00] = "SHT_LLVM_ODRTAB",
        [0x6fff4c01] = "SHT_LLVM_LINKER_OPTIONS",
        [0x6fff4c03] = "SHT_LLVM_ADDRSIG",
        [0x6fff4c04] = "SHT_LLVM_DEPENDENT_LIBRARIES",
        [0x6fff4c05] = "SHT_LLVM_SYMPART",
        [0x6fff4c06] = "SHT_LLVM_PART_EHDR",
        [0x6fff4c07] = "SHT_LLVM_PART_PHDR",
        [0x6fff4c08] = "SHT_LLVM_BB_ADDR_MAP_V0",
        [0x6fff4c09] = "SHT_LLVM_CALL_GRAPH_PROFILE",
        [0x6fff4c0a] = "SHT_LLVM_BB_ADDR_MAP",
        [0x6fff4c0b] = "SHT_LLVM_OFFLOADING",
        [0x6fff4c0c] = "SHT_LLVM_LTO",
        [0x6fffff00] = "SHT_ANDROID_RELR",
        [0x6ffffff4] = "SHT_GNU_SFRAME",
        [0x6ffffff5] = "SHT_GNU_ATTRIBUTES",
        [0x6ffffff6] = "SHT_GNU_HASH",
        [0x6ffffff7] = "SHT_GNU_LIBLIST",
        [0x6ffffff8] = "SHT_CHECKSUM",
        [0x6ffffffa] = "SHT_SUNW_move",
        [0x6ffffffb] = "SHT_SUNW_COMDAT",
        [0x6ffffffc] = "SHT_SUNW_syminfo",
        [0x6ffffffd] = "SHT_GNU_verdef",
        [0x6ffffffe] = "SHT_GNU_verneed",
        [0x6fffffff] = "SHT_GNU_versym",
        [0x7ffffffd] = "SHT_AUXILIARY",
        [0x7fffffff] = "SHT_FILTER",
    }.ToFrozenDictionary();

    // Where Solaris means another thing than GNU.
    private static FrozenDictionary<uint, string> SolarisSectionTypes => field ??= new Dictionary<uint, string>
    {
        [0x6fffffee] = "SHT_SUNW_ancillary",
        [0x6fffffef] = "SHT_SUNW_capchain",
        [0x6ffffff0] = "SHT_SUNW_capinfo",
        [0x6ffffff1] = "SHT_SUNW_symsort",
        [0x6ffffff2] = "SHT_SUNW_tlssort",
        [0x6ffffff3] = "SHT_SUNW_LDYNSYM",
        [0x6ffffff4] = "SHT_SUNW_dof",
        [0x6ffffff5] = "SHT_SUNW_cap",
        [0x6ffffff6] = "SHT_SUNW_SIGNATURE",
        [0x6ffffff7] = "SHT_SUNW_ANNOTATE",
        [0x6ffffff8] = "SHT_SUNW_DEBUGSTR",
        [0x6ffffff9] = "SHT_SUNW_DEBUG",
        [0x6ffffffd] = "SHT_SUNW_verdef",
        [0x6ffffffe] = "SHT_SUNW_verneed",
        [0x6fffffff] = "SHT_SUNW_versym",
    }.ToFrozenDictionary();

    // Each number with a meaning per machine (the psABI supplements, "Sections").
    private static FrozenDictionary<(ElfMachine, uint), string> MachineSectionTypes => field ??= new Dictionary<(ElfMachine, uint), string>
    {
        [(ElfMachine.Arm, 0x70000001)] = "SHT_ARM_EXIDX",
        [(ElfMachine.Arm, 0x70000002)] = "SHT_ARM_PREEMPTMAP",
        [(ElfMachine.Arm, 0x70000003)] = "SHT_ARM_ATTRIBUTES",
        [(ElfMachine.Arm, 0x70000004)] = "SHT_ARM_DEBUGOVERLAY",
        [(ElfMachine.Arm, 0x70000005)] = "SHT_ARM_OVERLAYSECTION",
        [(ElfMachine.AArch64, 0x70000003)] = "SHT_AARCH64_ATTRIBUTES",
        [(ElfMachine.AArch64, 0x70000004)] = "SHT_AARCH64_AUTH_RELR",
        [(ElfMachine.AArch64, 0x70000007)] = "SHT_AARCH64_MEMTAG_GLOBALS_STATIC",
        [(ElfMachine.AArch64, 0x70000008)] = "SHT_AARCH64_MEMTAG_GLOBALS_DYNAMIC",
        [(ElfMachine.X86_64, 0x70000001)] = "SHT_X86_64_UNWIND",
        [(ElfMachine.RiscV, 0x70000003)] = "SHT_RISCV_ATTRIBUTES",
        [(ElfMachine.Sparc, 0x70000000)] = "SHT_SPARC_GOTDATA",
        [(ElfMachine.Sparc32Plus, 0x70000000)] = "SHT_SPARC_GOTDATA",
        [(ElfMachine.SparcV9, 0x70000000)] = "SHT_SPARC_GOTDATA",
        [(ElfMachine.Alpha, 0x70000001)] = "SHT_ALPHA_DEBUG",
        [(ElfMachine.Alpha, 0x70000002)] = "SHT_ALPHA_REGINFO",
        [(ElfMachine.PaRisc, 0x70000000)] = "SHT_PARISC_EXT",
        [(ElfMachine.PaRisc, 0x70000001)] = "SHT_PARISC_UNWIND",
        [(ElfMachine.PaRisc, 0x70000002)] = "SHT_PARISC_DOC",
        [(ElfMachine.PaRisc, 0x70000003)] = "SHT_PARISC_ANNOT",
        [(ElfMachine.PaRisc, 0x70000004)] = "SHT_PARISC_DLKM",
        [(ElfMachine.PaRisc, 0x70000008)] = "SHT_PARISC_SYMEXTN",
        [(ElfMachine.PaRisc, 0x70000009)] = "SHT_PARISC_STUBS",
        [(ElfMachine.IA64, 0x60000000)] = "SHT_IA_64_VMS_TRACE",
        [(ElfMachine.IA64, 0x60000001)] = "SHT_IA_64_VMS_TIE_SIGNATURES",
        [(ElfMachine.IA64, 0x60000002)] = "SHT_IA_64_VMS_DEBUG",
        [(ElfMachine.IA64, 0x60000003)] = "SHT_IA_64_VMS_DEBUG_STR",
        [(ElfMachine.IA64, 0x60000004)] = "SHT_IA_64_VMS_LINKAGES",
        [(ElfMachine.IA64, 0x60000005)] = "SHT_IA_64_VMS_SYMBOL_VECTOR",
        [(ElfMachine.IA64, 0x60000006)] = "SHT_IA_64_VMS_FIXUP",
        [(ElfMachine.IA64, 0x70000000)] = "SHT_IA_64_EXT",
        [(ElfMachine.IA64, 0x70000001)] = "SHT_IA_64_UNWIND",
        [(ElfMachine.IA64, 0x79000000)] = "SHT_IA_64_PRIORITY_INIT",
        [(ElfMachine.TiC6000, 0x70000001)] = "SHT_C6000_UNWIND",
        [(ElfMachine.TiC6000, 0x70000002)] = "SHT_C6000_PREEMPTMAP",
        [(ElfMachine.TiC6000, 0x70000003)] = "SHT_C6000_ATTRIBUTES",
        [(ElfMachine.TiC6000, 0x7f000000)] = "SHT_TI_ICODE",
        [(ElfMachine.TiC6000, 0x7f000001)] = "SHT_TI_XREF",
        [(ElfMachine.TiC6000, 0x7f000002)] = "SHT_TI_HANDLER",
        [(ElfMachine.TiC6000, 0x7f000003)] = "SHT_TI_INITINFO",
        [(ElfMachine.TiC6000, 0x7f000004)] = "SHT_TI_PHATTRS",
        [(ElfMachine.Msp430, 0x70000003)] = "SHT_MSP430_ATTRIBUTES",
        [(ElfMachine.Msp430, 0x7f000005)] = "SHT_MSP430_SEC_FLAGS",
        [(ElfMachine.Msp430, 0x7f000006)] = "SHT_MSP430_SYM_ALIASES",
        [(ElfMachine.V850, 0x70000000)] = "SHT_V850_SCOMMON",
        [(ElfMachine.V850, 0x70000001)] = "SHT_V850_TCOMMON",
        [(ElfMachine.V850, 0x70000002)] = "SHT_V850_ZCOMMON",
        [(ElfMachine.V800, 0x70000000)] = "SHT_V850_SCOMMON",
        [(ElfMachine.V800, 0x70000001)] = "SHT_V850_TCOMMON",
        [(ElfMachine.V800, 0x70000002)] = "SHT_V850_ZCOMMON",
        [(ElfMachine.Arc, 0x70000001)] = "SHT_ARC_ATTRIBUTES",
        [(ElfMachine.ArcCompact, 0x70000001)] = "SHT_ARC_ATTRIBUTES",
        [(ElfMachine.ArcV2, 0x70000001)] = "SHT_ARC_ATTRIBUTES",
        [(ElfMachine.CSky, 0x70000001)] = "SHT_CSKY_ATTRIBUTES",
    }.ToFrozenDictionary();

    // MIPS's are the numbers from 0x70000000 on; an empty one has no meaning.
    private static readonly string[] MipsSectionTypes =
    [
        "LIBLIST", "MSYM", "CONFLICT", "GPTAB", "UCODE", "DEBUG", "REGINFO", "PACKAGE", "PACKSYM", "RELD", "", "IFACE", "CONTENT", "OPTIONS",
        "", "", "SHDR", "FDESC", "EXTSYM", "DENSE", "PDESC", "LOCSYM", "AUXSYM", "OPTSYM", "LOCSTR", "LINE", "RFDESC", "DELTASYM", "DELTAINST",
        "DELTACLASS", "DWARF", "DELTADECL", "SYMBOL_LIB", "EVENTS", "TRANSLATE", "PIXIE", "XLATE", "XLATE_DEBUG", "WHIRL", "EH_REGION",
        "XLATE_OLD", "PDR_EXCEPTION", "ABIFLAGS", "XHASH",
    ];

    // In the order of the bits, with the letter readelf has for each.
    private static readonly (ulong Bit, char Letter, string Name)[] SectionFlagBits =
    [
        (0x1, 'W', "SHF_WRITE"),
        (0x2, 'A', "SHF_ALLOC"),
        (0x4, 'X', "SHF_EXECINSTR"),
        (0x10, 'M', "SHF_MERGE"),
        (0x20, 'S', "SHF_STRINGS"),
        (0x40, 'I', "SHF_INFO_LINK"),
        (0x80, 'L', "SHF_LINK_ORDER"),
        (0x100, 'O', "SHF_OS_NONCONFORMING"),
        (0x200, 'G', "SHF_GROUP"),
        (0x400, 'T', "SHF_TLS"),
        (0x800, 'C', "SHF_COMPRESSED"),
        (0x80000000, 'E', "SHF_EXCLUDE"),
    ];

    private const ulong SectionOsFlags = 0x0ff00000;
    private const ulong SectionProcessorFlags = 0xf0000000;

    /// <summary>The names of section types that any machine has, such as SHT_PROGBITS.</summary>
    public static IEnumerable<string> SectionTypeNames => SectionTypes.OrderBy(t => t.Key).Select(t => t.Value);

    /// <summary>The canonical name of a section type, such as SHT_PROGBITS or SHT_LOPROC+0x10.</summary>
    /// <param name="value">sh_type.</param>
    /// <param name="machine">e_machine, which owns the values from 0x70000000 to 0x7fffffff.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which owns those from 0x60000000 to 0x6fffffff.</param>
    public static string SectionType(uint value, ElfMachine machine, ElfOsAbi osAbi = ElfOsAbi.None)
    {
        if (osAbi == ElfOsAbi.Solaris && SolarisSectionTypes.TryGetValue(value, out string? name))
        {
            return name;
        }

        if (MachineSectionTypes.TryGetValue((machine, value), out name) || SectionTypes.TryGetValue(value, out name))
        {
            return name;
        }

        if (machine.IsMips() && value >= 0x70000000 && value - 0x70000000 < MipsSectionTypes.Length
            && MipsSectionTypes[value - 0x70000000].Length > 0)
        {
            return "SHT_MIPS_" + MipsSectionTypes[value - 0x70000000];
        }

        return value switch
        {
            >= 0x80000000 => InRange("SHT_LOUSER", value, 0x80000000),
            >= 0x70000000 => InRange("SHT_LOPROC", value, 0x70000000),
            >= 0x60000000 => InRange("SHT_LOOS", value, 0x60000000),
            _ => Unknown("SHT_", value),
        };
    }

    /// <summary>
    /// The attributes of a section as readelf's letters: WA, AX, AMS. 'o' stands for bits of the operating systems' without a letter, 'p' for those of
    /// the processors', 'x' for any others.
    /// </summary>
    /// <param name="value">sh_flags.</param>
    /// <param name="machine">e_machine, which owns bits 28 to 31.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which owns bits 20 to 27.</param>
    public static string SectionFlagLetters(ulong value, ElfMachine machine, ElfOsAbi osAbi)
    {
        Span<char> letters = stackalloc char[64];
        int count = 0;
        while (value != 0)
        {
            ulong bit = value & (~value + 1);
            value &= ~bit;
            char letter = SectionFlagLetter(bit, machine, osAbi);
            letters[count++] = letter;
            value &= letter switch
            {
                'o' => ~SectionOsFlags,
                'p' => ~SectionProcessorFlags,
                _ => ulong.MaxValue,
            };
        }

        return new string(letters[..count]);
    }

    /// <summary>The attributes of a section by name, such as SHF_ALLOC; a bit without a name is SHF_0x and its value.</summary>
    /// <param name="value">sh_flags.</param>
    /// <param name="machine">e_machine, which owns bits 28 to 31.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which owns bits 20 to 27.</param>
    public static IReadOnlyList<string> SectionFlags(ulong value, ElfMachine machine, ElfOsAbi osAbi)
    {
        var names = new List<string>();
        while (value != 0)
        {
            ulong bit = value & (~value + 1);
            value &= ~bit;
            names.Add(MachineSectionFlag(bit, machine, osAbi).Name ?? Array.Find(SectionFlagBits, f => f.Bit == bit).Name
                ?? "SHF_0x" + bit.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        }

        return names.AsReadOnly();
    }

    private static char SectionFlagLetter(ulong bit, ElfMachine machine, ElfOsAbi osAbi)
    {
        foreach ((ulong known, char letter, _) in SectionFlagBits)
        {
            if (known == bit)
            {
                return letter;
            }
        }

        return MachineSectionFlag(bit, machine, osAbi).Letter switch
        {
            '\0' when (bit & SectionOsFlags) != 0 => 'o',
            '\0' when (bit & SectionProcessorFlags) != 0 => 'p',
            '\0' => 'x',
            var letter => letter,
        };
    }

    /// <summary>What a bit means for one machine or system alone; no letter where readelf has none.</summary>
    private static (char Letter, string? Name) MachineSectionFlag(ulong bit, ElfMachine machine, ElfOsAbi osAbi) => (machine, bit) switch
    {
        (_, 0x200000) when osAbi is ElfOsAbi.Gnu or ElfOsAbi.FreeBsd => ('R', "SHF_GNU_RETAIN"),
        (ElfMachine.X86_64, 0x10000000) => ('l', "SHF_X86_64_LARGE"),
        (ElfMachine.Arm, 0x20000000) => ('y', "SHF_ARM_PURECODE"),
        (ElfMachine.Arm, 0x10000000) => ('\0', "SHF_ARM_ENTRYSECT"),
        (ElfMachine.PowerPC, 0x10000000) => ('v', "SHF_PPC_VLE"),
        (ElfMachine.AArch64, 0x20000000) => ('\0', "SHF_AARCH64_PURECODE"),
        (ElfMachine.IA64, 0x10000000) => ('\0', "SHF_IA_64_SHORT"),
        (ElfMachine.IA64, 0x20000000) => ('\0', "SHF_IA_64_NORECOV"),
        (ElfMachine.Alpha, 0x10000000) => ('\0', "SHF_ALPHA_GPREL"),
        (ElfMachine.PaRisc, 0x20000000) => ('\0', "SHF_PARISC_SHORT"),
        (ElfMachine.PaRisc, 0x40000000) => ('\0', "SHF_PARISC_HUGE"),
        (ElfMachine.PaRisc, 0x80000000) => ('\0', "SHF_PARISC_SBP"),
        (ElfMachine.Mips, 0x1000000) => ('D', "SHF_MIPS_NODUPE"),
        (ElfMachine.Mips, 0x2000000) => ('\0', "SHF_MIPS_NAMES"),
        (ElfMachine.Mips, 0x4000000) => ('\0', "SHF_MIPS_LOCAL"),
        (ElfMachine.Mips, 0x8000000) => ('\0', "SHF_MIPS_NOSTRIP"),
        (ElfMachine.Mips, 0x10000000) => ('\0', "SHF_MIPS_GPREL"),
        (ElfMachine.Mips, 0x20000000) => ('\0', "SHF_MIPS_MERGE"),
        (ElfMachine.Mips, 0x40000000) => ('\0', "SHF_MIPS_ADDR"),
        (ElfMachine.I386 or ElfMachine.IntelMcu or ElfMachine.X86_64 or ElfMachine.Sparc or ElfMachine.Sparc32Plus or ElfMachine.SparcV9, 0x40000000) =>
            ('\0', "SHF_ORDERED"),
        (_, 0x1000000) => ('D', "SHF_GNU_MBIND"),
        _ => default,
    };
}
