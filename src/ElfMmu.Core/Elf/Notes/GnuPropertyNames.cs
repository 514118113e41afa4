using System.Globalization;

namespace ElfMmu.Elf.Notes;

/// <summary>The properties that are sets of bits, with a word for each bit (Linux Extensions to gABI; the processors' supplements).</summary>
internal static class GnuPropertyNames
{
    private const string Isa1 = "x86-64-baseline x86-64-v2 x86-64-v3 x86-64-v4";

    private const string Compat1 =
        "i486 586 686 SSE SSE2 SSE3 SSSE3 SSE4_1 SSE4_2 AVX AVX2 AVX512F AVX512CD AVX512ER AVX512PF AVX512VL AVX512DQ AVX512BW";

    private const string Compat2 =
        "CMOV SSE SSE2 SSE3 SSSE3 SSE4_1 SSE4_2 AVX AVX2 FMA AVX512F AVX512CD AVX512ER AVX512PF AVX512VL AVX512DQ AVX512BW AVX512_4FMAPS " +
        "AVX512_4VNNIW AVX512_BITALG AVX512_IFMA AVX512_VBMI AVX512_VBMI2 AVX512_VNNI AVX512_BF16";

    private const string Features2 = "x86 x87 MMX XMM YMM ZMM FXSR XSAVE XSAVEOPT XSAVEC TMM MASK";

    private static readonly Dictionary<uint, (string Name, string Label, string Bits)> X86 = new()
    {
        [0xc0000000] = ("GNU_PROPERTY_X86_COMPAT_ISA_1_USED", "x86 ISA used", Compat1),
        [0xc0000001] = ("GNU_PROPERTY_X86_COMPAT_ISA_1_NEEDED", "x86 ISA needed", Compat1),
        [0xc0000002] = ("GNU_PROPERTY_X86_FEATURE_1_AND", "x86 feature", "IBT SHSTK LAM_U48 LAM_U57"),
        [0xc0008000] = ("GNU_PROPERTY_X86_COMPAT_2_ISA_1_NEEDED", "x86 ISA needed", Compat2),
        [0xc0008001] = ("GNU_PROPERTY_X86_FEATURE_2_NEEDED", "x86 feature needed", Features2),
        [0xc0008002] = ("GNU_PROPERTY_X86_ISA_1_NEEDED", "x86 ISA needed", Isa1),
        [0xc0010000] = ("GNU_PROPERTY_X86_COMPAT_2_ISA_1_USED", "x86 ISA used", Compat2),
        [0xc0010001] = ("GNU_PROPERTY_X86_FEATURE_2_USED", "x86 feature used", Features2),
        [0xc0010002] = ("GNU_PROPERTY_X86_ISA_1_USED", "x86 ISA used", Isa1),
    };

    private static readonly Dictionary<uint, (string Name, string Label, string Bits)> AArch64 = new()
    {
        [0xc0000000] = ("GNU_PROPERTY_AARCH64_FEATURE_1_AND", "AArch64 feature", "BTI PAC GCS"),
        [0xc0000001] = ("GNU_PROPERTY_AARCH64_FEATURE_PAUTH", "AArch64 PAuth ABI", ""),
    };

    private static readonly Dictionary<uint, (string Name, string Label, string Bits)> RiscV = new()
    {
        [0xc0000000] = ("GNU_PROPERTY_RISCV_FEATURE_1_AND", "RISC-V feature", "CFI_LP_UNLABELED CFI_SS CFI_LP_FUNC_SIG"),
    };

    private static readonly Dictionary<uint, (string Name, string Label, string Bits)> Any = new()
    {
        [0xb0008000] = ("GNU_PROPERTY_1_NEEDED", "1_needed", "indirect_external_access"),
    };

    /// <summary>The name of a type.</summary>
    public static string Of(uint type, ElfMachine machine) => Find(type, machine)?.Name ?? type switch
    {
        1 => "GNU_PROPERTY_STACK_SIZE",
        2 => "GNU_PROPERTY_NO_COPY_ON_PROTECTED",
        3 => "GNU_PROPERTY_MEMORY_SEAL",
        >= 0xb0000000 and <= 0xb0007fff => InRange("GNU_PROPERTY_UINT32_AND_LO", type - 0xb0000000),
        >= 0xb0008000 and <= 0xb000ffff => InRange("GNU_PROPERTY_UINT32_OR_LO", type - 0xb0008000),
        >= 0xc0000000 and <= 0xdfffffff => InRange("GNU_PROPERTY_LOPROC", type - 0xc0000000),
        >= 0xe0000000 => InRange("GNU_PROPERTY_LOUSER", type - 0xe0000000),
        _ => "GNU_PROPERTY_0x" + Hex(type),
    };

    /// <summary>What a set of bits is called in words, and the words for those that are set; null where it is none.</summary>
    public static (string Label, string[] Words)? Bits(uint type, uint value, ElfMachine machine)
    {
        if (Find(type, machine) is not { Bits.Length: > 0 } row)
        {
            return null;
        }

        string[] names = row.Bits.Split(' ');
        List<string> words = [];
        for (int bit = 0; bit < 32; bit++)
        {
            if ((value >> bit & 1) != 0)
            {
                words.Add(bit < names.Length ? names[bit].Replace('_', row.Label == "1_needed" ? ' ' : '_') : $"<unknown: {Hex(1u << bit)}>");
            }
        }

        return (row.Label, [.. words]);
    }

    private static (string Name, string Label, string Bits)? Find(uint type, ElfMachine machine)
    {
        Dictionary<uint, (string Name, string Label, string Bits)>? own = machine switch
        {
            ElfMachine.X86_64 or ElfMachine.I386 or ElfMachine.IntelMcu => X86,
            ElfMachine.AArch64 => AArch64,
            ElfMachine.RiscV => RiscV,
            _ => null,
        };
        return own != null && own.TryGetValue(type, out var row) || Any.TryGetValue(type, out row) ? row : null;
    }

    private static string InRange(string first, uint rest) => rest == 0 ? first : $"{first}+0x{Hex(rest)}";

    private static string Hex(uint value) => value.ToString("x", CultureInfo.InvariantCulture);
}
