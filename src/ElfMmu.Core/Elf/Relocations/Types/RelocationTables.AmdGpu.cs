namespace ElfMmu.Elf.Relocations;

/// <content>AMD GPU.</content>
internal static partial class RelocationTables
{
    private const string AmdGpu = """
        @R_AMDGPU_ =0 NONE ABS32_LO ABS32_HI ABS64 REL32 REL64 ABS32 GOTPCREL GOTPCREL32_LO GOTPCREL32_HI REL32_LO REL32_HI =13 RELATIVE64
        =16 REL16
        """;
}
