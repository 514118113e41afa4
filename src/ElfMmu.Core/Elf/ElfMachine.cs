namespace ElfMmu.Elf;

/// <summary>
/// The processor a file is for: e_machine (gABI, "ELF Header", and the registry kept with it; from 0x1057 on the numbers GNU
/// binutils took before it had registered ones).
/// </summary>
public enum ElfMachine : ushort
{
    /// <summary>None (EM_NONE).</summary>
    None = 0,

    /// <summary>WE32100 (EM_M32).</summary>
    M32 = 1,

    /// <summary>Sparc (EM_SPARC).</summary>
    Sparc = 2,

    /// <summary>Intel 80386 (EM_386).</summary>
    I386 = 3,

    /// <summary>MC68000 (EM_68K).</summary>
    M68K = 4,

    /// <summary>MC88000 (EM_88K).</summary>
    M88K = 5,

    /// <summary>Intel MCU (EM_IAMCU).</summary>
    IntelMcu = 6,

    /// <summary>Intel 80860 (EM_860).</summary>
    I860 = 7,

    /// <summary>MIPS R3000 (EM_MIPS).</summary>
    Mips = 8,

    /// <summary>IBM System/370 (EM_S370).</summary>
    S370 = 9,

    /// <summary>MIPS R4000 big-endian (EM_MIPS_RS3_LE).</summary>
    MipsRs3LittleEndian = 10,

    /// <summary>Sparc v9 (old) (EM_OLD_SPARCV9).</summary>
    OldSparcV9 = 11,

    /// <summary>HPPA (EM_PARISC).</summary>
    PaRisc = 15,

    /// <summary>Fujitsu VPP500 (EM_VPP500).</summary>
    Vpp500 = 17,

    /// <summary>Sparc v8+ (EM_SPARC32PLUS).</summary>
    Sparc32Plus = 18,

    /// <summary>Intel 80960 (EM_960).</summary>
    I960 = 19,

    /// <summary>PowerPC (EM_PPC).</summary>
    PowerPC = 20,

    /// <summary>PowerPC64 (EM_PPC64).</summary>
    PowerPC64 = 21,

    /// <summary>IBM S/390 (EM_S390).</summary>
    S390 = 22,

    /// <summary>SPU (EM_SPU).</summary>
    Spu = 23,

    /// <summary>Renesas V850 (using RH850 ABI) (EM_V800).</summary>
    V800 = 36,

    /// <summary>Fujitsu FR20 (EM_FR20).</summary>
    FR20 = 37,

    /// <summary>TRW RH32 (EM_RH32).</summary>
    RH32 = 38,

    /// <summary>MCORE (EM_RCE).</summary>
    MCore = 39,

    /// <summary>ARM (EM_ARM).</summary>
    Arm = 40,

    /// <summary>Digital Alpha (old) (EM_OLD_ALPHA).</summary>
    OldAlpha = 41,

    /// <summary>Renesas / SuperH SH (EM_SH).</summary>
    SuperH = 42,

    /// <summary>Sparc v9 (EM_SPARCV9).</summary>
    SparcV9 = 43,

    /// <summary>Siemens Tricore (EM_TRICORE).</summary>
    TriCore = 44,

    /// <summary>ARC (EM_ARC).</summary>
    Arc = 45,

    /// <summary>Renesas H8/300 (EM_H8_300).</summary>
    H8_300 = 46,

    /// <summary>Renesas H8/300H (EM_H8_300H).</summary>
    H8_300H = 47,

    /// <summary>Renesas H8S (EM_H8S).</summary>
    H8S = 48,

    /// <summary>Renesas H8/500 (EM_H8_500).</summary>
    H8_500 = 49,

    /// <summary>Intel IA-64 (EM_IA_64).</summary>
    IA64 = 50,

    /// <summary>Stanford MIPS-X (EM_MIPS_X).</summary>
    MipsX = 51,

    /// <summary>Motorola Coldfire (EM_COLDFIRE).</summary>
    ColdFire = 52,

    /// <summary>Motorola MC68HC12 Microcontroller (EM_68HC12).</summary>
    M68HC12 = 53,

    /// <summary>Fujitsu Multimedia Accelerator (EM_MMA).</summary>
    FujitsuMma = 54,

    /// <summary>Siemens PCP (EM_PCP).</summary>
    SiemensPcp = 55,

