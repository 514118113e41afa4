namespace ElfMmu.Elf.Relocations;

/// <content>Linux BPF.</content>
internal static partial class RelocationTables
{
    private const string Bpf = """
        @R_BPF_ =0 NONE INSN_64 INSN_32 INSN_16 INSN_DISP16 DATA_8_PCREL DATA_16_PCREL DATA_32_PCREL DATA_8 DATA_16 INSN_DISP32 DATA_32
        DATA_64 DATA_64_PCREL
        """;
}
