using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Notes;

/// <summary>Cores of other machines' processes, whose program put 0x100 + N into register N, against what it did and what other tools say of them.</summary>
public sealed partial class ForeignCoreTests
{
    /// <summary>The cores, and what of them is the program's own.</summary>
    public static TheoryData<string, string> Cores { get; } = new()
    {
        { "aarch64", "x1=101 x18=112 x30=11e pc=1000017c" },
        { "arm", "r1=101 r12=10c lr=10e pc=10000138" },
        { "i386", "eax=101 ebx=102 ecx=103 edx=104 esi=105 edi=106 ebp=107 eip=10000123" },
        { "ppc", "r0=0 r2=102 r31=11f ctr=11e link=11f nip=10000184" },
        { "ppc64", "r0=0 r2=102 r31=11f ctr=11e link=11f nip=10000184" },
        { "ppc64le", "r0=0 r2=102 r31=11f ctr=11e link=11f nip=10000184" },
        { "s390x", "r0=100 r2=102 r14=10e acr1=0 acr2=105 acr3=0 acr15=106 pswa=1000014a" },
        { "mips", "r0=0 r1=101 r25=119 r31=11f lo=102 hi=103 epc=10000180" },
        { "mips64", "r0=0 r1=101 r25=119 r31=11f lo=102 hi=103 epc=10000180" },
        { "mips64el", "r0=0 r1=101 r25=119 r31=11f lo=102 hi=103 epc=10000180" },
        { "mipsn32", "r0=0 r1=101 r25=119 r31=11f lo=102 hi=103 epc=10000180" },
    };

    [Theory]
    [MemberData(nameof(Cores))]
    public void Registers_are_what_the_program_made_them(string name, string registers)
    {
        using var core = new Core(name);
        Assert.Equal(["NT_PRSTATUS", "NT_PRPSINFO", "NT_AUXV"], core.Notes.Select(n => n.TypeName));
        foreach (string register in registers.Split(' '))
        {
            string[] parts = register.Split('=');
            Assert.Equal((parts[0], parts[1]), (parts[0], core.Thread.Registers[parts[0]].ToString("x", CultureInfo.InvariantCulture)));
        }

        Assert.Equal(name == "s390x" ? "SIGILL" : "SIGSEGV", core.Thread.SignalName);
        Assert.False(core.Thread.HasFloatingPoint);
        Assert.Contains(" 0x10000", core.Notes[0].Text, StringComparison.Ordinal);
        Assert.Equal((core.Thread.ProcessId, name, $"./{name} segv two"), (core.Process.ProcessId, core.Process.FileName, core.Process.Arguments.TrimEnd()));
        Assert.Equal(0x10000100ul, core.Vector.Entries.Single(e => e.TypeName == "AT_ENTRY").Value);
    }

    [ToolTheory("eu-readelf")]
    [MemberData(nameof(Cores))]
    public void Numbers_are_those_of_eu_readelf(string name, string registers)
    {
        Assert.NotEmpty(registers);
        using var core = new Core(name);
        string text = Tool.Run("eu-readelf", "-n", core.Path).Output;

        // It knows what MIPS' auxiliary vector is, and not its other notes.
        if (!name.StartsWith("mips", StringComparison.Ordinal))
        {
            CoreThreadStatus thread = core.Thread;
            Assert.Contains($"info.si_signo: {thread.Signal}, info.si_code: {thread.Code}, info.si_errno: {thread.Error}, cursig: {thread.CurrentSignal}", text, StringComparison.Ordinal);
            Assert.Contains($"pid: {thread.ProcessId}, ppid: {thread.ParentProcessId}, pgrp: {thread.ProcessGroupId}, sid: {thread.SessionId}\n    utime", text, StringComparison.Ordinal);
            CoreProcessInfo process = core.Process;
            Assert.Contains(
                $"uid: {process.UserId}, gid: {process.GroupId}, pid: {process.ProcessId}, ppid: {process.ParentProcessId}, pgrp: {process.ProcessGroupId}, " +
                $"sid: {process.SessionId}\n    fname: {process.FileName}, psargs: {process.Arguments}\n",
                text, StringComparison.Ordinal);
        }

        MatchCollection entries = Entry().Matches(text[text.IndexOf("AUXV", StringComparison.Ordinal)..]);
        Assert.Equal(entries.Count, core.Vector.Entries.Count);
        Assert.All(core.Vector.Entries.Zip(entries), pair =>
        {
            (CoreAuxiliaryEntry ours, Match theirs) = pair;
            string type = theirs.Groups[1].Value;
            Assert.Equal(char.IsDigit(type[0]) ? ours.Type.ToString(CultureInfo.InvariantCulture) : ours.TypeName, char.IsDigit(type[0]) ? type : "AT_" + type);

            // It leaves out a zero of a type it doesn't know.
            Assert.Equal(theirs.Groups[2].Success ? Number(theirs.Groups[2].Value) : 0, ours.Value);
        });
    }