    /// <summary>Sony nCPU embedded RISC processor (EM_NCPU).</summary>
    NCpu = 56,

    /// <summary>Denso NDR1 microprocessor (EM_NDR1).</summary>
    Ndr1 = 57,

    /// <summary>Motorola Star*Core processor (EM_STARCORE).</summary>
    StarCore = 58,

    /// <summary>Toyota ME16 processor (EM_ME16).</summary>
    ME16 = 59,

    /// <summary>STMicroelectronics ST100 processor (EM_ST100).</summary>
    ST100 = 60,

    /// <summary>Advanced Logic Corp. TinyJ embedded processor (EM_TINYJ).</summary>
    TinyJ = 61,

    /// <summary>Advanced Micro Devices X86-64 (EM_X86_64).</summary>
    X86_64 = 62,

    /// <summary>Sony DSP processor (EM_PDSP).</summary>
    SonyPdsp = 63,

    /// <summary>Digital Equipment Corp. PDP-10 (EM_PDP10).</summary>
    Pdp10 = 64,

    /// <summary>Digital Equipment Corp. PDP-11 (EM_PDP11).</summary>
    Pdp11 = 65,

    /// <summary>Siemens FX66 microcontroller (EM_FX66).</summary>
    FX66 = 66,

    /// <summary>STMicroelectronics ST9+ 8/16 bit microcontroller (EM_ST9PLUS).</summary>
    ST9Plus = 67,

    /// <summary>STMicroelectronics ST7 8-bit microcontroller (EM_ST7).</summary>
    ST7 = 68,

    /// <summary>Motorola MC68HC16 Microcontroller (EM_68HC16).</summary>
    M68HC16 = 69,

    /// <summary>Motorola MC68HC11 Microcontroller (EM_68HC11).</summary>
    M68HC11 = 70,

    /// <summary>Motorola MC68HC08 Microcontroller (EM_68HC08).</summary>
    M68HC08 = 71,

    /// <summary>Motorola MC68HC05 Microcontroller (EM_68HC05).</summary>
    M68HC05 = 72,

    /// <summary>Silicon Graphics SVx (EM_SVX).</summary>
    Svx = 73,

    /// <summary>STMicroelectronics ST19 8-bit microcontroller (EM_ST19).</summary>
    ST19 = 74,

    /// <summary>Digital VAX (EM_VAX).</summary>
    Vax = 75,

    /// <summary>Axis Communications 32-bit embedded processor (EM_CRIS).</summary>
    Cris = 76,

    /// <summary>Infineon Technologies 32-bit embedded cpu (EM_JAVELIN).</summary>
    Javelin = 77,

    /// <summary>Element 14 64-bit DSP processor (EM_FIREPATH).</summary>
    FirePath = 78,

    /// <summary>LSI Logic's 16-bit DSP processor (EM_ZSP).</summary>
    Zsp = 79,

    /// <summary>Donald Knuth's educational 64-bit processor (EM_MMIX).</summary>
    Mmix = 80,

    /// <summary>Harvard University's machine-independent object format (EM_HUANY).</summary>
    Huany = 81,

    /// <summary>Vitesse Prism (EM_PRISM).</summary>
    Prism = 82,

    /// <summary>Atmel AVR 8-bit microcontroller (EM_AVR).</summary>
    Avr = 83,

    /// <summary>Fujitsu FR30 (EM_FR30).</summary>
    FR30 = 84,

    /// <summary>d10v (EM_D10V).</summary>
    D10V = 85,

    /// <summary>d30v (EM_D30V).</summary>
    D30V = 86,

    /// <summary>Renesas V850 (EM_V850).</summary>
    V850 = 87,

    /// <summary>Renesas M32R (formerly Mitsubishi M32r) (EM_M32R).</summary>
    M32R = 88,

    /// <summary>mn10300 (EM_MN10300).</summary>
    MN10300 = 89,

    /// <summary>mn10200 (EM_MN10200).</summary>
    MN10200 = 90,

    /// <summary>picoJava (EM_PJ).</summary>
    PicoJava = 91,

    /// <summary>OpenRISC 1000 (EM_OPENRISC).</summary>
    OpenRisc = 92,

    /// <summary>ARCompact (EM_ARC_COMPACT).</summary>
    ArcCompact = 93,

