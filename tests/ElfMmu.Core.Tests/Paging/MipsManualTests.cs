using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The literal reading of the MIPS32 manual on examples worked out by hand, and what the random tables hold.</summary>
public class MipsManualTests
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;

    private readonly Dictionary<ulong, ulong> _entries = [];
    private readonly Dictionary<string, ulong> _registers = new()
    {
        // Two levels of 1,024 entries, 4 KiB pages, and six bits of an entry that aren't EntryLo's, the upper two XI and RI.
        ["pwbase"] = 0x8001_0000,
        ["pwfield"] = (22 << 24) | (12 << 18) | (12 << 12) | (12 << 6) | 6,
        ["pwsize"] = (10 << 24) | (10 << 6),
        ["pagegrain"] = 3UL << 30,
    };

    [Theory]
    [InlineData(0x8000_0000, 0, 8)]
    [InlineData(0x9fff_ffff, 0x1fff_ffff, 8)]
    [InlineData(0xa000_1000, 0x1000, 2)]
    [InlineData(0xbfc0_0000, 0x1fc0_0000, 2)]
    public void TheFixedSegmentsAreTheKernels(ulong address, ulong physical, int cache)
    {
        ManualPage expected = new(physical, 1 << 29, Rights.None, R | W | X, true, false, false, cache);
        Assert.Equal(expected, Translate(address));
        _registers["config"] = 0x8000_0005;
        Assert.Equal(expected with { CacheIndex = cache == 8 ? 5 : 2 }, Translate(address));
        _registers.Clear();
        Assert.Equal(expected, Translate(address));
    }

    [Fact]
    public void TwoLevelsAreWalked()
    {
        TwoLevels();
        Assert.Equal(new ManualPage(0x0034_5678, 4096, R | W | X, R | W | X, true, false, false, 3), Translate(0x0040_2678));
        Assert.Equal(new ManualPage(0x0077_7678, 4096, R, R, true, false, false, 2), Translate(0x0040_3678));
        Assert.Null(Translate(0x0040_4678));
        Assert.Null(Translate(0x0080_2678));
        Assert.Null(Translate(0x1_0040_2678));

        // A pair is global if both halves are.
        _entries[0x1_100c] &= ~(1UL << 6);
        Assert.Equal(new ManualPage(0x0034_5678, 4096, R | W | X, R | W | X, false, false, false, 3), Translate(0x0040_2678));

        // Both have to be there for the pair to be loaded.
        _entries.Remove(0x1_100c);
        Assert.Null(Translate(0x0040_2678));
    }

    [Fact]
    public void Kseg3IsWalkedForTheKernelAlone()
    {
        TwoLevels();
        _entries[0x1_0000 | (0x301 << 2)] = 0x8001_1000;
        Assert.Equal(
            new ManualPage(0x0034_5678, 4096, Rights.None, R | W | X, true, false, false, 3), Translate(0xc040_2678));
    }

    [Theory]
    [InlineData(0x0001_0000u, 0x8001_1000u, true)] // a physical root
    [InlineData(0xa001_0000u, 0xa001_1000u, true)]
    [InlineData(0xc001_0000u, 0x8001_1000u, false)]
    [InlineData(0x8001_0000u, 0x0001_1000u, false)]
    [InlineData(0x8001_0000u, 0xe001_1000u, false)]
    [InlineData(0x8001_0000u, 0x8001_1002u, false)]
    public void TablesStandInTheFixedSegments(uint root, uint pointer, bool found)
    {
        TwoLevels();
        _registers["pwbase"] = root;
        _entries[0x1_0004] = pointer;
        Assert.Equal(found, Translate(0x0040_2678) is not null);
    }

    [Fact]
    public void AnIndexIsOredToItsTable()
    {
        TwoLevels();
        _entries[0x1_0004] = 0x8001_1008;
        _entries[0x1_1018] = 0x0099_9000 | (1 << 7);
        _entries[0x1_101c] = 0;

        // Entries 4 and 6 are one.
        Assert.Equal(0x0099_9000UL, Translate(0x0040_4000)?.Physical);
        Assert.Equal(0x0099_9000UL, Translate(0x0040_6000)?.Physical);
    }

    [Theory]
    [InlineData(3, 0, R | X)]
    [InlineData(3, 4, R | W | X)]
    [InlineData(3, 1, R)]
    [InlineData(3, 2, X)]
    [InlineData(3, 3, Rights.None)]
    [InlineData(3, 7, W)]
    [InlineData(1, 3, R)]
    [InlineData(2, 3, X)]
    [InlineData(0, 3, R | X)]
    [InlineData(-1, 2, X)]
    [InlineData(-1, 1, R)]
    public void RightsComeFromInhibitAndDirtyBits(int enabled, uint bits, Rights rights)
    {
        // PageGrain's RIE and XIE; of the entry XI, RI and D.
        _registers["pagegrain"] = (ulong)(uint)enabled << 30;
        if (enabled < 0)
        {
            _registers.Remove("pagegrain");
        }

        TwoLevels();
        _entries[0x1_1008] = 0x0034_5000 | (1 << 7) | ((bits & 3) << 4) | ((bits & 4) << 6);
        Assert.Equal(rights == Rights.None ? null : rights, Translate(0x0040_2000)?.Supervisor);
        Assert.Equal(rights == Rights.None ? null : rights, Translate(0x0040_2000)?.User);
    }

    [Fact]
    public void WithErrorLevelSetKusegIsPhysicalMemory()
    {
        TwoLevels();
        _registers["status"] = 2;
        Assert.Equal(0x0034_5678UL, Translate(0x0040_2678)?.Physical);
        _registers["status"] = 4;
        Assert.Equal(
            new ManualPage(0x0040_2678, 1UL << 31, Rights.None, R | W | X, true, false, false, 2), Translate(0x0040_2678));

        // So tables may stand there.
        _entries[0x1_0000 | (0x301 << 2)] = 0x0001_1000;
        Assert.Equal(0x0034_5678UL, Translate(0xc040_2678)?.Physical);
        _registers["status"] = 2;
        Assert.Null(Translate(0xc040_2678));
    }

    [Theory]
    [InlineData("pwbase")]
    [InlineData("pwfield")]
    [InlineData("pwsize")]
    public void WithoutTheLayoutNothingIsWalked(string register)
    {
        TwoLevels();
        _registers.Remove(register);
        Assert.Null(Translate(0x0040_2678));
    }

    [Theory]
    [InlineData(0x0000_0280u)] // no directory
    [InlineData(0x0a00_0282u)] // PTEW of 2
    public void ASizeThatIsReservedWalksNothing(uint size)
    {
        TwoLevels();
        _registers["pwsize"] = size;
        Assert.Null(Translate(0x0040_2678));
    }

    [Fact]
    public void ADirectoryThatStartsWithinPagesWalksNothing()
    {
        TwoLevels();
        _registers["pwfield"] = (11 << 24) | (12 << 6) | 6;
        Assert.Null(Translate(0x0040_2678));
    }

    [Theory]
    [InlineData(13, 6)]
    [InlineData(10, 6)]
    [InlineData(12, 1)]
    [InlineData(12, 32)]
    [InlineData(30, 6)]
    public void AFieldThatIsReservedWalksNothing(uint pti, uint ptei)
    {
        TwoLevels();
        _registers["pwfield"] = (22 << 24) | (pti << 6) | ptei;
        Assert.Null(Translate(0x0040_2678));
    }

    [Fact]
    public void LargerPagesLeaveTheLowestBitsOfTheNumberOut()
    {
        // Pages of 16 KiB, whatever PageMask says: its value is that of the last page written to the TLB.
        _registers["pwfield"] = (24 << 24) | (14 << 6) | 6;
        _registers["pwsize"] = (8 << 24) | (10 << 6);
        _registers["pagemask"] = 0;
        _entries[0x1_0004] = 0x8001_1000;
        _entries[0x1_1008] = 0;
        _entries[0x1_100c] = 0x0034_5000 | (1 << 7);
        Assert.Equal(new ManualPage(0x0034_6abc, 1 << 14, R | X, R | X, false, false, false, 0), Translate(0x0100_eabc));
        Assert.Null(Translate(0x0100_aabc));
    }

    [Fact]
    public void ADirectoryOfAnOddIndexHoldsTwoHalvesOfOneHugePage()
    {
        // A middle directory from bit 21; bit 2 says that an entry is a page.
        _registers["pwfield"] = (21 << 12) | (12 << 6) | 6;
        _registers["pwsize"] = (11 << 12) | (9 << 6);
        _registers["pwctl"] = (1 << 6) | 2;
        _entries[0x1_000c] = 0x00f0_0000 | (1 << 7) | (1 << 6) | (1 << 2);
        ManualPage page = new(0x00e1_2345, 1 << 21, R | X, R | X, true, false, false, 0);
        Assert.Equal(page, Translate(0x0061_2345));
        Assert.Equal(page with { Physical = 0x00f1_2345 }, Translate(0x0071_2345));

        // Without HugePg it is a pointer, and leads nowhere.
        _registers["pwctl"] = 2;
        Assert.Null(Translate(0x0061_2345));
    }

    [Fact]
    public void ADirectoryOfAnEvenIndexHoldsPairsOfHugePages()
    {
        TwoLevels();
        _registers["pwctl"] = (1 << 7) | (1 << 6) | 2;
        _entries[0x1_0008] = 0x0340_0000 | (1 << 8) | (1 << 7) | (1 << 6) | (1 << 2);
        _entries[0x1_000c] = 0x0700_0000 | (1 << 7) | (1 << 6) | (1 << 2);
        Assert.Equal(new ManualPage(0x0351_2345, 1 << 22, R | W | X, R | W | X, true, false, false, 0), Translate(0x0091_2345));
        Assert.Equal(new ManualPage(0x0711_2345, 1 << 22, R | X, R | X, true, false, false, 0), Translate(0x00d1_2345));
        Assert.Equal(0x0034_5678UL, Translate(0x0040_2678)?.Physical);

        // Only with DPH set are two entries a pair.
        _registers["pwctl"] = (1 << 6) | 2;
        Assert.Null(Translate(0x0091_2345));
    }

    [Fact]
    public void EntriesOfEightBytesHoldMoreOfTheAddress()
    {
        _registers["pwsize"] = (10 << 24) | (10 << 6) | 1;
        _registers["pagegrain"] = 7UL << 29;
        _entries[0x1_0004] = 0x8001_2000;
        _entries[0x1_2010] = 0;
        _entries[0x1_2018] = (0xabUL << 38) | 0xf_0034_5000 | (1 << 7) | (1 << 5);
        ManualPage page = new(0xab_f_0034_5678, 4096, X, X, false, false, false, 0);
        Assert.Equal(page, Translate(0x0040_3678));
        Assert.Equal(page with { Physical = 0xb_f_0034_5678 }, Translate(0x0040_3678, 40));
        Assert.Equal(page with { Physical = 0x0034_5678 }, Translate(0x0040_3678, 32));
        _registers["pagegrain"] = 3UL << 30;
        Assert.Equal(page with { Physical = 0xf_0034_5678 }, Translate(0x0040_3678));
        _registers.Remove("pagegrain");
        Assert.Equal(page, Translate(0x0040_3678));

        // Where directories may hold huge pages, their entries are as long.
        _registers["pwctl"] = (1 << 6) | 2;
        Assert.Null(Translate(0x0040_3678));
        _entries[0x1_0008] = 0x1234_5678_8001_2000;
        Assert.Equal(0xab_f_0034_5678UL, Translate(0x0040_3678)?.Physical);
    }

    [Fact]
    public void TheRandomTablesHoldEnoughOfEveryKind()
    {
        var counts = new Dictionary<string, int>();
        void Count(string kind, bool condition) => counts[kind] = counts.GetValueOrDefault(kind) + (condition ? 1 : 0);
        for (int seed = 0; seed < 60; seed++)
        {
            using var space = new MipsSpace("mips32", seed);
            foreach (ulong address in space.Addresses())
            {
                if (space.Translate(address) is not { } page)
                {
                    Count("nothing", true);
                    continue;
                }

                Count("4 KiB", page.PageSize == 4096);
                Count("larger", page.PageSize is > 4096 and < 1 << 18);
                Count("huge", page.PageSize is >= 1 << 18 and < 1 << 29);
                Count("fixed", page.PageSize == 1 << 29);
                Count("kuseg unmapped", page.PageSize == 1UL << 31);
                Count("kuseg", page.User != Rights.None);
                Count("kseg2", address >= 0xc000_0000);
                Count("execute only", page.Supervisor == X);
                Count("no execute", !page.Supervisor.HasFlag(X));
                Count("read-only", page.User == R);
                Count("global page", page.Global && page.PageSize < 1 << 29);
                Count("beyond 4 GiB", page.Physical > uint.MaxValue);
            }
        }

        Assert.Equal(13, counts.Count);
        Assert.All(counts, c => Assert.True(c.Value >= 300, $"{c.Key}: only {c.Value}"));
    }

    [Fact]
    public void TheAddressesLeaveNoPageOut()
    {
        int found = 0;
        for (int seed = 0; seed < 3; seed++)
        {
            using var space = new MipsSpace("mips32", seed);
            HashSet<ulong> pages = [.. space.Addresses().Select(a => (a, space.Translate(a)))
                .Where(p => p.Item2 is not null)
                .Select(p => p.a & ~(p.Item2!.PageSize - 1))];
            for (ulong address = 0; address <= uint.MaxValue; address += 4096)
            {
                if (space.Translate(address) is { PageSize: < 1 << 29 } page)
                {
                    Assert.Contains(address & ~(page.PageSize - 1), pages);
                    found++;
                }
            }
        }

        Assert.True(found > 1000, $"Only {found} pages.");
    }

    /// <summary>Entry 1 of the top table leads to a table with a pair of pages, 2 and 3.</summary>
    private void TwoLevels()
    {
        _entries[0x1_0004] = 0x8001_1000;
        _entries[0x1_1008] = 0x0034_5000 | (3 << 9) | (1 << 8) | (1 << 7) | (1 << 6) | 0b1111;
        _entries[0x1_100c] = 0x0077_7000 | (2 << 9) | (1 << 7) | (1 << 6) | (1 << 4);
        _entries[0x1_1010] = 0x0055_5000;
        _entries[0x1_1014] = 0x0055_6000 | (1 << 7);
    }

    private ManualPage? Translate(ulong address, int? physicalAddressBits = null)
    {
        ulong? Read(ulong at, int size) => _entries.TryGetValue(at, out ulong entry) ? entry : null;
        return new MipsManual(Read, new RegisterSet(_registers), physicalAddressBits).Translate(address);
    }
}
