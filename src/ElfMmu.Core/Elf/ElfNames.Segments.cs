using System.Collections.Frozen;

namespace ElfMmu.Elf;

public static partial class ElfNames
{
    private static FrozenDictionary<ElfSegmentType, string> Segments => field ??= new Dictionary<ElfSegmentType, string>
    {
        [ElfSegmentType.Null] = "PT_NULL",
        [ElfSegmentType.Load] = "PT_LOAD",
        [ElfSegmentType.Dynamic] = "PT_DYNAMIC",
        [ElfSegmentType.Interpreter] = "PT_INTERP",
        [ElfSegmentType.Note] = "PT_NOTE",
        [ElfSegmentType.SharedLibrary] = "PT_SHLIB",
        [ElfSegmentType.ProgramHeaderTable] = "PT_PHDR",
        [ElfSegmentType.ThreadLocalStorage] = "PT_TLS",
        [ElfSegmentType.GnuEhFrame] = "PT_GNU_EH_FRAME",
        [ElfSegmentType.GnuStack] = "PT_GNU_STACK",
        [ElfSegmentType.GnuRelro] = "PT_GNU_RELRO",
        [ElfSegmentType.GnuProperty] = "PT_GNU_PROPERTY",
        [ElfSegmentType.GnuSFrame] = "PT_GNU_SFRAME",
        [ElfSegmentType.OpenBsdRandomize] = "PT_OPENBSD_RANDOMIZE",
        [ElfSegmentType.OpenBsdWxNeeded] = "PT_OPENBSD_WXNEEDED",
        [ElfSegmentType.OpenBsdBootData] = "PT_OPENBSD_BOOTDATA",
        [ElfSegmentType.SunwBss] = "PT_SUNWBSS",
        [ElfSegmentType.SunwStack] = "PT_SUNWSTACK",
    }.ToFrozenDictionary();

    // The processors' range, each number with a meaning per machine (the psABI supplements, "Program Header").
    private static FrozenDictionary<(ElfMachine, uint), string> ProcessorSegments => field ??=
        new Dictionary<(ElfMachine, uint), string>
        {
            [(ElfMachine.Arm, 0x70000000)] = "PT_ARM_ARCHEXT",
            [(ElfMachine.Arm, 0x70000001)] = "PT_ARM_EXIDX",
            [(ElfMachine.AArch64, 0x70000000)] = "PT_AARCH64_ARCHEXT",
            [(ElfMachine.AArch64, 0x70000002)] = "PT_AARCH64_MEMTAG_MTE",
            [(ElfMachine.Mips, 0x70000000)] = "PT_MIPS_REGINFO",
            [(ElfMachine.Mips, 0x70000001)] = "PT_MIPS_RTPROC",
            [(ElfMachine.Mips, 0x70000002)] = "PT_MIPS_OPTIONS",
            [(ElfMachine.Mips, 0x70000003)] = "PT_MIPS_ABIFLAGS",
            [(ElfMachine.PaRisc, 0x70000000)] = "PT_PARISC_ARCHEXT",
            [(ElfMachine.PaRisc, 0x70000001)] = "PT_PARISC_UNWIND",
            [(ElfMachine.PaRisc, 0x70000002)] = "PT_PARISC_WEAKORDER",
            [(ElfMachine.IA64, 0x70000000)] = "PT_IA_64_ARCHEXT",
            [(ElfMachine.IA64, 0x70000001)] = "PT_IA_64_UNWIND",
            [(ElfMachine.S390, 0x70000000)] = "PT_S390_PGSTE",
            [(ElfMachine.TiC6000, 0x70000000)] = "PT_C6000_PHATTR",
            [(ElfMachine.RiscV, 0x70000003)] = "PT_RISCV_ATTRIBUTES",
        }.ToFrozenDictionary();

    /// <summary>The names of segment types that any machine has, such as PT_LOAD.</summary>
    public static IEnumerable<string> SegmentTypeNames => Segments.OrderBy(s => s.Key).Select(s => s.Value);

    /// <summary>The canonical name of a segment type, such as PT_LOAD or PT_LOOS+0x10.</summary>
    /// <param name="value">p_type.</param>
    /// <param name="machine">e_machine, which owns the values from 0x70000000 to 0x7fffffff.</param>
    public static string SegmentType(ElfSegmentType value, ElfMachine machine)
    {
        if (Segments.TryGetValue(value, out var name) || ProcessorSegments.TryGetValue((machine, (uint)value), out name))
        {
            return name;
        }

        return value switch
        {
            >= ElfSegmentType.OsSpecificLow and <= ElfSegmentType.OsSpecificHigh =>
                InRange("PT_LOOS", (uint)value, (uint)ElfSegmentType.OsSpecificLow),
            >= ElfSegmentType.ProcessorSpecificLow and <= ElfSegmentType.ProcessorSpecificHigh =>
                InRange("PT_LOPROC", (uint)value, (uint)ElfSegmentType.ProcessorSpecificLow),
            _ => Unknown("PT_", (uint)value),
        };
    }

    /// <summary>The rights of a segment in three columns, as readelf prints them: "R E", "RW ".</summary>
    /// <param name="value">p_flags; bits other than the three rights are not shown.</param>
    public static string SegmentFlags(ElfSegmentFlags value) => string.Create(3, value, static (text, flags) =>
    {
        text[0] = (flags & ElfSegmentFlags.Read) != 0 ? 'R' : ' ';
        text[1] = (flags & ElfSegmentFlags.Write) != 0 ? 'W' : ' ';
        text[2] = (flags & ElfSegmentFlags.Execute) != 0 ? 'E' : ' ';
    });
}