    /// <summary>Tensilica Xtensa Processor (EM_XTENSA).</summary>
    Xtensa = 94,

    /// <summary>Alphamosaic VideoCore processor (EM_VIDEOCORE).</summary>
    VideoCore = 95,

    /// <summary>Thompson Multimedia General Purpose Processor (EM_TMM_GPP).</summary>
    TmmGpp = 96,

    /// <summary>National Semiconductor 32000 series (EM_NS32K).</summary>
    NS32K = 97,

    /// <summary>Tenor Network TPC processor (EM_TPC).</summary>
    Tpc = 98,

    /// <summary>Trebia SNP 1000 processor (EM_SNP1K).</summary>
    Snp1K = 99,

    /// <summary>STMicroelectronics ST200 microcontroller (EM_ST200).</summary>
    ST200 = 100,

    /// <summary>Ubicom IP2xxx 8-bit microcontrollers (EM_IP2K).</summary>
    IP2K = 101,

    /// <summary>MAX Processor (EM_MAX).</summary>
    Max = 102,

    /// <summary>National Semiconductor CompactRISC (EM_CR).</summary>
    CompactRisc = 103,

    /// <summary>Fujitsu F2MC16 (EM_F2MC16).</summary>
    F2MC16 = 104,

    /// <summary>Texas Instruments msp430 microcontroller (EM_MSP430).</summary>
    Msp430 = 105,

    /// <summary>Analog Devices Blackfin (EM_BLACKFIN).</summary>
    Blackfin = 106,

    /// <summary>S1C33 Family of Seiko Epson processors (EM_SE_C33).</summary>
    SEC33 = 107,

    /// <summary>Sharp embedded microprocessor (EM_SEP).</summary>
    SharpSep = 108,

    /// <summary>Arca RISC microprocessor (EM_ARCA).</summary>
    Arca = 109,

    /// <summary>Unicore (EM_UNICORE).</summary>
    Unicore = 110,

    /// <summary>eXcess 16/32/64-bit configurable embedded CPU (EM_EXCESS).</summary>
    Excess = 111,

    /// <summary>Icera Semiconductor Inc. Deep Execution Processor (EM_DXP).</summary>
    Dxp = 112,

    /// <summary>Altera Nios II (EM_ALTERA_NIOS2).</summary>
    AlteraNios2 = 113,

    /// <summary>National Semiconductor CRX microprocessor (EM_CRX).</summary>
    Crx = 114,

    /// <summary>Motorola XGATE embedded processor (EM_XGATE).</summary>
    XGate = 115,

    /// <summary>Infineon Technologies xc16x (EM_C166).</summary>
    C166 = 116,

    /// <summary>Renesas M16C series microprocessors (EM_M16C).</summary>
    M16C = 117,

    /// <summary>Microchip Technology dsPIC30F Digital Signal Controller (EM_DSPIC30F).</summary>
    DsPic30F = 118,

    /// <summary>Freescale Communication Engine RISC core (EM_CE).</summary>
    FreescaleCE = 119,

    /// <summary>Renesas M32c (EM_M32C).</summary>
    M32C = 120,

    /// <summary>Altium TSK3000 core (EM_TSK3000).</summary>
    Tsk3000 = 131,

    /// <summary>Freescale RS08 embedded processor (EM_RS08).</summary>
    RS08 = 132,

    /// <summary>Analog Devices SHARC family (EM_SHARC).</summary>
    Sharc = 133,

    /// <summary>Cyan Technology eCOG2 microprocessor (EM_ECOG2).</summary>
    ECog2 = 134,

    /// <summary>SUNPLUS S+Core (EM_SCORE7).</summary>
    Score7 = 135,

    /// <summary>New Japan Radio (NJR) 24-bit DSP Processor (EM_DSP24).</summary>
    Dsp24 = 136,

    /// <summary>Broadcom VideoCore III processor (EM_VIDEOCORE3).</summary>
    VideoCore3 = 137,

    /// <summary>Lattice Mico32 (EM_LATTICEMICO32).</summary>
    LatticeMico32 = 138,

    /// <summary>Seiko Epson C17 family (EM_SE_C17).</summary>
    SEC17 = 139,

    /// <summary>Texas Instruments TMS320C6000 DSP family (EM_TI_C6000).</summary>
    TiC6000 = 140,

