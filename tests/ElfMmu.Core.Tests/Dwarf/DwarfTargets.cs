using ElfMmu.Dwarf;
using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>The machines debug information is tried for, in both versions: both widths and byte orders are among them.</summary>
public sealed class DwarfTargets : TheoryData<string>
{
    private static readonly Dictionary<string, (ElfMachine Machine, ElfClass Class, ElfData Data)> Machines = new()
    {
        ["x86-64"] = (ElfMachine.X86_64, ElfClass.Elf64, ElfData.LittleEndian),
        ["i386"] = (ElfMachine.I386, ElfClass.Elf32, ElfData.LittleEndian),
        ["arm"] = (ElfMachine.Arm, ElfClass.Elf32, ElfData.LittleEndian),
        ["armeb"] = (ElfMachine.Arm, ElfClass.Elf32, ElfData.BigEndian),
        ["aarch64"] = (ElfMachine.AArch64, ElfClass.Elf64, ElfData.LittleEndian),
        ["aarch64be"] = (ElfMachine.AArch64, ElfClass.Elf64, ElfData.BigEndian),
        ["riscv64"] = (ElfMachine.RiscV, ElfClass.Elf64, ElfData.LittleEndian),
        ["riscv32"] = (ElfMachine.RiscV, ElfClass.Elf32, ElfData.LittleEndian),
        ["ppc"] = (ElfMachine.PowerPC, ElfClass.Elf32, ElfData.BigEndian),
        ["ppc64"] = (ElfMachine.PowerPC64, ElfClass.Elf64, ElfData.BigEndian),
        ["mips"] = (ElfMachine.Mips, ElfClass.Elf32, ElfData.BigEndian),
        ["mipsel"] = (ElfMachine.Mips, ElfClass.Elf32, ElfData.LittleEndian),
    };

    public DwarfTargets()
    {
        foreach (string machine in Machines.Keys)
        {
            Add(machine + " 4");
            Add(machine + " 5");
        }
    }

    /// <summary>The target of a name such as "arm 5".</summary>
    public static DwarfTarget Of(string name)
    {
        string[] words = name.Split(' ');
        (ElfMachine machine, ElfClass elfClass, ElfData data) = Machines[words[0]];
        return new DwarfTarget(machine, elfClass, data, words.Length > 1 ? words[1][0] - '0' : 5);
    }
}
