using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Searching;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>Searches of real dumps: what is found is there, and all that is there is found.</summary>
public sealed class RealSearchTests
{
    private static readonly SearchPattern[] Patterns =
    [
        SearchPattern.Text("Linux version"),
        SearchPattern.Bytes("7f 45 4c 46 0? 01 01"),
        SearchPattern.Regex("/[a-z]{2,}/[a-z0-9./]{3,}"),
        SearchPattern.Value(0x1234u, MemoryValueType.Parse("u16"), alignment: 1),
    ];

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void EveryHitReadsBackAndEveryAddressIsFound(string name)
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(BigDumps.Folder(name), "phys.elf"));
        AddressSpace space = Described.Space(dump);
        var reader = MemoryReader.Of(space);
        ulong[] found = new ulong[Patterns.Length];
        foreach (SearchHit hit in MemorySearch.Find(space, new SearchRequest { Patterns = Patterns }))
        {
            found[Patterns.Index().First(p => p.Item.Name == hit.Pattern).Index]++;
            if (found.Max() <= 100)
            {
                byte[] bytes = new byte[hit.Length];
                reader.Read(hit.VirtualAddress!.Value, bytes, new ReadOptions());
                Assert.Equal(hit.Bytes, bytes);
            }
        }

        Assert.True(found[2] > 10, $"{found[2]} paths");

        // Each mapping by itself, byte by byte: hits that cross borders are all that there may be beside.
        SpaceMap map = SpaceCache.Of(dump).Map(space, CancellationToken.None);
        var inside = new HashSet<ulong>();
        byte[] needle = "Linux version"u8.ToArray();
        foreach (Mapping mapping in map.Mappings)
        {
            if (mapping.Kind != ElfMmu.Memory.RegionKind.Ram)
            {
                continue;
            }

            byte[] bytes = new byte[mapping.Size];
            Assert.True(dump.Memory.TryRead(mapping.PhysicalAddress, bytes));
            for (int at = 0, next; (next = bytes.AsSpan(at).IndexOf(needle)) >= 0; at += next + 1)
            {
                inside.Add(mapping.VirtualAddress + (ulong)(at + next));
            }
        }

        Assert.Subset(
            MemorySearch.Find(space, new SearchRequest { Patterns = [Patterns[0]] }).Select(h => h.VirtualAddress!.Value).ToHashSet(), inside);
    }
}