    /// <summary>Texas Instruments TMS320C2000 DSP family (EM_TI_C2000).</summary>
    TiC2000 = 141,

    /// <summary>Texas Instruments TMS320C55x DSP family (EM_TI_C5500).</summary>
    TiC5500 = 142,

    /// <summary>Texas Instruments Application Specific RISC Processor (EM_TI_ARP32).</summary>
    TiArp32 = 143,

    /// <summary>TI PRU I/O processor (EM_TI_PRU).</summary>
    TiPru = 144,

    /// <summary>STMicroelectronics 64bit VLIW Data Signal Processor (EM_MMDSP_PLUS).</summary>
    MmDspPlus = 160,

    /// <summary>Cypress M8C microprocessor (EM_CYPRESS_M8C).</summary>
    CypressM8C = 161,

    /// <summary>Renesas R32C series microprocessors (EM_R32C).</summary>
    R32C = 162,

    /// <summary>NXP Semiconductors TriMedia architecture family (EM_TRIMEDIA).</summary>
    TriMedia = 163,

    /// <summary>QUALCOMM DSP6 Processor (EM_QDSP6).</summary>
    Hexagon = 164,

    /// <summary>Intel 8051 and variants (EM_8051).</summary>
    I8051 = 165,

    /// <summary>STMicroelectronics STxP7x family (EM_STXP7X).</summary>
    STxP7x = 166,

    /// <summary>Andes Technology compact code size embedded RISC processor family (EM_NDS32).</summary>
    Nds32 = 167,

    /// <summary>Cyan Technology eCOG1X family (EM_ECOG1X).</summary>
    ECog1X = 168,

    /// <summary>Dallas Semiconductor MAXQ30 Core microcontrollers (EM_MAXQ30).</summary>
    MaxQ30 = 169,

    /// <summary>New Japan Radio (NJR) 16-bit DSP Processor (EM_XIMO16).</summary>
    Ximo16 = 170,

    /// <summary>M2000 Reconfigurable RISC Microprocessor (EM_MANIK).</summary>
    Manik = 171,

    /// <summary>Cray Inc. NV2 vector architecture (EM_CRAYNV2).</summary>
    CrayNV2 = 172,

    /// <summary>Renesas RX (EM_RX).</summary>
    RX = 173,

    /// <summary>Imagination Technologies Meta processor architecture (EM_METAG).</summary>
    Metag = 174,

    /// <summary>MCST Elbrus general purpose hardware architecture (EM_MCST_ELBRUS).</summary>
    Elbrus = 175,

    /// <summary>Cyan Technology eCOG16 family (EM_ECOG16).</summary>
    ECog16 = 176,

    /// <summary>National Semiconductor CompactRISC 16-bit processor (EM_CR16).</summary>
    CR16 = 177,

    /// <summary>Freescale Extended Time Processing Unit (EM_ETPU).</summary>
    ETpu = 178,

    /// <summary>Infineon Technologies SLE9X core (EM_SLE9X).</summary>
    Sle9X = 179,

    /// <summary>Intel L1OM (EM_L1OM).</summary>
    L1OM = 180,

    /// <summary>Intel K1OM (EM_K1OM).</summary>
    K1OM = 181,

    /// <summary>Intel (reserved) (EM_INTEL182).</summary>
    Intel182 = 182,

    /// <summary>AArch64 (EM_AARCH64).</summary>
    AArch64 = 183,

    /// <summary>ARM (reserved) (EM_ARM184).</summary>
    Arm184 = 184,

    /// <summary>Atmel Corporation 32-bit microprocessor (EM_AVR32).</summary>
    Avr32 = 185,

    /// <summary>STMicroelectronics STM8 8-bit microcontroller (EM_STM8).</summary>
    Stm8 = 186,

    /// <summary>Tilera TILE64 multicore architecture family (EM_TILE64).</summary>
    Tile64 = 187,

    /// <summary>Tilera TILEPro multicore architecture family (EM_TILEPRO).</summary>
    TilePro = 188,

    /// <summary>Xilinx MicroBlaze (EM_MICROBLAZE).</summary>
    MicroBlaze = 189,

    /// <summary>NVIDIA CUDA architecture (EM_CUDA).</summary>
    Cuda = 190,

    /// <summary>Tilera TILE-Gx multicore architecture family (EM_TILEGX).</summary>
    TileGx = 191,

