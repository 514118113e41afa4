using ElfMmu.Elf;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes tags of the dynamic section.</summary>
public sealed class DynamicTagCompleter() : ElfTypeCompleter("DT_", ElfNames.DynamicTagNames);
