using System.Globalization;
using System.IO.Compression;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Notes;

/// <summary>Cores of processes that Linux wrote, against what <c>eu-readelf -n</c> says of them.</summary>
public sealed class ProcessCoreTests
{
    [Fact]
    public void Core_of_x86_64()
    {
        ElfNoteItem[] notes = Read("crash64.core.gz");
        Assert.Equal(
            [
                "NT_PRSTATUS", "NT_PRPSINFO", "NT_SIGINFO", "NT_AUXV", "NT_FILE", "NT_FPREGSET", "NT_X86_XSTATE", "NT_PRSTATUS", "NT_FPREGSET",
                "NT_X86_XSTATE", "NT_X86_XSAVE_LAYOUT",
            ],
            notes.Select(n => n.TypeName));
        var thread = (CoreThreadStatus)notes[0].Value!;
        Assert.Equal((11, "SIGSEGV", 0, 0, 11), (thread.Signal, thread.SignalName, thread.Code, thread.Error, thread.CurrentSignal));
        Assert.Equal((22451, 22445, 22445, 1787), (thread.ProcessId, thread.ParentProcessId, thread.ProcessGroupId, thread.SessionId));
        Assert.Equal((0ul, 0ul, TimeSpan.Zero, TimeSpan.Zero), (thread.PendingSignals, thread.HeldSignals, thread.UserTime, thread.SystemTime));
        Assert.True(thread.HasFloatingPoint);
        Assert.Equal(27, thread.Registers.Count);
        Assert.Equal("r15", thread.Registers.Keys.First());
        (string Name, ulong Value)[] expected =
        [
            ("r15", 2), ("r14", 1), ("rbp", 0x7fff85e62e08), ("rax", 3), ("rip", 0x4016e2), ("eflags", 0x10206), ("rsp", 0x7fff85e62c20),
            ("fs_base", 0x19e413c0), ("cs", 0x33), ("ss", 0x2b), ("orig_rax", ulong.MaxValue),
        ];
        Assert.Equal(expected, expected.Select(e => (e.Name, thread.Registers[e.Name])));
        Assert.Equal("Thread 22451, SIGSEGV, rip 0x4016e2", notes[0].Text);

        var process = (CoreProcessInfo)notes[1].Value!;
        Assert.Equal((0, 'R', false, 0, 0x400600ul), (process.State, process.StateName, process.IsZombie, process.Nice, process.Flags));
        Assert.Equal((0u, 0u, 22451, 22445, 22445, 1787), (process.UserId, process.GroupId, process.ProcessId, process.ParentProcessId, process.ProcessGroupId, process.SessionId));
        Assert.Equal(("crash64", "/crash64 segv "), (process.FileName, process.Arguments));

        var signal = (CoreSignal)notes[2].Value!;
        Assert.Equal(("SIGSEGV", "SEGV_MAPERR", 0x1234ul), (signal.SignalName, signal.CodeName, signal.Address));
        Assert.Null(signal.ProcessId);

        var vector = (CoreAuxiliaryVector)notes[3].Value!;
        Assert.Equal(22, vector.Entries.Count);
        Assert.Equal(0x401540ul, vector.Entries.Single(e => e.TypeName == "AT_ENTRY").Value);
        Assert.Equal(0xd30ul, vector.Entries.Single(e => e.TypeName == "AT_MINSIGSTKSZ").Value);
        Assert.Equal(100ul, vector.Entries.Single(e => e.TypeName == "AT_CLKTCK").Value);

        var files = (CoreMappedFiles)notes[4].Value!;
        Assert.Equal(4096ul, files.PageSize);
        Assert.Equal(
            [
                (0x400000ul, 0x401000ul, 0ul, "/crash64"), (0x401000, 0x48b000, 0x1000, "/crash64"), (0x48b000, 0x4b5000, 0x8b000, "/crash64"),
                (0x4b5000, 0x4b9000, 0xb5000, "/crash64"), (0x4b9000, 0x4bc000, 0xb9000, "/crash64"),
            ],
            files.Files.Select(f => (f.Start, f.End, f.FileOffset, f.Path)));
        Assert.Equal(565248ul, files.Files[1].Size);
        Assert.Equal(22452, ((CoreThreadStatus)notes[7].Value!).ProcessId);
        Assert.Equal(34ul, ((CoreThreadStatus)notes[7].Value!).Registers["orig_rax"]);
        Assert.All(notes, n => Assert.Equal(0, n.SegmentIndex));
    }

