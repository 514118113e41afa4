using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Companions;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Tests.Export;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Companions;

/// <summary>What GDB makes of a core and its companion.</summary>
public sealed partial class CompanionDebuggerTests : IDisposable
{
    // The frames of the guests begin with these letters and the frame's own address, little-endian whatever the guest.
    private const ulong Stamp = 0x4547_4150_5359_4850;

    private const string UtsName = "struct new_utsname { char sysname[65]; char nodename[65]; char release[65]; char version[65]; };";

    private readonly TempFolder _folder = new();
    private readonly SourceNotes _notes = new();

    public static TheoryData<string, int> Guests
    {
        get
        {
            var data = new TheoryData<string, int>();
            string[] names = ["linux-x64-tiny", "linux-i386-tiny", "linux-arm-tiny", "linux-arm64-tiny-16k", "linux-riscv64-tiny-sv39"];
            foreach ((int i, string name) in names.Index())
            {
                data.Add(name, 4 + (i & 1));
            }

            return data;
        }
    }

    private string Companion => _folder.File("companion.sym");

    public void Dispose() => _folder.Dispose();

    [LinuxTheory("gdb")]
    [MemberData(nameof(Guests))]
    public void StructuresOfAKernelAreReadInItsMemory(string name, int version)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        string core = _folder.File("core");
        using (MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf")))
        {
            Cores.Export(dump, Described.Space(dump), core);
        }

        (ulong banner, string release) = Banner(core);
        ulong uts = Uts(core, release);
        Export(
            core,
            $"Name,Address,Type,TypeName\nlinux_banner,0x{banner:x},OBJECT,char[16]\ninit_uts_ns_name,0x{uts:x},OBJECT,struct new_utsname\n",
            version,
            UtsName);
        ToolResult gdb = Gdb(
            core,
            "printf \"banner=%.14s\\n\", linux_banner",
            "printf \"sysname=%s\\n\", init_uts_ns_name.sysname",
            "printf \"release=%s\\n\", init_uts_ns_name.release",
            "print sizeof(init_uts_ns_name)",
            $"info symbol 0x{uts + 3:x}",
            "info symbol &linux_banner");
        Assert.Contains("banner=Linux version \n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains("sysname=Linux\n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains($"release={release}\n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains(" = 260\n", gdb.Output, StringComparison.Ordinal);
        Assert.Matches(@"init_uts_ns_name \+ 3 in section \.\w+", gdb.Output);
        Assert.Matches(@"linux_banner in section \.\w+", gdb.Output);
        Assert.DoesNotContain("warning", gdb.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [ToolTheory("gdb")]
    [InlineData("bare-x64", 5)]
    [InlineData("bare-sv32", 4)]
    [InlineData("bare-a64-4k", 5)]
    [InlineData("bare-arm-short", 4)]
    [InlineData("bare-ppc32", 4)]
    [InlineData("bare-ppc32", 5)]
    public void NumbersHaveTheByteOrderOfTheCore(string name, int version)
    {
        string core = _folder.File("core");
        using (MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml")))
        {
            Cores.Export(dump, Described.Space(dump), core);
        }

        (ulong address, ulong physical) = Stamped(name, core);
        Export(
            core,
            $"Name,Address,DataType\nstamp,0x{address:x},struct stamp\nlast,0x{address:x},unsigned char [16]\n",
            version,
            "struct stamp { char magic[8]; unsigned long long frame; };");
        ToolResult gdb = Gdb(
            core, "printf \"magic=%.8s\\n\", stamp.magic", "printf \"frame=%llx\\n\", stamp.frame", "print last[1]", "ptype stamp", "print &stamp");
        using ElfFile file = ElfFile.Open(core);
        ulong expected = file.Header.Data == ElfData.BigEndian ? BinaryPrimitives.ReverseEndianness(physical) : physical;
        Assert.Contains("magic=PHYSPAGE\n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains($"frame={expected:x}\n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains(" = 72 'H'", gdb.Output, StringComparison.Ordinal);
        Assert.Contains("unsigned long long frame;", gdb.Output, StringComparison.Ordinal);
        Assert.Contains($"(struct stamp *) 0x{address:x}", gdb.Output, StringComparison.Ordinal);
    }

    [ToolTheory("gcc", "ptrace", "nm", "strip")]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void FramesAndLinesOfAProgramAreFound(int version, bool hasSection)
    {
        string source = _folder.Write("frame.c", """
            int depth;
            static __attribute__((noinline)) int leaf(int n) { depth = n; *(volatile int *)0 = 1; return n + 1; }
            static __attribute__((noinline)) int middle(int n) { return leaf(n * 2) + 1; }
            static __attribute__((noinline)) int outer(int n) { return middle(n + 3) + 1; }
            void _start(void) { outer(4); for (;;) { } }
            """);
        string program = _folder.File("frame"), core = _folder.File("core");
        Assert.Equal(0, Tools.Run(
            "gcc", "-O1", "-fno-omit-frame-pointer", "-momit-leaf-frame-pointer", "-fno-optimize-sibling-calls",
            "-fno-asynchronous-unwind-tables", "-fno-pie", "-no-pie", "-fcf-protection=none", "-nostdlib", "-static", "-o", program, source).ExitCode);
        string symbols = Tools.Run("nm", "-n", program).Output;
        Assert.Equal(0, Tools.Run("strip", program).ExitCode);
        Tools.Run(Tools.Gdb!, "-nx", "-batch", "-ex", "run", "-ex", $"generate-core-file {core}", program);

        // Lines as a disassembler would give them: all of a function is its one line, and a breakpoint comes behind the prologue.
        string[] functions = ["leaf", "middle", "outer", "_start"];
        IReadOnlyList<CompanionSymbol> all = SymbolReader.Read(symbols, "nm", SymbolFormat.Auto, new SourceNotes());
        Dictionary<string, ulong> addresses = all.Where(s => functions.Contains(s.Name)).ToDictionary(s => s.Name, s => s.Address);
        ulong depth = all.Single(s => s.Name == "depth").Address;
        CompanionLine[] lines = [.. functions.SelectMany((f, i) => new[]
        {
            new CompanionLine(addresses[f], "frame.c", (uint)i + 2), new CompanionLine(addresses[f] + 4, "frame.c", (uint)i + 2),
        })];
        string table = "Name,Address,Type,Frame\n" + string.Concat(
            addresses.Select(a => $"{a.Key},0x{a.Value:x},FUNC,{(a.Key == "leaf" ? "Leaf" : "")}\n")) + $"depth,0x{depth:x},OBJECT,\n";
        Export(core, table, version, "int middle(int n); extern int depth;", o => o with
        {
            // GDB leaves code out of cores, for the program has it.
            Sections = hasSection ? [CompanionRangeText.Parse(".text=0x401000-0x402000")] : [],
            Lines = lines,
            SourceFolder = _folder.Path,
            Frame = CompanionFrame.FramePointer,
            PrologueSize = 4,
        });
        ToolResult gdb = Gdb(
            core, "backtrace", "print depth", "break frame.c:4", "list middle", "info symbol 0x401002", "ptype middle", "up", "info source");
        Assert.Equal(
            ["#0 leaf 2", "#1 middle 3", "#2 outer 4", "#3 _start 5"],
            Frame().Matches(gdb.Output).Select(m => $"#{m.Groups[1].Value} {m.Groups[2].Value} {m.Groups[3].Value}").Take(4));
        Assert.Contains(" = 14\n", gdb.Output, StringComparison.Ordinal);
        Assert.Contains($"Breakpoint 1 at 0x{addresses["outer"] + 4:x}: file ", gdb.Output, StringComparison.Ordinal);
        Assert.Contains("return leaf(n * 2) + 1;", gdb.Output, StringComparison.Ordinal);
        Assert.Contains(hasSection ? "leaf + 2 in section .text" : "No symbol matches 0x401002", gdb.Output, StringComparison.Ordinal);
        Assert.Contains("type = int (int)", gdb.Output, StringComparison.Ordinal);
    }

    private static (ulong Address, string Release) Banner(string core)
    {
        byte[] bytes = File.ReadAllBytes(core);
        for (int at = 0; bytes.AsSpan(at).IndexOf("Linux version "u8) is >= 0 and int found; at += found + 1)
        {
            string text = Encoding.ASCII.GetString(bytes, at + found, 64);
            if (Release().Match(text) is { Success: true } match && AddressOf(core, (ulong)(at + found)) is { } address)
            {
                return (address, match.Groups[1].Value);
            }
        }

        throw new InvalidDataException("The core has no banner of Linux's.");
    }

    private static ulong Uts(string core, string release)
    {
        byte[] pattern = new byte[65];
        "Linux"u8.CopyTo(pattern);
        byte[] bytes = File.ReadAllBytes(core);
        byte[] name = Encoding.ASCII.GetBytes(release);
        for (int at = 0; bytes.AsSpan(at).IndexOf(pattern) is >= 0 and int found; at += found + 1)
        {
            int start = at + found;
            if (start + 260 < bytes.Length && bytes.AsSpan(start + 130).StartsWith(name) && AddressOf(core, (ulong)start) is { } address)
            {
                return address;
            }
        }

        throw new InvalidDataException("The core has no names of the system.");
    }

    /// <summary>The highest virtual address that a byte of the file has: the kernel's own rather than one of its map of all memory.</summary>
    private static ulong? AddressOf(string core, ulong offset)
    {
        ElfProgramHeader[] loads = [.. Cores.Loads(core).Where(l => offset >= l.Offset && offset - l.Offset < l.FileSize)];
        return loads.Length == 0 ? null : loads.Max(l => l.VirtualAddress + (offset - l.Offset));
    }

    private static (ulong Address, ulong Physical) Stamped(string name, string path)
    {
        using var core = new CoreImage(path);
        foreach (TruthLine line in TruthLine.Read(name).Where(l => l.Status == "ok"))
        {
            if (core.Read(line.Address, 16) is { } bytes && MemoryMarshal.Read<ulong>(bytes) == Stamp)
            {
                return (line.Address, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
            }
        }

        throw new InvalidDataException("No page has a stamp.");
    }

    private void Export(string core, string symbols, int version, string types, Func<CompanionOptions, CompanionOptions>? change = null)
    {
        using ElfFile file = ElfFile.Open(core);
        var options = new CompanionOptions
        {
            Path = Companion,
            Target = CompanionTarget.Of(file.Header),
            CoreRanges = CompanionRange.Of(file),
            Dwarf = version,
            Types = [new CompanionTypes("text", types)],
        };
        CompanionExporter.Export(
            SymbolReader.Read(symbols, "text", SymbolFormat.Auto, _notes), change?.Invoke(options) ?? options, _notes);
    }

    private ToolResult Gdb(string core, params string[] commands) => Tools.RunGdb(core, commands.Prepend($"symbol-file {Companion}"));

    [GeneratedRegex(@"^Linux version (\d[\w.+-]*)")]
    private static partial Regex Release();

    [GeneratedRegex(@"^#(\d)\s+(?:0x\w+ in )?(\w+) \(.*?\) at \S*frame\.c:(\d+)", RegexOptions.Multiline)]
    private static partial Regex Frame();
}
