using System.Collections.Frozen;

namespace ElfMmu.Elf;

public static partial class ElfNames
{
    private static FrozenDictionary<ulong, string> DynamicTags => field ??= new Dictionary<ulong, string>
    {
        [0] = "NULL",
        [1] = "NEEDED",
        [2] = "PLTRELSZ",
        [3] = "PLTGOT",
        [4] = "HASH",
        [5] = "STRTAB",
        [6] = "SYMTAB",
        [7] = "RELA",
        [8] = "RELASZ",
        [9] = "RELAENT",
        [10] = "STRSZ",
        [11] = "SYMENT",
        [12] = "INIT",
        [13] = "FINI",
        [14] = "SONAME",
        [15] = "RPATH",
        [16] = "SYMBOLIC",
        [17] = "REL",
        [18] = "RELSZ",
        [19] = "RELENT",
        [20] = "PLTREL",
        [21] = "DEBUG",
        [22] = "TEXTREL",
        [23] = "JMPREL",
        [24] = "BIND_NOW",
        [25] = "INIT_ARRAY",
        [26] = "FINI_ARRAY",
        [27] = "INIT_ARRAYSZ",
        [28] = "FINI_ARRAYSZ",
        [29] = "RUNPATH",
        [30] = "FLAGS",
        [32] = "PREINIT_ARRAY",
        [33] = "PREINIT_ARRAYSZ",
        [34] = "SYMTAB_SHNDX",
        [35] = "RELRSZ",
        [36] = "RELR",
        [37] = "RELRENT",
        [0x6ffffdf4] = "GNU_FLAGS_1",
        [0x6ffffdf5] = "GNU_PRELINKED",
        [0x6ffffdf6] = "GNU_CONFLICTSZ",
        [0x6ffffdf7] = "GNU_LIBLISTSZ",
        [0x6ffffdf8] = "CHECKSUM",
        [0x6ffffdf9] = "PLTPADSZ",
        [0x6ffffdfa] = "MOVEENT",
        [0x6ffffdfb] = "MOVESZ",
        [0x6ffffdfc] = "FEATURE",
        [0x6ffffdfd] = "POSFLAG_1",
        [0x6ffffdfe] = "SYMINSZ",
        [0x6ffffdff] = "SYMINENT",
        [0x6ffffe00] = "ADDRRNGLO",
        [0x6ffffef5] = "GNU_HASH",
        [0x6ffffef6] = "TLSDESC_PLT",
        [0x6ffffef7] = "TLSDESC_GOT",
        [0x6ffffef8] = "GNU_CONFLICT",
        [0x6ffffef9] = "GNU_LIBLIST",
        [0x6ffffefa] = "CONFIG",
        [0x6ffffefb] = "DEPAUDIT",
        [0x6ffffefc] = "AUDIT",
        [0x6ffffefd] = "PLTPAD",
        [0x6ffffefe] = "MOVETAB",
        [0x6ffffeff] = "SYMINFO",
        [0x6ffffff0] = "VERSYM",
        [0x6ffffff9] = "RELACOUNT",
        [0x6ffffffa] = "RELCOUNT",
        [0x6ffffffb] = "FLAGS_1",
        [0x6ffffffc] = "VERDEF",
        [0x6ffffffd] = "VERDEFNUM",
        [0x6ffffffe] = "VERNEED",
        [0x6fffffff] = "VERNEEDNUM",
        [0x7ffffffd] = "AUXILIARY",
        [0x7ffffffe] = "USED",
        [0x7fffffff] = "FILTER",
    }.ToFrozenDictionary();