    [Fact]
    public void Core_of_i386()
    {
        ElfNoteItem[] notes = Read("crash32.core.gz");
        var thread = (CoreThreadStatus)notes[0].Value!;
        Assert.Equal((11, 22456, 22445, 22445, 1787), (thread.Signal, thread.ProcessId, thread.ParentProcessId, thread.ProcessGroupId, thread.SessionId));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMilliseconds(4)), (thread.UserTime, thread.SystemTime));
        Assert.True(thread.HasFloatingPoint);
        (string Name, ulong Value)[] expected =
        [
            ("ebx", 135274484), ("ecx", 112), ("eax", 4660), ("eip", 0x8049831), ("eflags", 0x10202), ("esp", 0xff8a1900), ("gs", 0x63), ("cs", 0x23),
        ];
        Assert.Equal(expected, expected.Select(e => (e.Name, thread.Registers[e.Name])));
        var process = (CoreProcessInfo)notes[1].Value!;
        Assert.Equal((0u, 0u, 22456, 22445), (process.UserId, process.GroupId, process.ProcessId, process.ParentProcessId));
        Assert.Equal(("crash32", "/crash32 segv ", 0x400600ul), (process.FileName, process.Arguments, process.Flags));
        Assert.Equal(0x1234ul, ((CoreSignal)notes[2].Value!).Address);
        var files = (CoreMappedFiles)notes[4].Value!;
        Assert.Equal((0x8048000ul, 0x8049000ul, 0ul, "/crash32"), (files.Files[0].Start, files.Files[0].End, files.Files[0].FileOffset, files.Files[0].Path));
        Assert.Equal(0x80000ul, files.Files[2].FileOffset);
        Assert.Contains(notes, n => n is { Owner: "LINUX", TypeName: "NT_386_TLS", Value: null });
    }

    [ToolFact("gcore", "sleep")]
    public void Core_of_gdb_says_what_proc_says()
    {
        using var folder = new TempFolder();
        using var process = System.Diagnostics.Process.Start("sleep", "60");
        try
        {
            string path = Path.Combine(folder.Path, "core");
            string proc = "/proc/" + process.Id.ToString(CultureInfo.InvariantCulture);
            (string output, _) = Tool.Run("gcore", "-o", path, process.Id.ToString(CultureInfo.InvariantCulture));
            path += "." + process.Id.ToString(CultureInfo.InvariantCulture);
            if (!File.Exists(path))
            {
                // A container may forbid looking into other processes.
                Assert.Contains("not permitted", output, StringComparison.Ordinal);
                return;
            }

            using ElfFile file = ElfFile.Open(path);
            ElfNoteItem[] notes = [.. ElfNoteItems.Read(file)];
            Assert.Empty(file.Diagnostics);
            Assert.Equal(process.Id, notes.Select(n => n.Value).OfType<CoreThreadStatus>().Single().ProcessId);
            CoreProcessInfo info = notes.Select(n => n.Value).OfType<CoreProcessInfo>().Single();
            Assert.Equal((process.Id, "sleep"), (info.ProcessId, info.FileName));
            Assert.StartsWith("sleep", info.Arguments, StringComparison.Ordinal);
            byte[] vector = File.ReadAllBytes(proc + "/auxv");
            Assert.Equal(
                Enumerable.Range(0, vector.Length / 16).Select(i => (BitConverter.ToUInt64(vector, i * 16), BitConverter.ToUInt64(vector, (i * 16) + 8))).TakeWhile(e => e.Item1 != 0),
                notes.Select(n => n.Value).OfType<CoreAuxiliaryVector>().Single().Entries.Select(e => (e.Type, e.Value)));
            string[][] maps = [.. File.ReadAllLines(proc + "/maps").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
            ulong Number(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var mapped = maps.Where(m => m.Length > 5 && m[5][0] == '/').Select(m => (Number(m[0].Split('-')[0]), m[5])).ToHashSet();
            CoreMappedFiles files = notes.Select(n => n.Value).OfType<CoreMappedFiles>().Single();
            Assert.NotEmpty(files.Files);
            Assert.All(files.Files, f => Assert.Contains((f.Start, f.Path), mapped));
        }
        finally
        {
            process.Kill();
        }
    }

    private static ElfNoteItem[] Read(string name)
    {
        using var unpacked = new MemoryStream();
        string path = TestData.Path("process-cores", name);
        using (var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        ElfFile file = ElfFile.Open(new ElfMemoryInput(unpacked.ToArray()), new ElfFileSource(path));
        ElfNoteItem[] notes = [.. ElfNoteItems.Read(file)];
        Assert.Empty(file.Diagnostics);
        return notes;
    }
}
