namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes types of symbols.</summary>
public sealed class SymbolTypeCompleter() : ElfTypeCompleter(
    "STT_", ["STT_NOTYPE", "STT_OBJECT", "STT_FUNC", "STT_SECTION", "STT_FILE", "STT_COMMON", "STT_TLS", "STT_GNU_IFUNC"]);