    // The system's range in Solaris' linker (libelf's sys/link.h).
    private static FrozenDictionary<ulong, string> SolarisTags => field ??= new Dictionary<ulong, string>
    {
        [0x6000000d] = "SUNW_AUXILIARY",
        [0x6000000e] = "SUNW_RTLDINF",
        [0x6000000f] = "SUNW_FILTER",
        [0x60000010] = "SUNW_CAP",
        [0x60000011] = "SUNW_SYMTAB",
        [0x60000012] = "SUNW_SYMSZ",
        [0x60000013] = "SUNW_SORTENT",
        [0x60000014] = "SUNW_SYMSORT",
        [0x60000015] = "SUNW_SYMSORTSZ",
        [0x60000016] = "SUNW_TLSSORT",
        [0x60000017] = "SUNW_TLSSORTSZ",
        [0x60000018] = "SUNW_CAPINFO",
        [0x60000019] = "SUNW_STRPAD",
        [0x6000001a] = "SUNW_CAPCHAIN",
        [0x6000001b] = "SUNW_LDMACH",
        [0x6000001d] = "SUNW_CAPCHAINENT",
        [0x6000001f] = "SUNW_CAPCHAINSZ",
    }.ToFrozenDictionary();

    // The processors' range, each number with a meaning per machine (the psABI supplements, "Dynamic Section").
    private static FrozenDictionary<(ElfMachine, ulong), string> ProcessorTags => field ??= ProcessorTagTable();

    /// <summary>The canonical names of the tags that every processor has, in the order of their numbers.</summary>
    public static IEnumerable<string> DynamicTagNames => DynamicTags.OrderBy(t => t.Key).Select(t => "DT_" + t.Value);