    [ToolTheory("gdb-multiarch")]
    [MemberData(nameof(Cores))]
    public void Registers_are_those_of_gdb(string name, string registers)
    {
        Assert.NotEmpty(registers);

        // The gdb of 2023 falls over N32 without a program.
        if (name == "mipsn32")
        {
            return;
        }

        using var core = new Core(name);
        CompareWithGdb(core.Path, core.Thread);
    }

    /// <summary>Machines that qemu-user writes no cores of; gdb knows two of them.</summary>
    [Theory]
    [InlineData(ElfMachine.X86_64, ElfClass.Elf32, 296, "r15=101 rax=10b rip=111 rsp=114 gs=11b")]
    [InlineData(ElfMachine.RiscV, ElfClass.Elf64, 376, "pc=101 ra=102 sp=103 s0=109 t6=120")]
    [InlineData(ElfMachine.LoongArch, ElfClass.Elf64, 480, "r0=101 r31=120 orig_a0=121 era=122 badv=123 estat=128")]
    public void Registers_stand_one_behind_the_other(ElfMachine machine, ElfClass elfClass, int size, string registers)
    {
        int head = elfClass == ElfClass.Elf64 ? 112 : 72;
        byte[] description = new byte[size];
        for (int at = head; at + 8 <= size; at += 8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(description.AsSpan(at), 0x101 + ((at - head) / 8));
        }

        BinaryPrimitives.WriteInt32LittleEndian(description.AsSpan(elfClass == ElfClass.Elf64 ? 32 : 24), 1234);
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "core");
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("CORE", 1, description).ToArray();
        File.WriteAllBytes(path, new ElfBuilder(elfClass, ElfData.LittleEndian, machine).Notes(notes).Build());
        using ElfFile file = ElfFile.Open(path);
        var thread = (CoreThreadStatus)ElfNoteItems.Read(file).Single().Value!;
        Assert.Equal(1234, thread.ProcessId);
        foreach (string[] parts in registers.Split(' ').Select(r => r.Split('=')))
        {
            Assert.Equal((parts[0], parts[1]), (parts[0], thread.Registers[parts[0]].ToString("x", CultureInfo.InvariantCulture)));
        }

        if (Tools.Gdb == "gdb-multiarch" && machine != ElfMachine.LoongArch)
        {
            CompareWithGdb(path, thread);
        }
    }

    /// <summary>Compares registers with those gdb finds in a core.</summary>
    private static void CompareWithGdb(string path, CoreThreadStatus thread)
    {
        string[] names = [.. thread.Registers.Keys.Where(r => !r.StartsWith("orig_", StringComparison.Ordinal) && r is not ("mq" or "softe" or "trap" or "dar" or "dsisr" or "result"))];
        string output = Tools.RunGdb(path, names.Select(r => $"""printf "{r} = 0x%llx\n", (unsigned long long) ${Theirs(r)}""")).Output;
        int compared = 0;
        foreach (Match match in Printed().Matches(output))
        {
            string register = match.Groups[1].Value;
            Assert.Equal((register, Number(match.Groups[2].Value)), (register, thread.Registers[register]));
            compared++;
        }

        Assert.True(compared >= names.Length - 8 && compared >= 15, $"{compared} of {names.Length} registers: {output}");
    }

    // What gdb calls a register, where it isn't what we do.
    private static string Theirs(string register) => register switch
    {
        "nip" or "epc" or "era" => "pc",
        "ccr" => "cr",
        "link" => "lr",
        "pstate" => "cpsr",
        "badvaddr" => "bad",
        "status" => "sr",
        _ => register,
    };

    private static ulong Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : ulong.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^    (?!NULL)(\w+)(?:: (0x[0-9a-f]+|\d+))?", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^(\w+) = (0x[0-9a-f]+)$", RegexOptions.Multiline)]
    private static partial Regex Printed();

    private sealed class Core : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly ElfFile _file;

        public Core(string name)
        {
            Path = System.IO.Path.Combine(_folder.Path, name + ".core");
            using (var gzip = new GZipStream(File.OpenRead(TestData.Path("process-cores", $"qemu-{name}.core.gz")), CompressionMode.Decompress))
            using (FileStream unpacked = File.Create(Path))
            {
                gzip.CopyTo(unpacked);
            }

            _file = ElfFile.Open(Path);
            Notes = [.. ElfNoteItems.Read(_file)];
            Assert.Empty(_file.Diagnostics);
        }

        public string Path { get; }

        public ElfNoteItem[] Notes { get; }

        public CoreThreadStatus Thread => (CoreThreadStatus)Notes[0].Value!;

        public CoreProcessInfo Process => (CoreProcessInfo)Notes[1].Value!;

        public CoreAuxiliaryVector Vector => (CoreAuxiliaryVector)Notes[2].Value!;

        public void Dispose()
        {
            _file.Dispose();
            _folder.Dispose();
        }
    }
}
