namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes names of the sections that hold symbols.</summary>
public sealed class SymbolTableCompleter() : ElfTypeCompleter("", [".dynsym", ".symtab"]);
