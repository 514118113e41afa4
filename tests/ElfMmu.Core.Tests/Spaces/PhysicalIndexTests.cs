using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Discovery;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>The indexes of spaces against walks by page, counted without them.</summary>
public class PhysicalIndexTests
{
    private const ulong Page = 4096;

    [SharedDumpsFact]
    public void Every_page_of_a_dump_has_exactly_the_virtual_addresses_that_the_walks_of_all_its_roots_give()
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(BigDumps.Folder("linux-x64-128m"), "phys.elf"));
        AddressSpace[] spaces = Spaces(dump);
        Assert.Equal(8, spaces.Length);
        var expected = new Dictionary<ulong, List<(ulong Root, ulong Address)>>();
        foreach (AddressSpace space in spaces)
        {
            foreach (Mapping leaf in space.All(perPage: true))
            {
                for (ulong at = 0; at < leaf.Size; at += Page)
                {
                    ulong physical = leaf.PhysicalAddress + at;
                    if (!expected.TryGetValue(physical, out List<(ulong, ulong)>? list))
                    {
                        expected.Add(physical, list = []);
                    }

                    list.Add((space.Identity.Root, leaf.VirtualAddress + at));
                }
            }
        }

        // Every page of memory, whether it is mapped or not, and every mapped page that is no memory.
        var index = new PhysicalIndex(spaces.Select(s => SpaceMap.Walk(s)));
        int found = 0;
        int mapped = 0;
        IEnumerable<ulong> pages = dump.Memory.Runs.SelectMany(r => Pages(r.Start, r.Size)).Concat(expected.Keys).Distinct();
        foreach (ulong page in pages)
        {
            List<(ulong, ulong)> wanted = expected.GetValueOrDefault(page) ?? [];
            foreach (ulong within in new ulong[] { 0, 0x123, Page - 1 })
            {
                IReadOnlyList<PhysicalMatch> matches = index.Find(page + within);
                Assert.Equal(wanted, matches.Select(m => (m.Space.Space.Root, m.VirtualAddresses.Start - within)));
                Assert.All(matches, m => Assert.Equal(page + within, m.PhysicalAddress));
            }

            found += wanted.Count;
            mapped += wanted.Count > 0 ? 1 : 0;
        }

        Assert.True(mapped > 20_000 && found > 8 * 20_000, $"Only {mapped} pages with {found} addresses were compared.");
        Assert.Equal(expected.Count, mapped);
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void Addresses_lead_where_the_walk_by_page_says(string name)
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(BigDumps.Folder(name), "phys.elf"));
        AddressSpace space = Described.Space(dump);
        var map = SpaceMap.Walk(space);
        Mapping[] leaves = [.. space.All(perPage: true)];
        ulong[] addresses = [.. leaves.SelectMany(l => new[] { l.VirtualAddress, l.VirtualAddress + (l.Size / 3), l.LastAddress })];
        ulong[] targets = new ulong[addresses.Length];
        bool[] found = new bool[addresses.Length];
        Assert.Equal(addresses.Length, map.PhysicalAddresses.Find(addresses, targets, found));
        for (int i = 0; i < addresses.Length; i++)
        {
            Mapping leaf = leaves[i / 3];
            Assert.Equal(leaf.PhysicalAddress + (addresses[i] - leaf.VirtualAddress), targets[i]);
            Assert.True(map.TryFind(addresses[i], out Mapping run));
            Assert.True(run.VirtualAddress <= leaf.VirtualAddress && run.LastAddress >= leaf.LastAddress);
            Assert.True(map.Attributes.TryFind(addresses[i], out MappingAttributes attributes));
            Assert.True(attributes.FusesWith(leaf.Attributes));
            Assert.Contains(
                new PhysicalIndex(map).Find(targets[i]), m => m.VirtualAddresses.Start == addresses[i]);
        }

        foreach (Mapping leaf in leaves.Where(l => l.LastAddress < ulong.MaxValue))
        {
            ulong behind = leaf.LastAddress + 1;
            Mapping? expected = Walks.Find([.. map.Mappings], behind);
            Assert.Equal(expected != null, map.TryFind(behind, out _));
        }
    }

    [Fact]
    public void A_range_gives_of_each_mapping_the_part_that_leads_there()
    {
        using var folder = new TempFolder();
        var machine = new SmallMachine("ia32e");
        using MemoryDump dump = RawDump.Open(folder, machine.Memory, SmallMachine.RamBase);
        var map = SpaceMap.Walk(dump.Space(SmallMachine.RamBase, "ia32e"));
        var range = Interval.FromStartAndLast(SmallMachine.RamBase + 0x5ff0, SmallMachine.RamBase + 0x8fff);
        Assert.Equal(
            [(0x1_0000UL, 0x1_0fffUL, SmallMachine.RamBase + 0x8000), (0x1_2ff0, 0x1_2fff, SmallMachine.RamBase + 0x5ff0)],
            new PhysicalIndex(map).Find(range).Select(m => (m.VirtualAddresses.Start, m.VirtualAddresses.Last, m.PhysicalAddress)));

        ResolvedAddress resolved = new PhysicalIndex(map).Find(SmallMachine.RamBase + 0x9004)[0].ToResolved(dump);
        Assert.Equal((0x1_1004UL, 0x9004UL, 0x1000UL), (resolved.VirtualAddress, resolved.FileOffset, resolved.PageSize));
        Assert.Equal("rwx", resolved.UserRights);
    }

    private static AddressSpace[] Spaces(MemoryDump dump) => [.. RootFinder.Find(dump).Above()
        .Select(r => AddressSpace.Open(dump, new SpaceRequest().With(r)))];

    private static IEnumerable<ulong> Pages(ulong start, ulong size)
    {
        for (ulong at = start & ~(Page - 1); at < start + size; at += Page)
        {
            yield return at;
        }
    }
}
