using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>The core of a process that filled its memory with a pattern, through the eyes of several readers.</summary>
public sealed partial class LinuxCoreTests(LinuxCores cores) : IClassFixture<LinuxCores>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void EveryPatternedWordReadsBack(string name)
    {
        (LinuxGuest guest, string path) = cores.Of(name);
        using var core = new CoreImage(path);
        int words = 0;
        foreach ((GuestRegion region, ulong page, bool present) in Pages(guest))
        {
            byte[]? bytes = core.Read(page, (int)region.PageSize);
            Assert.Equal(present, bytes != null);
            for (int at = 0; at < bytes?.Length; at += 8, words++)
            {
                Assert.Equal(region.Word(page + (ulong)at), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            }
        }

        Assert.True(words > 500_000, $"Only {words} words were compared.");
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void ClassAndMachineAreTheProcesss(string name)
    {
        (_, string path) = cores.Of(name);
        using var core = new CoreImage(path);
        var program = LinuxProgram.Of(name);
        Assert.Equal(program.Class, core.Reader.Header.Class);
        Assert.Equal(program.Machine, core.Reader.Header.Machine);
        Assert.Equal(program.Flags, core.Reader.Header.Flags);
        Assert.Empty(core.Reader.Header.Warnings);
        Assert.All(core.Loads, l => Assert.Equal(l.FileSize, l.MemorySize));
    }

    [LinuxTheory("pyelftools")]
    [ClassData(typeof(LinuxDumpData))]
    public void PyElfToolsReadsEveryWord(string name)
    {
        (LinuxGuest guest, string path) = cores.Of(name);
        var expected = new StringBuilder();
        foreach ((GuestRegion region, ulong page, bool present) in Pages(guest))
        {
            string content = present ? $"{region.Tag:x} {region.TagAddress + (page - region.Address):x}" : "absent";
            expected.Append(CultureInfo.InvariantCulture, $"{page:x} {content}\n");
        }

        string script = Path.Combine(TestData.Folder, "..", "ElfMmu.Core.Tests", "Export", "check_core.py");
        ToolResult result = Tools.Run(
            Tools.Python!, script, path, _folder.Write("expected", expected.ToString()), guest.PageSize.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("", result.Errors);
        Assert.Equal(Pages(guest).Count(p => p.Present) * (int)(guest.PageSize / 8), int.Parse(result.Output, CultureInfo.InvariantCulture));
    }

    [LinuxTheory("gdb")]
    [ClassData(typeof(LinuxDumpData))]
    public void GdbReadsAWordOfEveryRegion(string name)
    {
        (LinuxGuest guest, string path) = cores.Of(name);
        (ulong Address, ulong Word)[] samples = [.. Pages(guest).Where(p => p.Present).GroupBy(p => p.Region)
            .SelectMany(g => new[] { g.First(), g.Last(), g.ElementAt(g.Count() / 2) }
                .Select((p, i) => p.Page + (ulong)(i * 1360)).Distinct().Select(a => (a, g.Key.Word(a))))];
        Assert.True(samples.Length > 30);
        ToolResult result = Tools.RunGdb(path, samples.Select(s => $"x/gx 0x{s.Address:x}"));
        Assert.Equal(
            samples.Select(s => (s.Address, s.Word)),
            GdbWord().Matches(result.Output).Select(m => (QemuWalk.Hex(m.Groups[1].Value), QemuWalk.Hex(m.Groups[2].Value))));
        Assert.Empty(result.Complaints);
    }

    [LinuxTheory("gdb")]
    [ClassData(typeof(LinuxDumpData))]
    public void GdbKnowsTheRegisters(string name)
    {
        (LinuxGuest guest, string path) = cores.Of(name);

        var program = LinuxProgram.Of(name);
        ToolResult result = Tools.RunGdb(
            path, program.Registers.Select(r => $"printf \"{r.Gdb}=%llx\\n\", (unsigned long long)${r.Gdb}").Prepend("show architecture"));
        Assert.Contains($"\"{program.GdbName}\"", result.Output, StringComparison.Ordinal);
        ulong mask = program.Class == ElfClass.Elf32 ? uint.MaxValue : ulong.MaxValue;
        Assert.Equal(
            program.Registers.Select(r => (r.Gdb, guest.Registers[r.Guest]!.Value)),
            GdbRegister().Matches(result.Output).Select(m => (m.Groups[1].Value, QemuWalk.Hex(m.Groups[2].Value) & mask)));
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void AProcessThatDoesntRunHasNoRegisters(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        foreach ((int id, RegisterSet root) in guest.Roots.Where(r => r.Key != 1))
        {
            string path = _folder.File("core");
            ExportSummary summary = Cores.Export(dump, Described.Space(dump, root), path, Privilege.User);

            // Only dumps of x86 hold the root that belongs to the registers. Of others it can't be known, and that is said.
            Assert.Equal(dump.Machine.Architecture == Architecture.X86 ? [] : [0], summary.Cpus);
            Assert.Equal(summary.Cpus.Count, summary.Warnings.Count(w => w.Contains("registers", StringComparison.Ordinal)));
            using var core = new CoreImage(path);
            foreach (GuestRegion region in guest.Regions.Where(r => r.Id == id))
            {
                foreach (ulong page in region.Pages)
                {
                    Assert.Equal(region.Word(page + 8), BinaryPrimitives.ReadUInt64LittleEndian(core.Read(page + 8, 8)));
                }
            }
        }
    }

    [LinuxTheory("readelf")]
    [ClassData(typeof(LinuxDumpData))]
    public void ReadElfHasNothingToSay(string name) => Quiet("readelf", "-lW", cores.Of(name).Path);

    [LinuxTheory("eu-readelf")]
    [ClassData(typeof(LinuxDumpData))]
    public void ElfUtilsHaveNothingToSay(string name) => Quiet("eu-readelf", "-l", cores.Of(name).Path);

    private static void Quiet(string tool, string option, string core)
    {
        ToolResult result = Tools.Run(tool, option, core);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Errors);
        Assert.Empty(result.Complaints);
        Assert.Equal(Cores.Loads(core).Length, Regex.Count(result.Output, @"^\s+LOAD\s", RegexOptions.Multiline));
    }

    private static IEnumerable<(GuestRegion Region, ulong Page, bool Present)> Pages(LinuxGuest guest) =>
        guest.Regions.Where(r => r.Id == 1).SelectMany(r =>
            r.Pages.Select(p => (r, p, guest.RightsOf(r, p) != null)));

    [GeneratedRegex(@"^0x(\w+):\s+0x(\w+)", RegexOptions.Multiline)]
    private static partial Regex GdbWord();

    [GeneratedRegex(@"^(\w+)=(\w+)$", RegexOptions.Multiline)]
    private static partial Regex GdbRegister();
}
