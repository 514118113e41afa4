namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes versions of DWARF.</summary>
public sealed class DwarfVersionCompleter() : ElfTypeCompleter("", ["4", "5"]);
