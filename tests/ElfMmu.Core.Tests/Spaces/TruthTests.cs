using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>The bare guests against what they were designed to map.</summary>
public class TruthTests
{
    private const ulong PageSize = 4096;

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void EveryDesignedPageIsMappedAsDesigned(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        List<Mapping> mappings = Described.Space(dump).All();
        int pages = 0;
        foreach (TruthLine line in TruthLine.Read(name).Where(l => l.Status is "ok" or "outside"))
        {
            foreach (ulong offset in Offsets(line.Size))
            {
                ulong address = line.Address + offset;
                Mapping? found = Walks.Find(mappings, address);
                Mapping mapping = found ?? throw new InvalidDataException($"0x{address:x} isn't mapped: {line}");
                Assert.Equal(line.Physical + offset, mapping.PhysicalAddress + (address - mapping.VirtualAddress));
                Assert.Equal(
                    (line.User, Supervisor(line, dump.Machine)), (mapping.Attributes.User, mapping.Attributes.Supervisor));
                Assert.Equal(line.Size, mapping.Attributes.PageSize);
                Assert.Equal(KindOf(dump, line.Physical + offset), mapping.Kind);
                pages++;
            }
        }

        Assert.True(pages >= 50, $"Only {pages} pages were compared.");
    }

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void WhatLiesOutsideRamIsLeftOutUnlessAskedFor(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        List<Mapping> mappings = Described.Space(dump).All(includeAbsent: false);
        Assert.DoesNotContain(mappings, m => m.Kind == RegionKind.Absent);
        TruthLine[] outside = [.. TruthLine.Read(name).Where(l => l.Status == "outside")];
        Assert.NotEmpty(outside);
        Assert.All(outside, l => Assert.Equal(KindOf(dump, l.Physical) != RegionKind.Absent, Walks.Find(mappings, l.Address) != null));
    }

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void NothingIsMappedWhereTheProcessorFaults(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        List<Mapping> mappings = Described.Space(dump).All();
        TruthLine[] faults = [.. TruthLine.Read(name).Where(l => l.Status == "fault")];
        Assert.NotEmpty(faults);
        Assert.All(faults, l => Assert.DoesNotContain(
            mappings, m => m.VirtualAddress <= l.Last && m.LastAddress >= l.Address));
    }

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void NothingIsInvented(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        AddressSpace space = Described.Space(dump);
        TruthLine[] known = [.. TruthLine.Read(name).Where(l => l.Status != "fault")];

        // The self-map shows every table at an address of its own; the design lists the root only. There QEMU's walk is asked.
        (ulong selfFirst, ulong selfLast) = space.Identity.Mode.Name switch
        {
            "ia32e" => (0xffffff00_00000000, 0xffffff7f_ffffffff),
            "ia32" => (0xff80_0000UL, 0xffbf_ffffUL),
            _ => (1UL, 0UL),
        };
        SortedDictionary<ulong, ulong> qemu =
            selfFirst < selfLast ? QemuWalk.InfoTlb(TestData.Path(name, "info_tlb.txt")) : [];
        int selfMapped = 0;
        foreach ((ulong address, ulong physical) in Walks.Leaves(space.All(perPage: true)))
        {
            if (address >= selfFirst && address <= selfLast)
            {
                Assert.True(qemu.TryGetValue(address, out ulong seen) && seen == physical, $"0x{address:x} was invented.");
                selfMapped++;
            }
            else
            {
                // Where an ambiguous line leads is the business of the two tests below.
                Assert.Contains(known, l => l.Address == address && (l.Physical == physical || l.Status == "ambiguous"));
            }
        }

        Assert.Equal(selfFirst < selfLast, selfMapped > 0);
    }

    /// <summary>
    /// Lines on which tools differ. A page that nobody has used yet is mapped, and so is one that can only be executed; what the
    /// manual calls reserved, and a page without any right, isn't.
    /// </summary>
    [Theory]
    [ClassData(typeof(BareOtherDumpData))]
    public void WhatToolsDifferOnIsDecided(string name, string file)
    {
        (string Why, bool Maps)[] decisions =
        [
            ("A=0 leaf", true), ("AF=0", true), ("execute-only", true), ("pointer PTE with U/A bits", false), ("Ks=Kp=1, PP=00", false),
        ];
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        List<Mapping> mappings = Described.Space(dump).All();
        foreach (TruthLine line in TruthLine.Read(name).Where(l => l.Status == "ambiguous"))
        {
            bool maps = Assert.Single(decisions, d => line.Note.Contains(d.Why, StringComparison.Ordinal)).Maps;
            Mapping? found = Walks.Find(mappings, line.Address);
            Assert.True(found != null == maps, $"{line}");
            if (found is { } mapping)
            {
                Assert.Equal(line.Physical, mapping.PhysicalAddress + (line.Address - mapping.VirtualAddress));
                Assert.Equal(
                    (line.User, Supervisor(line, dump.Machine)), (mapping.Attributes.User, mapping.Attributes.Supervisor));
            }
        }
    }

    /// <summary>
    /// The two lines of x86 on which tools differ: an address bit beyond MAXPHYADDR is reserved only where MAXPHYADDR is known, and the
    /// low bits of a large page's address always are.
    /// </summary>
    [Theory]
    [InlineData("phys.elf.gz", 0x4000_0015_3000UL)]
    [InlineData("machine.yaml", null)]
    public void ReservedBitsCountWhereTheyAreKnown(string file, ulong? beyond)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path("bare-x64", file));
        List<Mapping> mappings = Described.Space(dump).All();
        Assert.Equal(beyond, Walks.Translate(mappings, 0x380_0000_0000));
        Assert.Null(Walks.Translate(mappings, 0x380_4000_0000));
    }

    /// <summary>Every 4 KiB of a page up to the size of the guests' RAM, and from there on some more, with the last ones.</summary>
    private static IEnumerable<ulong> Offsets(ulong size)
    {
        const ulong All = 16 << 20;
        for (ulong offset = 0; offset < Math.Min(size, All); offset += PageSize)
        {
            yield return offset;
        }

        for (ulong offset = All; offset < size; offset += size / 512)
        {
            yield return offset;
            yield return Math.Min(offset + (size / 512), size) - PageSize;
        }
    }

    /// <summary>RISC-V's supervisor mode may not use user pages unless SUM is set, and in none of the guests it is.</summary>
    private static Rights Supervisor(TruthLine line, Machine machine) =>
        machine.Architecture == Architecture.RiscV && line.User != Rights.None ? Rights.None : line.Supervisor;

    private static RegionKind KindOf(MemoryDump dump, ulong physical) =>
        dump.Memory.Runs.Any(r => physical >= r.Start && physical <= r.Last) ? RegionKind.Ram
        : dump.Machine.Devices.Any(d => physical >= d.Start && physical <= d.Last) ? RegionKind.Device
        : RegionKind.Absent;
}
