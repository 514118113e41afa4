using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>The bare guests of MIPS against what they were designed to map, and against what they found when they tried it.</summary>
public class MipsGuestTests
{
    private const string NoRights = "u:---,k:---";

    [Theory]
    [InlineData("bare-mips32")]
    [InlineData("bare-mips32el")]
    public void EveryDesignedPageIsMappedAsDesigned(string name)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml"));
        List<Mapping> mappings = dump.Space().All();
        string[][] lines = [.. TestData.Lines(TestData.Path(name, "truth.txt")).Select(l => l.Split(' ', 6))];
        foreach (string[] line in lines)
        {
            ulong address = QemuWalk.Hex(line[0]);
            ulong size = QemuWalk.Hex(line[1]);
            if (line[4] == "fault")
            {
                Assert.Null(Walks.Find(mappings, address));
                continue;
            }

            Mapping? found = Walks.Find(mappings, address);
            Assert.True(found != null, string.Join(' ', line));
            Assert.Equal(QemuWalk.Hex(line[2]), Walks.Translate(mappings, address));
            Assert.Equal(line[3], Rights(found.Value));
            Assert.Equal(size, found.Value.Attributes.PageSize);
            Assert.Equal(line[4] == "outside" ? RegionKind.Absent : RegionKind.Ram, found.Value.Kind);
        }

        Assert.True(lines.Length > 30, $"Only {lines.Length} lines were compared.");
    }

    [Theory]
    [InlineData("bare-mips32")]
    [InlineData("bare-mips32el")]
    public void NothingIsInvented(string name)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml"));
        (ulong First, ulong Last, ulong Displacement)[] known =
        [
            .. TestData.Lines(TestData.Path(name, "truth.txt")).Select(l => l.Split(' ', 6)).Where(l => l[4] != "fault").Select(l => (
                QemuWalk.Hex(l[0]), QemuWalk.Hex(l[0]) + QemuWalk.Hex(l[1]) - 1, QemuWalk.Hex(l[2]) - QemuWalk.Hex(l[0]))),
        ];
        Assert.All(dump.Space().All(perPage: true), m => Assert.Contains(known, k =>
            k.First <= m.VirtualAddress && m.LastAddress <= k.Last && m.PhysicalAddress - m.VirtualAddress == k.Displacement));
    }

    [Theory]
    [InlineData("bare-mips32")]
    [InlineData("bare-mips32el")]
    public void WhatTheGuestFoundIsMapped(string name)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml"));
        List<Mapping> mappings = dump.Space().All(includeAbsent: false);
        int mapped = 0;
        foreach (string[] line in TestData.Lines(TestData.Path(name, "probe.txt")).Select(l => l.Split(' ')))
        {
            ulong address = QemuWalk.Hex(line[0]);
            Mapping? found = Walks.Find(mappings, address);
            Assert.Equal(line[2], found == null ? NoRights : Rights(found.Value));
            if (line[1] != "-")
            {
                Assert.Equal(QemuWalk.Hex(line[1]), Walks.Translate(mappings, address));
            }

            mapped += found == null ? 0 : 1;
        }

        Assert.True(mapped > 40, $"Only {mapped} addresses were mapped.");
    }

    private static string Rights(Mapping mapping) =>
        $"u:{RightsFormat.Format(mapping.Attributes.User)},k:{RightsFormat.Format(mapping.Attributes.Supervisor)}";
}
