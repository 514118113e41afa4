using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Discovery;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Spaces;

public class MappingComparerTests
{
    /// <summary>What stands at one address on both sides, as the oracle sees it.</summary>
    private readonly record struct Cell(
        ulong Address, MappingChangeKind Change, ulong? Before, ulong? After, string? BeforeRights, string? AfterRights);

    [Fact]
    public void Every_byte_is_what_looking_at_it_alone_says() => Check(it =>
        it.Compare().SelectMany(Cells).SequenceEqual(Oracle(it)));

    [Fact]
    public void What_continues_is_one() => Check(it =>
    {
        MappingChange[] changes = [.. it.Compare()];
        foreach ((MappingChange a, MappingChange b) in changes.Zip(changes.Skip(1)))
        {
            bool alike = a.Change == b.Change && a.EndAddress == b.VirtualAddress
                && (a.BeforeUserRights, a.BeforeSupervisorRights, a.AfterUserRights, a.AfterSupervisorRights)
                    == (b.BeforeUserRights, b.BeforeSupervisorRights, b.AfterUserRights, b.AfterSupervisorRights)
                && (a.BeforePhysicalAddress + a.Size == b.BeforePhysicalAddress || a.BeforePhysicalAddress == null)
                && (a.AfterPhysicalAddress + a.Size == b.AfterPhysicalAddress || a.AfterPhysicalAddress == null);
            if (alike && !it.Options.Attributes)
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Backwards_it_is_the_opposite() => Check(it =>
    {
        static MappingChangeKind Opposite(MappingChangeKind change) => change switch
        {
            MappingChangeKind.Added => MappingChangeKind.Removed,
            MappingChangeKind.Removed => MappingChangeKind.Added,
            _ => change,
        };
        return it.Compare().Select(c => (c.VirtualAddress, c.Size, c.Change, c.BeforePhysicalAddress, c.AfterPhysicalAddress))
            .SequenceEqual((it with { Before = it.After, After = it.Before }).Compare()
                .Select(c => (c.VirtualAddress, c.Size, Opposite(c.Change), c.AfterPhysicalAddress, c.BeforePhysicalAddress)));
    });

    [Fact]
    public void Every_kind_of_change_is_named()
    {
        PageTableMapping[] before =
        [
            Mapping(0x1000, 0x1000, 0xa000, "r--"), Mapping(0x3000, 0x1000, 0xb000, "r--"), Mapping(0x4000, 0x1000, 0xc000, "r--"),
            Mapping(0x5000, 0x1000, 0xd000, "r--"), Mapping(0x6000, 0x1000, 0xe000, "r--"),
        ];
        PageTableMapping[] after =
        [
            Mapping(0x2000, 0x1000, 0xa000, "r--"), Mapping(0x3000, 0x1000, 0xb100, "r--"), Mapping(0x4000, 0x1000, 0xc000, "rw-"),
            Mapping(0x5000, 0x1000, 0xf000, "rw-"), Mapping(0x6000, 0x1000, 0xe000, "r--"),
        ];
        MappingChange[] changes = [.. MappingComparer.Compare(
            MappingSet.Of(before), MappingSet.Of(after), new ComparisonOptions { IncludeEqual = true })];
        Assert.Equal(
            ["Removed <=", "Added =>", "Moved <>", "RightsChanged <>", "Moved, RightsChanged <>", "Equal =="],
            changes.Select(c => $"{c.Change} {c.SideIndicator}"));
        Assert.Equal("0x5000-0x5fff Moved, RightsChanged: 0xd000 r--/r-- -> 0xf000 rw-/rw-", changes[4].ToString());
        Assert.Equal((0xd000UL, 0xf000UL, 0xf000UL), (changes[4].BeforePhysicalAddress, changes[4].AfterPhysicalAddress, changes[4].PhysicalAddress));
        Assert.Equal((0xa000UL, null), (changes[0].PhysicalAddress, changes[0].AfterUserRights));
        Assert.Equal(5, MappingComparer.Compare(MappingSet.Of(before), MappingSet.Of(after)).Count());
        Assert.Empty(MappingComparer.Compare(MappingSet.Of(before), MappingSet.Of(before)));
        Assert.Equal(
            [MappingChangeKind.Removed],
            MappingComparer.Compare(MappingSet.Of(before.Take(2)), MappingSet.Of(after[1..2].Take(0))).Select(c => c.Change).Distinct());
    }

    [Fact]
    public void Page_size_memory_type_and_global_count_where_that_is_asked_for()
    {
        static PageTableMapping[] Pages(int shift, int cache, bool global) => [new(
            new Mapping(0x20_0000, 0x20_0000, 0x40_0000, new MappingAttributes(Rights.Read, Rights.Read, 1, shift, cache, global, false, true), RegionKind.Ram),
            ComparisonCase.One)];
        PageTableMapping[] small = Pages(12, 0, false);
        foreach (PageTableMapping[] other in new[] { Pages(21, 0, false), Pages(12, 1, false), Pages(12, 0, true) })
        {
            Assert.Empty(MappingComparer.Compare(MappingSet.Of(small), MappingSet.Of(other)));
            MappingChange change = Assert.Single(MappingComparer.Compare(
                MappingSet.Of(small), MappingSet.Of(other), new ComparisonOptions { Attributes = true }));
            Assert.Equal(MappingChangeKind.AttributesChanged, change.Change);
            Assert.Equal((0x1000UL, other[0].PageSize), (change.BeforePageSize, change.AfterPageSize));
        }
    }

    [Fact]
    public void What_can_be_no_side_is_refused()
    {
        PageTableMapping one = Mapping(0x1000, 0x1000, 0, "r--");
        Assert.Equal(
            "SpacesMixed", Assert.Throws<ElfMmuException>(() => MappingSet.Of([one, new(one.AsMapping(), ComparisonCase.Other)])).ErrorId);
        Assert.Equal("MappingsOverlap", Assert.Throws<ElfMmuException>(() => MappingSet.Of([one, one])).ErrorId);

        // The order they are in doesn't matter.
        PageTableMapping low = Mapping(0, 0x1000, 0, "r--");
        Assert.Equal([low.AsMapping(), one.AsMapping()], MappingSet.Of([one, low]).Mappings.ToArray());
    }

    [SharedDumpsFact]
    public void Processes_of_a_dump_differ_as_their_pages_do()
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(BigDumps.Folder("linux-x64-128m"), "phys.elf"));
        LinuxGuest guest = LinuxGuest.Load("linux-x64-128m");
        AddressSpace[] spaces = [.. guest.Roots.Values.Take(2).Select(r => Described.Space(dump, r))];
        MappingSet[] sides = [.. spaces.Select(s => MappingSet.Of(SpaceMap.Walk(s), includeAbsent: true))];
        Dictionary<ulong, Mapping>[] pages = [.. spaces.Select(s => s.All(perPage: true)
            .SelectMany(Pages).ToDictionary(m => m.VirtualAddress))];
        var expected = new SortedDictionary<ulong, MappingChangeKind>();
        foreach (ulong address in pages[0].Keys.Union(pages[1].Keys))
        {
            Mapping? before = pages[0].TryGetValue(address, out Mapping b) ? b : null;
            Mapping? after = pages[1].TryGetValue(address, out Mapping a) ? a : null;
            MappingChangeKind kind = before == null ? MappingChangeKind.Added : after == null ? MappingChangeKind.Removed
                : (b.PhysicalAddress != a.PhysicalAddress ? MappingChangeKind.Moved : 0)
                    | ((b.Attributes.User, b.Attributes.Supervisor) != (a.Attributes.User, a.Attributes.Supervisor) ? MappingChangeKind.RightsChanged : 0);
            expected.Add(address, kind);
        }

        var actual = new SortedDictionary<ulong, MappingChangeKind>();
        foreach (MappingChange change in MappingComparer.Compare(sides[0], sides[1], new ComparisonOptions { IncludeEqual = true }))
        {
            for (ulong at = 0; at < change.Size; at += 4096)
            {
                actual.Add(change.VirtualAddress + at, change.Change);
            }
        }

        Assert.Equal(expected, actual);
        Assert.Contains(MappingChangeKind.Equal, actual.Values);
        Assert.Contains(MappingChangeKind.Moved, actual.Values);
        Assert.Empty(MappingComparer.Compare(sides[0], sides[0]));
    }

    private static IEnumerable<Mapping> Pages(Mapping leaf)
    {
        for (ulong at = 0; at < leaf.Size; at += 4096)
        {
            yield return leaf with { VirtualAddress = leaf.VirtualAddress + at, PhysicalAddress = leaf.PhysicalAddress + at, Size = 4096 };
        }
    }

    private static PageTableMapping Mapping(ulong address, ulong size, ulong physical, string rights)
    {
        Rights parsed = MappingFilter.Parse(rights).Required;
        return new PageTableMapping(
            new Mapping(address, size, physical, new MappingAttributes(parsed, parsed, 1, 12, 0, false, false, false), RegionKind.Ram), ComparisonCase.One);
    }

    private static IEnumerable<Cell> Cells(MappingChange change)
    {
        for (ulong at = 0; at < change.Size; at++)
        {
            yield return new Cell(
                change.VirtualAddress + at,
                change.Change,
                change.BeforePhysicalAddress + at,
                change.AfterPhysicalAddress + at,
                change.BeforeUserRights + change.BeforeSupervisorRights,
                change.AfterUserRights + change.AfterSupervisorRights);
        }
    }

    private static IEnumerable<Cell> Oracle(ComparisonCase it)
    {
        ComparisonOptions options = it.Options;
        for (ulong offset = 0; offset < ComparisonCase.Universe; offset++)
        {
            ulong address = it.Origin + offset;
            PageTableMapping? before = Array.Find(it.Before, m => address - m.VirtualAddress < m.Size);
            PageTableMapping? after = Array.Find(it.After, m => address - m.VirtualAddress < m.Size);
            if (address < options.MinimumAddress || address > options.MaximumAddress
                || !new[] { before, after }.Any(m => m != null && options.Filter.Accepts(m.AsMapping().Attributes)))
            {
                continue;
            }

            ulong? from = before?.PhysicalAddress + (address - before?.VirtualAddress);
            ulong? to = after?.PhysicalAddress + (address - after?.VirtualAddress);
            MappingChangeKind change = MappingChangeKind.Equal;
            if (before == null || after == null)
            {
                change = before == null ? MappingChangeKind.Added : MappingChangeKind.Removed;
            }
            else
            {
                bool user = options.Filter.Privilege != Privilege.Supervisor && before.UserRights != after.UserRights;
                bool supervisor = options.Filter.Privilege != Privilege.User && before.SupervisorRights != after.SupervisorRights;
                change |= from == to ? 0 : MappingChangeKind.Moved;
                change |= user || supervisor ? MappingChangeKind.RightsChanged : 0;
                change |= options.Attributes && (before.PageSize != after.PageSize || before.Global != after.Global)
                    ? MappingChangeKind.AttributesChanged : 0;
            }

            if (change != MappingChangeKind.Equal || options.IncludeEqual)
            {
                yield return new Cell(
                    address, change, from, to, before?.UserRights + before?.SupervisorRights, after?.UserRights + after?.SupervisorRights);
            }
        }
    }

    private static void Check(Func<ComparisonCase, bool> property) =>
        Prop.ForAll(ComparisonCase.Arbitrary(), it => property(it)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
