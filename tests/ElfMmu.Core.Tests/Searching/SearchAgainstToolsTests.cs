using System.Globalization;
using ElfMmu.Dumps;
using ElfMmu.Searching;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Searching;

/// <summary>Every hit in every dump, against grep in the dump's file and against a reader of the exported core.</summary>
public sealed class SearchAgainstToolsTests(ITestOutputHelper output)
{
    /// <summary>What can't overlap itself: the stamp of a bare guest's frame, words of Linux, an ELF header.</summary>
    private static readonly byte[][] Needles =
        [[.. "PHYSPAGE"u8], [.. "Linux"u8], [.. "the "u8], [.. "GCC: ("u8], [0x7f, .. "ELF"u8]];

    /// <summary>The dumps that hold any of it.</summary>
    public static TheoryData<string> Dumps =>
        [.. AllDumpData.Names.Where(n => n != "linux-la57-tables" && !BareDumpData.Probed.Contains(n))];

    [ToolTheory("grep")]
    [MemberData(nameof(Dumps))]
    public void PhysicalMemoryAgainstGrep(string name)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("machine.yaml"));
        ulong start = Assert.Single(dump.Memory.Runs.ToArray()).Start;
        int all = 0;
        foreach (byte[] needle in Needles)
        {
            string pattern = string.Concat(needle.Select(b => $"\\x{b:x2}"));
            ToolResult result = Tools.Run("grep", "-obUaP", "--", pattern, folder.File("raw.bin"));
            Assert.Equal("", result.Errors);

            ulong[] expected =
            [
                .. result.Output.Split('\n').Where(l => l.Length > 0).Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)])
                    .Select(offset => start + ulong.Parse(offset, CultureInfo.InvariantCulture)),
            ];
            var request = new SearchRequest { Patterns = [SearchPattern.Bytes(needle)] };
            Assert.Equal(expected, MemorySearch.FindPhysical(dump, request).Select(h => h.PhysicalAddress));
            all += expected.Length;
        }

        output.WriteLine($"{name}: {all} hits.");
        Assert.True(all >= 20, $"{all} hits are too few.");
    }

    [ToolTheory("pyelftools")]
    [MemberData(nameof(Dumps))]
    public void SpacesAgainstTheirCores(string name)
    {
        using var folder = new DumpFolder(name);
        using var temporary = new TempFolder();
        using MemoryDump dump = MemoryDump.Open(folder.File("machine.yaml"));
        AddressSpace space = Described.Space(dump);
        string core = temporary.File("core");
        Cores.Export(dump, space, core);
        string script = Path.Combine(TestData.Folder, "..", "ElfMmu.Core.Tests", "Searching", "search_segments.py");
        ToolResult result = Tools.Run(Tools.Python!, [script, core, .. Needles.Select(Convert.ToHexString)]);
        Assert.Equal("", result.Errors);
        string[] lines = result.Output.Split('\n');
        int all = 0;
        foreach ((byte[] needle, string line) in Needles.Zip(lines))
        {
            var request = new SearchRequest { Patterns = [SearchPattern.Bytes(needle)] };
            ulong[] found = [.. MemorySearch.Find(space, request).Select(h => h.VirtualAddress!.Value).Order()];
            Assert.Equal(line, string.Join(' ', found.Select(a => $"{a:x}")));
            all += found.Length;
        }

        output.WriteLine($"{name}: {all} hits.");

        // Behind page-table isolation user mode sees little of the kernel, and little of what is looked for.
        Assert.True(all >= 4, $"{all} hits are too few.");
    }
}
