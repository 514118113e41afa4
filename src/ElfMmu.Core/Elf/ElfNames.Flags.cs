namespace ElfMmu.Elf;

public static partial class ElfNames
{
    /// <summary>
    /// The words for e_flags, as readelf prints them: "RVC", "double-float ABI". Empty when the flags are 0 or the machine
    /// defines none. Handled: ARM, MIPS, RISC-V, PowerPC, PowerPC64, SPARC V9 and V8+, PA-RISC, SuperH, LoongArch (their psABI supplements,
    /// "e_flags"); bits that nobody defined end the list as "unknown flags 0x…".
    /// </summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="flags">e_flags.</param>
    public static IReadOnlyList<string> Flags(ElfMachine machine, uint flags)
    {
        if (flags == 0)
        {
            return [];
        }

        var words = new FlagWords(flags);
        switch (machine)
        {
            case ElfMachine.Arm:
                Arm(words);
                break;
            case ElfMachine.Mips or ElfMachine.MipsRs3LittleEndian:
                Mips(words);
                break;
            case ElfMachine.RiscV:
                RiscV(words);
                break;
            case ElfMachine.PowerPC:
                words.Bit(0x80000000, "emb").Bit(0x00010000, "relocatable").Bit(0x00008000, "relocatable-lib");
                break;
            case ElfMachine.PowerPC64:
                words.Field(3, 0, ["", "abiv1", "abiv2", "abiv3"]);
                break;
            case ElfMachine.SparcV9 or ElfMachine.Sparc32Plus:
                words.Bit(0x100, "v8+").Bit(0x200, "ultrasparcI").Bit(0x400, "halr1").Bit(0x800, "ultrasparcIII")
                    .Bit(0x800000, "ledata");
                if (machine == ElfMachine.SparcV9)
                {
                    words.Field(3, 0, ["tso", "pso", "rmo", ""]);
                }

                break;
            case ElfMachine.PaRisc:
                words.Field(0xffff, 0, static arch => arch switch { 0x20b => "PA-RISC 1.0", 0x210 => "PA-RISC 1.1", 0x214 => "PA-RISC 2.0", _ => "" })
                    .Bit(0x10000, "trapnil").Bit(0x20000, "ext").Bit(0x40000, "lsb").Bit(0x80000, "wide").Bit(0x100000, "no kabp")
                    .Bit(0x400000, "lazyswap");
                break;
            case ElfMachine.SuperH:
                words.Field(0x1f, 0, SuperHIsa, "unknown ISA").Bit(0x100, "pic").Bit(0x8000, "fdpic");
                break;
            case ElfMachine.LoongArch:
                words.Field(7, 0, ["", "SOFT-FLOAT", "SINGLE-FLOAT", "DOUBLE-FLOAT", "", "", "", ""])
                    .Field(0xc0, 6, ["OBJ-v0", "OBJ-v1", "", ""]);
                break;
            default:
                return [];
        }

        return words.Finish();
    }

    private static readonly string[] SuperHIsa =
    [
        "unknown ISA", "sh1", "sh2", "sh3", "sh-dsp", "sh3-dsp", "sh4al-dsp", "unknown ISA", "sh3e", "sh4", "sh5", "sh2e", "sh4a", "sh2a",
        "unknown ISA", "unknown ISA", "sh4-nofpu", "sh4a-nofpu", "sh4-nommu-nofpu", "sh2a-nofpu", "sh3-nommu", "sh2a-nofpu-or-sh4-nommu-nofpu",
        "sh2a-nofpu-or-sh3-nommu", "sh2a-or-sh4", "sh2a-or-sh3e",
    ];

    private static void Arm(FlagWords words)
    {
        words.Bit(0x01, "relocatable executable").Bit(0x20, "position independent");
        words.Field(0xff000000, 24,
            ["GNU EABI", "Version1 EABI", "Version2 EABI", "Version3 EABI", "Version4 EABI", "Version5 EABI"],
            "<unrecognized EABI>");
        switch (words.Flags >> 24)
        {
            case 0:
                words.Bit(0x04, "interworking enabled").Bit(0x08, "uses APCS/26").Bit(0x10, "uses APCS/float")
                    .Bit(0x40, "8 bit structure alignment").Bit(0x80, "uses new ABI").Bit(0x100, "uses old ABI")
                    .Bit(0x200, "software FP").Bit(0x400, "VFP").Bit(0x800, "Maverick FP");
                break;
            case 1:
                words.Bit(0x04, "sorted symbol tables");
                break;
            case 2:
                words.Bit(0x04, "sorted symbol tables").Bit(0x08, "dynamic symbols use segment index")
                    .Bit(0x10, "mapping symbols precede others");
                break;
            case 4:
                words.Bit(0x00400000, "LE8").Bit(0x00800000, "BE8");
                break;
            case 5:
                words.Bit(0x200, "soft-float ABI").Bit(0x400, "hard-float ABI").Bit(0x00400000, "LE8").Bit(0x00800000, "BE8");
                break;
        }
    }

    private static void Mips(FlagWords words)
    {
        words.Bit(0x1, "noreorder").Bit(0x2, "pic").Bit(0x4, "cpic").Bit(0x10, "ugen_reserved").Bit(0x20, "abi2")
            .Bit(0x80, "odk first").Bit(0x100, "32bitmode").Bit(0x400, "nan2008").Bit(0x200, "fp64");
        words.Field(0x00ff0000, 16, MipsCpu)
            .Field(0x0000f000, 12, ["", "o32", "o64", "eabi32", "eabi64"], "unknown ABI");
        words.Bit(0x02000000, "micromips").Bit(0x04000000, "mips16").Bit(0x08000000, "mdmx");
        words.Field(0xf0000000, 28,
            ["mips1", "mips2", "mips3", "mips4", "mips5", "mips32", "mips64", "mips32r2", "mips64r2", "mips32r6", "mips64r6"],
            "unknown ISA");
    }

    private static string MipsCpu(uint value) => value switch
    {
        0x00 => "",
        0x81 => "3900",
        0x82 => "4010",
        0x83 => "4100",
        0x85 => "4650",
        0x87 => "4120",
        0x88 => "4111",
        0x8a => "sb1",
        0x8b => "octeon",
        0x8c => "xlr",
        0x8d => "octeon2",
        0x8e => "octeon3",
        0x91 => "5400",
        0x92 => "5900",
        0x93 => "interaptiv-mr2",
        0x98 => "5500",
        0x99 => "9000",
        0xa0 => "loongson-2e",
        0xa1 => "loongson-2f",
        0xa2 => "gs464",
        0xa3 => "gs464e",
        0xa4 => "gs264e",
        _ => "unknown CPU",
    };

    private static void RiscV(FlagWords words) =>
        words.Bit(0x1, "RVC").Bit(0x8, "RVE").Bit(0x10, "TSO")
            .Field(6, 1, ["soft-float ABI", "single-float ABI", "double-float ABI", "quad-float ABI"]);
}
