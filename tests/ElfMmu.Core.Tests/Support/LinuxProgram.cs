using System.Globalization;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Support;

/// <summary>What the core of a Linux guest's process has to be, by the name of the guest.</summary>
/// <param name="Prefix">How the guest's name begins.</param>
/// <param name="Class">The class of the core.</param>
/// <param name="Machine">The machine of the core.</param>
/// <param name="Flags">e_flags of the core.</param>
/// <param name="GdbName">What GDB calls the machine; an ARM without attributes is the oldest there is.</param>
/// <param name="Registers">GDB's names for general registers, and what the guest's list of registers calls them.</param>
internal sealed record LinuxProgram(
    string Prefix, ElfClass Class, ElfMachine Machine, uint Flags, string GdbName, (string Gdb, string Guest)[] Registers)
{
    private static readonly LinuxProgram[] All =
    [
        new("linux-i386", ElfClass.Elf32, ElfMachine.I386, 0, "i386", Same("eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip")),
        new("linux-x64", ElfClass.Elf64, ElfMachine.X86_64, 0, "i386:x86-64",
            Same(["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "rip", .. Enumerable.Range(8, 8).Select(i => Number("r", i))])),
        new("linux-riscv64", ElfClass.Elf64, ElfMachine.RiscV, 5, "riscv:rv64",
            [("pc", "pc"), ("tp", "x4/tp"), ("s0", "x8/s0"), ("a2", "x12/a2"), ("a6", "x16/a6"), ("s4", "x20/s4"), ("s8", "x24/s8"),
                ("t3", "x28/t3")]),
        new("linux-arm64", ElfClass.Elf64, ElfMachine.AArch64, 0, "aarch64",
            [("pc", "pc"), ("sp", "sp"), .. Enumerable.Range(0, 31).Select(i => (Number("x", i), $"x{i:00}"))]),
        new("linux-arm", ElfClass.Elf32, ElfMachine.Arm, 0x0500_0000, "armv3m",
            [("sp", "r13"), ("lr", "r14"), ("pc", "r15"), .. Enumerable.Range(0, 13).Select(i => (Number("r", i), $"r{i:00}"))]),
    ];

    public static LinuxProgram Of(string name) => All.First(p => name.StartsWith(p.Prefix, StringComparison.Ordinal));

    private static (string, string)[] Same(params string[] names) => [.. names.Select(n => (n, n))];

    private static string Number(string letter, int number) => letter + number.ToString(CultureInfo.InvariantCulture);
}
