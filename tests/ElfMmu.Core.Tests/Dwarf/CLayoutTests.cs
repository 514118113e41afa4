using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>The layout of structures against that of compilers: their debug information and ours must say the same.</summary>
public sealed class CLayoutTests : IDisposable
{
    private const int StructsEach = 250;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact("pyelftools", "x86_64-linux-gnu-gcc")]
    public void X86_64() => Compare("x86_64-linux-gnu-gcc", "x86-64", 1);

    [ToolFact("pyelftools", "i686-linux-gnu-gcc")]
    public void I386() => Compare("i686-linux-gnu-gcc", "i386", 2);

    [ToolFact("pyelftools", "arm-linux-gnueabihf-gcc")]
    public void Arm() => Compare("arm-linux-gnueabihf-gcc", "arm", 3);

    [ToolFact("pyelftools", "aarch64-linux-gnu-gcc")]
    public void AArch64() => Compare("aarch64-linux-gnu-gcc", "aarch64", 4);

    [ToolFact("pyelftools", "riscv64-linux-gnu-gcc")]
    public void RiscV64() => Compare("riscv64-linux-gnu-gcc", "riscv64", 5);

    [ToolFact("pyelftools", "mips-linux-gnu-gcc")]
    public void Mips() => Compare("mips-linux-gnu-gcc", "mips", 6);

    [ToolFact("pyelftools", "powerpc-linux-gnu-gcc")]
    public void PowerPC() => Compare("powerpc-linux-gnu-gcc", "ppc", 7);

    private void Compare(string compiler, string machine, int seed)
    {
        for (int round = 0; round < 2; round++)
        {
            string text = new RandomC((seed * 1000) + round).Text(StructsEach);
            string source = _folder.Write($"{machine}-{round}.c", text);
            string theirs = _folder.File($"{machine}-{round}.o");
            ToolResult compiled = Tools.Run(
                compiler, "-w", "-g", "-gdwarf-5", "-fno-eliminate-unused-debug-types", "-nostdlib", "-static", "-Wl,-e,0", source, "-o", theirs);
            Assert.True(compiled.ExitCode == 0, compiled.Errors);

            DwarfTarget target = DwarfTargets.Of(machine + (round % 2 == 0 ? " 5" : " 4"));
            var unit = new DwarfUnit { Name = "types.c" };
            DwarfTypes.ParseC(text, target).AddTo(unit);
            string ours = _folder.Write($"{machine}-{round}.elf", DwarfElf.Of(unit, target));
            string[] expected = DwarfDump.Of(theirs);
            string[] actual = DwarfDump.Of(ours);
            Assert.True(expected.Length > StructsEach, $"{expected.Length} types");
            for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            {
                Assert.Equal(expected[i], actual[i]);
            }

            Assert.Equal(expected.Length, actual.Length);
        }
    }
}