    /// <summary>The canonical name of a tag of the dynamic section, such as DT_NEEDED or DT_LOOS+0x1.</summary>
    /// <param name="value">d_tag.</param>
    /// <param name="machine">e_machine, which owns the values from 0x70000000 to 0x7fffffff.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which owns those from 0x6000000d to 0x6ffff000.</param>
    public static string DynamicTag(ulong value, ElfMachine machine, ElfOsAbi osAbi)
    {
        if (ProcessorTags.TryGetValue((machine, value), out string? name) || DynamicTags.TryGetValue(value, out name)
            || (osAbi == ElfOsAbi.Solaris && SolarisTags.TryGetValue(value, out name)))
        {
            return "DT_" + name;
        }

        return value switch
        {
            >= 0x60000000 and < 0x70000000 => InRange("DT_LOOS", (uint)value, 0x60000000),
            >= 0x70000000 and <= 0x7fffffff => InRange("DT_LOPROC", (uint)value, 0x70000000),
            _ => "DT_0x" + value.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static FrozenDictionary<(ElfMachine, ulong), string> ProcessorTagTable()
    {
        Dictionary<(ElfMachine, ulong), string> names = [];
        Add(ElfMachine.AArch64, 0x70000000, "", "AARCH64_BTI_PLT", "", "AARCH64_PAC_PLT", "", "AARCH64_VARIANT_PCS");
        Add(ElfMachine.Alpha, 0x70000000, "ALPHA_PLTRO");
        Add(ElfMachine.AlteraNios2, 0x70000002, "NIOS2_GP");
        Add(ElfMachine.IA64, 0x70000000, "IA_64_PLT_RESERVE");
        Add(ElfMachine.IA64, 0x6000000d,
            "VMS_SUBTYPE", "", "VMS_IMGIOCNT", "", "", "", "", "", "VMS_LNKFLAGS", "", "VMS_VIR_MEM_BLK_SIZ", "", "VMS_IDENT", "", "", "",
            "VMS_NEEDED_IDENT", "", "VMS_IMG_RELA_CNT", "", "VMS_SEG_RELA_CNT", "", "VMS_FIXUP_RELA_CNT", "", "VMS_FIXUP_NEEDED", "",
            "VMS_SYMVEC_CNT", "", "", "", "VMS_XLATED", "", "VMS_STACKSIZE", "", "VMS_UNWINDSZ", "", "VMS_UNWIND_CODSEG", "",
            "VMS_UNWIND_INFOSEG", "", "VMS_LINKTIME", "", "VMS_SEG_NO", "", "VMS_SYMVEC_OFFSET", "", "VMS_SYMVEC_SEG", "",
            "VMS_UNWIND_OFFSET", "", "VMS_UNWIND_SEG");
        Add(ElfMachine.PowerPC, 0x70000000, "PPC_GOT", "PPC_OPT");
        Add(ElfMachine.PowerPC64, 0x70000000, "PPC64_GLINK", "PPC64_OPD", "PPC64_OPDSZ", "PPC64_OPT");
        Add(ElfMachine.RiscV, 0x70000001, "RISCV_VARIANT_CC");
        Add(ElfMachine.Sparc, 0x70000001, "SPARC_REGISTER");
        Add(ElfMachine.Sparc32Plus, 0x70000001, "SPARC_REGISTER");
        Add(ElfMachine.SparcV9, 0x70000001, "SPARC_REGISTER");
        Add(ElfMachine.TiC6000, 0x6000000d, "C6000_GSYM_OFFSET", "", "C6000_GSTR_OFFSET");
        Add(ElfMachine.TiC6000, 0x70000000, "C6000_DSBT_BASE", "C6000_DSBT_SIZE", "C6000_PREEMPTMAP", "C6000_DSBT_INDEX");
        Add(ElfMachine.X86_64, 0x70000000, "X86_64_PLT", "X86_64_PLTSZ", "", "X86_64_PLTENT");
        Add(ElfMachine.PaRisc, 0x60000000,
            "HP_LOAD_MAP", "HP_DLD_FLAGS", "HP_DLD_HOOK", "HP_UX10_INIT", "HP_UX10_INITSZ", "HP_PREINIT", "HP_PREINITSZ", "HP_NEEDED",
            "HP_TIME_STAMP", "HP_CHECKSUM", "HP_GST_SIZE", "HP_GST_VERSION", "HP_GST_HASHVAL", "HP_GST_EPLTREL", "HP_GST_EPLTRELSZ", "HP_FILTERED",
            "HP_FILTER_TLS", "HP_COMPAT_FILTERED", "HP_LAZYLOAD", "HP_BIND_NOW_COUNT", "PLT", "PLT_SIZE", "DLT", "DLT_SIZE");
        foreach (ElfMachine machine in new[] { ElfMachine.Mips, ElfMachine.MipsRs3LittleEndian })
        {
            Add(machine, 0x70000001,
                "MIPS_RLD_VERSION", "MIPS_TIME_STAMP", "MIPS_ICHECKSUM", "MIPS_IVERSION", "MIPS_FLAGS", "MIPS_BASE_ADDRESS", "MIPS_MSYM",
                "MIPS_CONFLICT", "MIPS_LIBLIST", "MIPS_LOCAL_GOTNO", "MIPS_CONFLICTNO", "", "", "", "", "MIPS_LIBLISTNO",
                "MIPS_SYMTABNO", "MIPS_UNREFEXTNO", "MIPS_GOTSYM", "MIPS_HIPAGENO", "", "MIPS_RLD_MAP", "MIPS_DELTA_CLASS",
                "MIPS_DELTA_CLASS_NO", "MIPS_DELTA_INSTANCE", "MIPS_DELTA_INSTANCE_NO", "MIPS_DELTA_RELOC", "MIPS_DELTA_RELOC_NO",
                "MIPS_DELTA_SYM", "MIPS_DELTA_SYM_NO", "", "MIPS_DELTA_CLASSSYM", "MIPS_DELTA_CLASSSYM_NO", "MIPS_CXX_FLAGS",
                "MIPS_PIXIE_INIT", "MIPS_SYMBOL_LIB", "MIPS_LOCALPAGE_GOTIDX", "MIPS_LOCAL_GOTIDX", "MIPS_HIDDEN_GOTIDX",
                "MIPS_PROTECTED_GOTIDX", "MIPS_OPTIONS", "MIPS_INTERFACE", "MIPS_DYNSTR_ALIGN", "MIPS_INTERFACE_SIZE",
                "MIPS_RLD_TEXT_RESOLVE_ADDR", "MIPS_PERF_SUFFIX", "MIPS_COMPACT_SIZE", "MIPS_GP_VALUE", "MIPS_AUX_DYNAMIC",
                "MIPS_PLTGOT", "", "MIPS_RWPLT", "MIPS_RLD_MAP_REL", "MIPS_XHASH");
        }

        return names.ToFrozenDictionary();

        void Add(ElfMachine machine, ulong first, params ReadOnlySpan<string> list)
        {
            foreach (string name in list)
            {
                if (name.Length > 0)
                {
                    names.Add((machine, first), name);
                }

                first++;
            }
        }
    }
}
