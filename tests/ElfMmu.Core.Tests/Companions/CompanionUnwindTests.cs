using System.Globalization;
using ElfMmu.Companions;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Companions;

/// <summary>
/// Frames of machines that run in an emulator, found by nothing but a companion: the code is wiped out before GDB asks who called whom, so
/// that it can't guess by the instructions.
/// </summary>
public sealed class CompanionUnwindTests : IDisposable
{
    private const string Source = """
        int depth;
        __attribute__((noinline)) int leaf(int n) { depth = n; return n + 1; }
        __attribute__((noinline)) int middle(int n) { return leaf(n * 2) + 1; }
        __attribute__((noinline)) int outer(int n) { return middle(n + 3) + 1; }
        void begin(void) { for (;;) outer(4); }
        """;

    // What GCC makes of functions that keep a frame pointer, for there may be no GCC for MIPS.
    private const string MipsSource = """
         .set noreorder
         .text
         .globl _start, begin, outer, middle, leaf
        _start: lui $sp, 0x8020
         jal begin
         nop
         .macro function name, callee
        \name: addiu $sp, $sp, -32
         sw $ra, 28($sp)
         sw $fp, 24($sp)
         move $fp, $sp
         jal \callee
         addiu $a0, $a0, 1
         move $sp, $fp
         lw $ra, 28($sp)
         lw $fp, 24($sp)
         jr $ra
         addiu $sp, $sp, 32
         .endm
         function begin, outer
         function outer, middle
         function middle, leaf
        leaf: jr $ra
         addiu $v0, $a0, 1
        """;

    private static readonly string[] Functions = ["leaf", "middle", "outer", "begin"];

    private readonly TempFolder _folder = new();

    private string Program => _folder.File("program");

    public void Dispose() => _folder.Dispose();

    [ToolFact("gdb-multiarch", "qemu-system-aarch64", "aarch64-linux-gnu-gcc", "nm")]
    public void AArch64()
    {
        Compile("aarch64-linux-gnu-gcc", "0x40100000", "ldr x0, =0x40200000\n mov sp, x0\n bl begin", "-momit-leaf-frame-pointer");
        Unwinds(8, 0, "qemu-system-aarch64 -M virt -cpu cortex-a57");
    }

    [ToolFact("gdb-multiarch", "qemu-system-arm", "arm-linux-gnueabihf-gcc", "nm")]
    public void Arm()
    {
        Compile("arm-linux-gnueabihf-gcc", "0x40100000", "ldr sp, =0x40200000\n bl begin", "-marm", "-march=armv7-a", "-mfloat-abi=soft");
        Unwinds(8, 0, "qemu-system-arm -M virt -cpu cortex-a15");
    }

    [ToolFact("gdb-multiarch", "qemu-system-riscv64", "riscv64-linux-gnu-gcc", "nm")]
    public void RiscV()
    {
        // addi sp, sp, -16; sd ra, 8(sp); sd s0, 0(sp); addi s0, sp, 16, each in 2 bytes.
        Compile("riscv64-linux-gnu-gcc", "0x80000000", "li sp, 0x80200000\n call begin", "-mcmodel=medany");
        Unwinds(8, 0, "qemu-system-riscv64 -M virt -bios none");
    }

    [ToolFact("gdb-multiarch", "qemu-system-mips", "mips-linux-gnu-as", "mips-linux-gnu-ld", "nm")]
    public void Mips()
    {
        string text = _folder.Write("program.s", MipsSource), unlinked = _folder.File("program.o");
        Succeeds(Tools.Run("mips-linux-gnu-as", "-EB", "-mips32", text, "-o", unlinked));
        Succeeds(Tools.Run("mips-linux-gnu-ld", "-EB", "-e", "_start", "-Ttext=0x80100000", unlinked, "-o", Program));
        Unwinds(16, 32, "qemu-system-mips -M malta");
    }

    private static void Succeeds(ToolResult result) => Assert.True(result.ExitCode == 0, result.Errors);

    private void Compile(string compiler, string address, string start, params string[] options)
    {
        string assembly = _folder.Write("start.s", $".global _start\n_start: {start}\n");
        Succeeds(Tools.Run(
            compiler,
            [
                "-O1", "-ffreestanding", "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-fno-asynchronous-unwind-tables",
                "-fno-unwind-tables", "-fno-pie", "-no-pie", "-nostdlib", "-static", "-Wl,-e,_start", "-Wl,--build-id=none",
                $"-Wl,-Ttext={address}", .. options, assembly, _folder.Write("program.c", Source), "-o", Program,
            ]));
    }

    private void Unwinds(ulong prologue, ulong frame, string emulator)
    {
        // On MIPS nm extends the addresses by their sign.
        var notes = new SourceNotes();
        IReadOnlyList<CompanionSymbol> all = SymbolReader.Read(Tools.Run("nm", "-n", Program).Output, "nm", SymbolFormat.Auto, notes);
        CompanionSymbol[] symbols =
        [
            .. all.Where(s => Functions.Contains(s.Name))
                .Select(s => s with { Frame = s.Name == "leaf" ? CompanionFrame.Leaf : CompanionFrame.FramePointer }),
        ];
        Assert.Equal(Functions.Length, symbols.Length);
        foreach (int version in new[] { 4, 5 })
        {
            string companion = _folder.File($"companion{version}");
            using (ElfFile file = ElfFile.Open(Program))
            {
                CompanionExporter.Export(
                    symbols,
                    new CompanionOptions
                    {
                        Path = companion,
                        Target = CompanionTarget.Of(file.Header),
                        CoreRanges = CompanionRange.Of(file),
                        Dwarf = version,
                        PrologueSize = prologue,
                        FrameSize = frame,
                    },
                    notes);
            }

            IEnumerable<string> wipes = symbols.SelectMany(s => new[] { 0, 4, 8, 12 }.Select(
                at => string.Create(CultureInfo.InvariantCulture, $"set {{int}}((char *){s.Name} + {at}) = 0")));
            string[] commands =
            [
                "set pagination off", $"file {companion}",
                $"target remote | {emulator} -kernel {Program} -display none -serial none -monitor none -S -gdb stdio",
                "hbreak *leaf", "continue", .. wipes, "backtrace 4",
            ];
            ToolResult gdb = Tools.Run("timeout", ["60", "gdb-multiarch", "-nx", "-batch", .. commands.SelectMany(c => new[] { "-ex", c })]);
            string[] frames = [.. gdb.Output.Split('\n').Where(l => l.StartsWith('#')).Take(4)];
            Assert.True(
                frames.Length == 4 && frames.Zip(Functions).All(f => f.First.Contains($" in {f.Second} (", StringComparison.Ordinal)),
                gdb.Output + gdb.Errors);
        }
    }
}
