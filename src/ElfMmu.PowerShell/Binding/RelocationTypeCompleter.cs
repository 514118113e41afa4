using ElfMmu.Elf;
using ElfMmu.Elf.Relocations;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes types of relocations of the processors that are met most.</summary>
public sealed class RelocationTypeCompleter() : ElfTypeCompleter("R_", Machines.SelectMany(m => ElfRelocationTypes.Known(m)).Select(t => t.Value))
{
    private static readonly ElfMachine[] Machines =
    [
        ElfMachine.X86_64, ElfMachine.AArch64, ElfMachine.I386, ElfMachine.Arm, ElfMachine.RiscV, ElfMachine.PowerPC, ElfMachine.PowerPC64, ElfMachine.Mips,
    ];
}
