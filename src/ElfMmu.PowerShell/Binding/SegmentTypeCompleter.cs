using ElfMmu.Elf;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes types of segments.</summary>
public sealed class SegmentTypeCompleter() : ElfTypeCompleter("PT_", ElfNames.SegmentTypeNames);
