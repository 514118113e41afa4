namespace ElfMmu.Elf.Relocations;

/// <content>Web Assembly.</content>
internal static partial class RelocationTables
{
    private const string WebAssembly = """
        @R_WASM32_ =0 NONE 32
        """;
}