    /// <summary>CloudShield architecture family (EM_CLOUDSHIELD).</summary>
    CloudShield = 192,

    /// <summary>KIPO-KAIST Core-A 1st generation processor family (EM_COREA_1ST).</summary>
    CoreA1st = 193,

    /// <summary>KIPO-KAIST Core-A 2nd generation processor family (EM_COREA_2ND).</summary>
    CoreA2nd = 194,

    /// <summary>ARCv2 (EM_ARCV2).</summary>
    ArcV2 = 195,

    /// <summary>Open8 8-bit RISC soft processor core (EM_OPEN8).</summary>
    Open8 = 196,

    /// <summary>Renesas RL78 (EM_RL78).</summary>
    RL78 = 197,

    /// <summary>Broadcom VideoCore V processor (EM_VIDEOCORE5).</summary>
    VideoCore5 = 198,

    /// <summary>Renesas 78K0R (EM_78KOR).</summary>
    R78K0R = 199,

    /// <summary>Freescale 56800EX Digital Signal Controller (DSC) (EM_56800EX).</summary>
    Dsp56800EX = 200,

    /// <summary>Beyond BA1 CPU architecture (EM_BA1).</summary>
    BA1 = 201,

    /// <summary>Beyond BA2 CPU architecture (EM_BA2).</summary>
    BA2 = 202,

    /// <summary>XMOS xCORE processor family (EM_XCORE).</summary>
    XCore = 203,

    /// <summary>Microchip 8-bit PIC(r) family (EM_MCHP_PIC).</summary>
    MicrochipPic = 204,

    /// <summary>Intel Graphics Technology (EM_INTELGT).</summary>
    IntelGraphics = 205,

    /// <summary>Intel (reserved) (EM_INTEL206).</summary>
    Intel206 = 206,

    /// <summary>Intel (reserved) (EM_INTEL207).</summary>
    Intel207 = 207,

    /// <summary>Intel (reserved) (EM_INTEL208).</summary>
    Intel208 = 208,

    /// <summary>Intel (reserved) (EM_INTEL209).</summary>
    Intel209 = 209,

    /// <summary>KM211 KM32 32-bit processor (EM_KM32).</summary>
    KM32 = 210,

    /// <summary>KM211 KMX32 32-bit processor (EM_KMX32).</summary>
    KMX32 = 211,

    /// <summary>KM211 KMX16 16-bit processor (EM_KMX16).</summary>
    KMX16 = 212,

    /// <summary>KM211 KMX8 8-bit processor (EM_KMX8).</summary>
    KMX8 = 213,

    /// <summary>KM211 KVARC processor (EM_KVARC).</summary>
    KVArc = 214,

    /// <summary>Paneve CDP architecture family (EM_CDP).</summary>
    Cdp = 215,

    /// <summary>Cognitive Smart Memory Processor (EM_COGE).</summary>
    Coge = 216,

    /// <summary>Bluechip Systems CoolEngine (EM_COOL).</summary>
    Cool = 217,

    /// <summary>Nanoradio Optimized RISC (EM_NORC).</summary>
    Norc = 218,

    /// <summary>CSR Kalimba architecture family (EM_CSR_KALIMBA).</summary>
    CsrKalimba = 219,

    /// <summary>Zilog Z80 (EM_Z80).</summary>
    Z80 = 220,

    /// <summary>CDS VISIUMcore processor (EM_VISIUM).</summary>
    Visium = 221,

    /// <summary>FTDI Chip FT32 (EM_FT32).</summary>
    FT32 = 222,

    /// <summary>Moxie (EM_MOXIE).</summary>
    Moxie = 223,

    /// <summary>AMD GPU (EM_AMDGPU).</summary>
    AmdGpu = 224,

    /// <summary>RISC-V (EM_RISCV).</summary>
    RiscV = 243,

    /// <summary>Lanai 32-bit processor (EM_LANAI).</summary>
    Lanai = 244,

    /// <summary>CEVA Processor Architecture Family (EM_CEVA).</summary>
    Ceva = 245,

    /// <summary>CEVA X2 Processor Family (EM_CEVA_X2).</summary>
    CevaX2 = 246,

    /// <summary>Linux BPF (EM_BPF).</summary>
    Bpf = 247,

    /// <summary>Graphcore Intelligent Processing Unit (EM_GRAPHCORE_IPU).</summary>
    GraphcoreIpu = 248,

