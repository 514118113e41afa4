namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes bindings of symbols.</summary>
public sealed class SymbolBindingCompleter() : ElfTypeCompleter("STB_", ["STB_LOCAL", "STB_GLOBAL", "STB_WEAK", "STB_GNU_UNIQUE"]);
