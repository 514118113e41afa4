using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Memory full of random bytes with random registers, through every mode: a walk ends, with mappings that are sound or with one
/// error of ours.
/// </summary>
public class GarbageTests
{
    private const int Seeds = 60;
    private const int Enough = 20_000;

    public static TheoryData<string> Modes => [.. PagingModes.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Modes))]
    public void AWalkOverGarbageEnds(string name)
    {
        PagingMode mode = PagingModes.Get(name);
        int mapped = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            using PhysicalMemory memory = Garbage.Memory(random);
            var sink = new MappingList(Enough);
            try
            {
                mode.Walk(Garbage.Request(mode, memory, random), ref sink);
            }
            catch (ElfMmuException)
            {
                // Refusing is as good as any answer.
            }

            mapped += sink.Items.Count;
            ulong? last = null;
            foreach (Mapping mapping in sink.Items)
            {
                Assert.True(mapping.Size > 0 && mapping.VirtualAddress <= mapping.LastAddress, $"{mapping} of seed {seed}");
                Assert.True(last == null || mapping.VirtualAddress > last, $"{mapping} of seed {seed} comes too late.");
                last = mapping.LastAddress;
            }
        }

        Assert.True(mapped > 0, "Nothing came of it.");
    }
}