    /// <summary>Imagination Technologies (EM_IMG1).</summary>
    Img1 = 249,

    /// <summary>Netronome Flow Processor (EM_NFP).</summary>
    Nfp = 250,

    /// <summary>NEC Vector Engine (EM_VE).</summary>
    NecVE = 251,

    /// <summary>C-SKY (EM_CSKY).</summary>
    CSky = 252,

    /// <summary>Synopsys ARCv2.3 64-bit (EM_ARC_COMPACT3_64).</summary>
    ArcV3_64 = 253,

    /// <summary>MOS Technology MCS 6502 processor (EM_MCS6502).</summary>
    Mcs6502 = 254,

    /// <summary>Synopsys ARCv2.3 32-bit (EM_ARC_COMPACT3).</summary>
    ArcV3_32 = 255,

    /// <summary>Kalray VLIW core of the MPPA processor family (EM_KVX).</summary>
    Kvx = 256,

    /// <summary>WDC 65816/65C816 (EM_65816).</summary>
    Wdc65816 = 257,

    /// <summary>LoongArch (EM_LOONGARCH).</summary>
    LoongArch = 258,

    /// <summary>ChipON KungFu32 (EM_KF32).</summary>
    KF32 = 259,

    /// <summary>Atmel AVR 8-bit microcontroller (EM_AVR_OLD).</summary>
    AvrOld = 0x1057,

    /// <summary>Adapteva EPIPHANY (EM_ADAPTEVA_EPIPHANY).</summary>
    Epiphany = 0x1223,

    /// <summary>Morpho Technologies MT processor (EM_MT).</summary>
    MorphoMT = 0x2530,

    /// <summary>Fujitsu FR30 (EM_CYGNUS_FR30).</summary>
    CygnusFR30 = 0x3330,

    /// <summary>Web Assembly (EM_WEBASSEMBLY).</summary>
    WebAssembly = 0x4157,

    /// <summary>Freescale S12Z (EM_S12Z).</summary>
    S12Z = 0x4def,

    /// <summary>Fujitsu FR-V (EM_CYGNUS_FRV).</summary>
    CygnusFRV = 0x5441,

    /// <summary>OpenDLX (EM_DLX).</summary>
    Dlx = 0x5aa5,

    /// <summary>d10v (EM_CYGNUS_D10V).</summary>
    CygnusD10V = 0x7650,

    /// <summary>d30v (EM_CYGNUS_D30V).</summary>
    CygnusD30V = 0x7676,

    /// <summary>Ubicom IP2xxx 8-bit microcontrollers (EM_IP2K_OLD).</summary>
    IP2KOld = 0x8217,

    /// <summary>Alpha (EM_ALPHA).</summary>
    Alpha = 0x9026,

    /// <summary>Renesas M32R (formerly Mitsubishi M32r) (EM_CYGNUS_M32R).</summary>
    CygnusM32R = 0x9041,

    /// <summary>Renesas V850 (EM_CYGNUS_V850).</summary>
    CygnusV850 = 0x9080,

    /// <summary>IBM S/390 (EM_S390_OLD).</summary>
    S390Old = 0xa390,

    /// <summary>Tensilica Xtensa Processor (EM_XTENSA_OLD).</summary>
    XtensaOld = 0xabc7,

    /// <summary>Sanyo XStormy16 CPU core (EM_XSTORMY16).</summary>
    XStormy16 = 0xad45,

    /// <summary>Xilinx MicroBlaze (EM_MICROBLAZE_OLD).</summary>
    MicroBlazeOld = 0xbaab,

    /// <summary>mn10300 (EM_CYGNUS_MN10300).</summary>
    CygnusMN10300 = 0xbeef,

    /// <summary>mn10200 (EM_CYGNUS_MN10200).</summary>
    CygnusMN10200 = 0xdead,

    /// <summary>Toshiba MeP Media Engine (EM_CYGNUS_MEP).</summary>
    CygnusMep = 0xf00d,

    /// <summary>Altera Nios (EM_ALTERA_NIOS).</summary>
    AlteraNios = 0xfeb0,

    /// <summary>Vitesse IQ2000 (EM_IQ2000).</summary>
    IQ2000 = 0xfeba,

    /// <summary>Altera Nios (EM_NIOS32).</summary>
    Nios32 = 0xfebb,
}
