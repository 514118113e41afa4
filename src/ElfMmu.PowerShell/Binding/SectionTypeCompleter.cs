using ElfMmu.Elf;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes types of sections.</summary>
public sealed class SectionTypeCompleter() : ElfTypeCompleter("SHT_", ElfNames.SectionTypeNames);
