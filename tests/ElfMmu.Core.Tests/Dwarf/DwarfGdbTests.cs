using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>What GDB makes of the debug information: types, addresses, lines, and the frames of a program that runs.</summary>
public sealed class DwarfGdbTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory("gdb-multiarch")]
    [ClassData(typeof(DwarfTargets))]
    public void Types_variables_and_lines_are_there(string name)
    {
        DwarfTarget target = DwarfTargets.Of(name);
        string path = _folder.Write("a.elf", DwarfElf.Of(DwarfSample.Of(target), target));
        string output = Gdb(
            path,
            "ptype struct node", "print sizeof(struct node)", "print &head", "whatis names", "print PAGE_SIZE", "print ERROR",
            "print (enum color)1", "print (enum sign)-1", "whatis main", "whatis printk", "info line main",
            "print &((struct node *)0)->tail", "print (int)&((struct node *)0)->bytes", "whatis ticks", "info line *0x10204");
        int word = target.AddressSize;
        foreach (string expected in new[]
        {
            "struct node *next;", "struct hidden *hidden;", "unsigned int low : 3;", "unsigned int high : 5;", "enum color color;",
            "int matrix[2][3];", "int (*call)(struct node *, u32, ...);", "char tail[];", "u32 word;", "char bytes[4];",
            $"= {(3 * word) + 40}\n", "(struct node *) 0x20000", "type = const char *[4]", "= 4096\n", "= -22\n", "= GREEN\n", "= MINUS\n",
            "type = int (int, const char **)", "type = int (const char *, ...)", "Line 10 of \"src/main.c\" starts at address 0x10000",
            $"= {2 * word}\n", "type = const volatile u32", "Line 2 of \"/abs/printk.c\"",
        })
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [ToolFact("gdb-multiarch", "ptrace", "x86_64-linux-gnu-gcc", "nm", "objcopy")]
    public void A_running_program_unwinds_and_shows_its_variables()
    {
        foreach (int version in new[] { 4, 5 })
        {
            string source = _folder.Write("run.c", """
                struct pair { int first; unsigned low : 4, high : 4; struct pair *next; };
                struct pair top = { 7, 3, 9, &top };
                __attribute__((noinline)) long leaf(long n) { __asm__ volatile("nop"); return n + top.first; }
                __attribute__((noinline)) long middle(long n) { volatile long local = n * 2; return leaf(local) + local; }
                int main(void) { return (int)middle(21) & 1; }
                """);
            string program = _folder.File("run");
            ToolResult compiled = Tools.Run(
                "x86_64-linux-gnu-gcc", "-O0", "-fno-asynchronous-unwind-tables", "-fno-pie", "-no-pie", "-fcf-protection=none",
                source, "-o", program);
            Assert.True(compiled.ExitCode == 0, compiled.Errors);
            Dictionary<string, (ulong Address, ulong Size)> symbols = Tools.Run("nm", "-S", program).Output.Split('\n')
                .Select(l => l.Split(' ')).Where(w => w.Length == 4)
                .ToDictionary(w => w[3], w => (Convert.ToUInt64(w[0], 16), Convert.ToUInt64(w[1], 16)));
            DwarfTarget target = DwarfTargets.Of("x86-64 " + version);
            DwarfTypeLibrary types = DwarfTypes.ParseC("struct pair { int first; unsigned low : 4, high : 4; struct pair *next; };", target);
            var unit = new DwarfUnit { Name = "run.c", Directory = _folder.Path };
            unit.Variables.Add(new DwarfVariable("top", symbols["top"].Address, types.Find("struct pair")));
            DwarfType number = types.Resolve("long")!;
            uint line = 3;
            foreach (string function in new[] { "leaf", "middle", "main" })
            {
                (ulong address, ulong size) = symbols[function];
                DwarfParameter[] parameters = function == "main" ? []
                    : [new("n", number) { Location = DwarfLocation.FrameOffset(function == "leaf" ? -24 : -40) }];
                unit.Functions.Add(new DwarfFunction(function, address, size, new DwarfFunctionType(number, parameters))
                {
                    File = "run.c",
                    Line = line,
                    Locals = function == "middle" ? [new("local", number, DwarfLocation.FrameOffset(-24))] : [],
                    Frame = DwarfFrame.Rows(
                        new DwarfFrameRow(0, 7, 8, new DwarfSavedRegister(16, -8)),
                        new DwarfFrameRow(1, 7, 16, new DwarfSavedRegister(16, -8), new DwarfSavedRegister(6, -16)),
                        new DwarfFrameRow(4, 6, 16, new DwarfSavedRegister(16, -8), new DwarfSavedRegister(6, -16))),
                });
                unit.Lines.AddRange([new(address, "run.c", line), new(address + 8, "run.c", line), DwarfLine.End(address + size)]);
                line++;
            }

            List<string> arguments = [];
            foreach (DwarfSection section in DwarfWriter.Write(unit, target))
            {
                arguments.Add("--add-section");
                arguments.Add(section.Name + "=" + _folder.Write(section.Name[1..], section.Content.Span));
            }

            string described = _folder.File("described");
            ToolResult copied = Tools.Run("objcopy", [.. arguments, program, described]);
            Assert.True(copied.ExitCode == 0, copied.Errors);
            string output = Gdb(described, "break leaf", "run", "bt", "finish", "info locals", "info args", "print top", "print *top.next");
            Assert.Matches(@"#0  leaf \(n=42\) at run.c:3\n", output);
            Assert.Matches(@"#1  .* in middle \(n=21\) at run.c:4\n", output);
            Assert.Matches(@"#2  .* in main \(\) at run.c:5\n", output);
            Assert.Contains("local = 42", output, StringComparison.Ordinal);
            Assert.Contains("{first = 7, low = 3, high = 9, next = 0x", output, StringComparison.Ordinal);
            Assert.Contains("Value returned is $1 = 49", output, StringComparison.Ordinal);
        }
    }

    private static string Gdb(string path, params IEnumerable<string> commands)
    {
        ToolResult result = Tools.Run(
            "gdb-multiarch", ["-nx", "-batch", "-ex", "set pagination off", "-ex", "set debuginfod enabled off",
                .. commands.SelectMany(c => new[] { "-ex", c }), path]);
        Assert.DoesNotContain("DW_", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Dwarf Error", result.Errors, StringComparison.OrdinalIgnoreCase);
        return result.Output + result.Errors;
    }
}
