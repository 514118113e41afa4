using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Spaces;

/// <summary>
/// What leads to physical addresses, against the exported core: every segment that holds the physical address says a virtual one.
/// </summary>
public sealed class ReverseAgainstCoreTests(ITestOutputHelper output)
{
    private const int Count = 10_000;

    [ToolTheory("pyelftools")]
    [ClassData(typeof(AllDumpData))]
    public void EverySegmentThatHoldsIt(string name)
    {
        using var folder = new DumpFolder(name);
        using var temporary = new TempFolder();
        using MemoryDump dump = MemoryDump.Open(folder.File("machine.yaml"));
        AddressSpace space = Described.Space(dump);
        string core = temporary.File("core");
        Cores.Export(dump, space, core);
        SpaceMap map = SpaceMap.Walk(space);
        ulong[] addresses = Sample(dump, map, new Random(AddressSample.Seed(name)));

        string script = Path.Combine(TestData.Folder, "..", "ElfMmu.Core.Tests", "Spaces", "reverse_segments.py");
        ToolResult result = Tools.Run(
            Tools.Python!, script, core, temporary.Write("addresses", string.Concat(addresses.Select(a => $"{a:x}\n"))));
        string[] answers = result.Output.Split('\n')[..^1];
        Assert.True(answers.Length == addresses.Length, result.Errors);

        var index = new PhysicalIndex(map);
        (int none, int several, long matches) = (0, 0, 0);
        var differences = new List<string>();
        for (int i = 0; i < addresses.Length; i++)
        {
            // A core has no segments for devices and what isn't in the dump.
            ulong[] found =
            [
                .. index.Find(addresses[i]).Where(m => m.Mapping.Kind == RegionKind.Ram).Select(m => m.VirtualAddresses.Start),
            ];
            string ours = string.Join(' ', found.Select(a => $"{a:x}"));
            if (ours != answers[i])
            {
                differences.Add($"0x{addresses[i]:x}: {ours}; the core says {answers[i]}");
            }

            none += found.Length == 0 ? 1 : 0;
            several += found.Length > 1 ? 1 : 0;
            matches += found.Length;
        }

        output.WriteLine(
            $"{name}: {Count} physical addresses, {none} not mapped, {several} mapped more than once, "
            + $"{matches} virtual addresses in all, {differences.Count} differences.");
        Assert.Equal([], differences.Take(10));
        Assert.True(none >= 200 && none <= Count - 200 && several >= 200, $"{none} not mapped, {several} mapped more than once.");
    }

    /// <summary>In and at the edges of what is mapped, anywhere in RAM, and outside.</summary>
    private static ulong[] Sample(MemoryDump dump, SpaceMap map, Random random)
    {
        Mapping[] mappings = map.Mappings.ToArray();
        PhysicalRun[] runs = [.. dump.Memory.Runs];
        ulong[] addresses = new ulong[Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            Mapping mapping = mappings[random.Next(mappings.Length)];
            PhysicalRun run = runs[random.Next(runs.Length)];
            addresses[i] = random.Next(10) switch
            {
                < 3 => mapping.PhysicalAddress + (ulong)random.NextInt64((long)Math.Min(mapping.Size, long.MaxValue)),
                3 => mapping.PhysicalAddress + (mapping.Size - 1),
                4 => mapping.PhysicalAddress + mapping.Size,
                < 9 => run.Start + (ulong)random.NextInt64((long)(run.Last - run.Start) + 1),
                _ => (ulong)random.NextInt64(1L << 40),
            };
        }

        return addresses;
    }
}
