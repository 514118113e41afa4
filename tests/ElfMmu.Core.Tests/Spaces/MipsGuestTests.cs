using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>The bare guests of MIPS against what they found when they tried every address.</summary>
public class MipsGuestTests
{
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
            MappingAttributes attributes = found?.Attributes ?? default;
            Assert.Equal(TruthLine.ParseRights(line[2]), (attributes.User, attributes.Supervisor));
            if (line[1] != "-")
            {
                Assert.Equal(QemuWalk.Hex(line[1]), Walks.Translate(mappings, address));
            }

            mapped += found == null ? 0 : 1;
        }

        Assert.True(mapped > 40, $"Only {mapped} addresses were mapped.");
    }
}
