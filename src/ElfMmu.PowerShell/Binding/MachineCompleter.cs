using ElfMmu.Companions;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes names of processors.</summary>
public sealed class MachineCompleter() : ElfTypeCompleter("EM_", CompanionTarget.MachineNames);
