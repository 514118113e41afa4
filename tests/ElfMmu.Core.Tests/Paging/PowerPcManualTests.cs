using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The literal reading of the PowerPC manual on examples worked out by hand, and what the random tables hold.</summary>
public class PowerPcManualTests
{
    private const Rights R = Rights.Read;
    private const Rights Rw = Rights.Read | Rights.Write;
    private const Rights Rx = Rights.Read | Rights.Execute;
    private const Rights Rwx = Rights.Read | Rights.Write | Rights.Execute;

    private readonly Dictionary<ulong, ulong> _words = [];
    private readonly Dictionary<string, ulong> _registers = new()
    {
        // 512 KiB of table at 0x0f980000, and two segments with one VSID and Kp set.
        ["sdr1"] = 0x0f98_0007,
        ["sr0"] = 0x200c_701c,
        ["sr1"] = 0x200c_701c,
    };

    [Fact]
    public void ThePrimaryHashSelectsTheGroup()
    {
        // The VSID's lowest 19 bits 0x4701c, the page index 0x0ffa: the hash is 0x47fe6. Its lowest ten bits 0x3e6 select the
        // group at 0xf980 in 64 KiB, and of the others 0x11f & 7 the last of the eight such parts.
        Entry(0x0f9f_f980 + (5 * 8), 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_4180 | 0b10);
        Assert.Equal(new ManualPage(0x0123_401b, 4096, Rwx, Rwx, false, true, true, 0), Translate(0x00ff_a01b));
        Assert.Equal(0x0123_4fffUL, Translate(0x10ff_afff)?.Physical);
        Assert.Null(Translate(0x20ff_a01b));
        Assert.Null(Translate(0x00ff_b01b));
        Assert.Null(Translate(0x1_00ff_a01b));
    }

    [Fact]
    public void TheSecondaryHashIsTheComplement()
    {
        // ~0x47fe6 is 0x38019: the group at 0x640, and of 0xe0 nothing goes through the mask.
        Entry(0x0f98_0640, 0x8000_0000 | (0x0c_701c << 7) | 0x43, 0x0123_4000 | 0b10);
        Assert.Equal(new ManualPage(0x0123_401b, 4096, Rwx, Rwx, false, false, false, 0), Translate(0x00ff_a01b));

        // An entry of the primary group comes first, the first one of eight too.
        Entry(0x0f9f_f980 + (7 * 8), 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0777_7000 | 0b10);
        Assert.Equal(0x0777_701bUL, Translate(0x00ff_a01b)?.Physical);
        Entry(0x0f9f_f980 + (6 * 8), 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0666_6000 | 0b10);
        Assert.Equal(0x0666_601bUL, Translate(0x00ff_a01b)?.Physical);
    }

    [Theory]
    [InlineData(0x0000_0000u | (0x0c_701c << 7) | 0x03)]
    [InlineData(0x8000_0000u | (0x0c_701d << 7) | 0x03)]
    [InlineData(0x8000_0000u | (0x8c_701cu << 7) | 0x03)]
    [InlineData(0x8000_0000u | (0x0c_701c << 7) | 0x43)]
    [InlineData(0x8000_0000u | (0x0c_701c << 7) | 0x02)]
    public void AnEntryMatchesInEveryField(uint first)
    {
        Entry(0x0f9f_f980, first, 0x0123_4002);
        Assert.Null(Translate(0x00ff_a01b));
    }

    [Theory]
    [InlineData(0, 0, Rwx)]
    [InlineData(0, 1, Rwx)]
    [InlineData(0, 2, Rwx)]
    [InlineData(0, 3, Rx)]
    [InlineData(1, 0, Rights.None)]
    [InlineData(1, 1, Rx)]
    [InlineData(1, 2, Rwx)]
    [InlineData(1, 3, Rx)]
    public void TheKeyAndPpGiveTheRights(uint key, uint pp, Rights rights)
    {
        Entry(0x0f9f_f980, 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_4078 | pp);
        _registers["sr0"] = 0x000c_701c | (key << 29);
        Assert.Equal(rights, Translate(0x00ff_a01b)!.User);
        Assert.Equal(15, Translate(0x00ff_a01b)!.CacheIndex);
        _registers["sr0"] = 0x000c_701c | (key << 30);
        Assert.Equal(rights, Translate(0x00ff_a01b)!.Supervisor);

        // N forbids fetches alone.
        _registers["sr0"] = 0x100c_701c | (key << 29);
        Assert.Equal(rights & ~Rights.Execute, Translate(0x00ff_a01b)!.User);

        // A page that nobody may use is none.
        _registers["sr0"] = 0x000c_701c | (key << 29) | (key << 30);
        Assert.Equal(rights == Rights.None, Translate(0x00ff_a01b) is null);

        // No memory segment.
        _registers["sr0"] = 0x800c_701c;
        Assert.Null(Translate(0x00ff_a01b));
    }

    [Fact]
    public void WithoutTheRegistersThereIsNothing()
    {
        Entry(0x0f9f_f980, 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_4002);
        Assert.NotNull(Translate(0x00ff_a01b));
        _registers.Remove("sr0");
        Assert.Null(Translate(0x00ff_a01b));
        _registers["sr0"] = 0x200c_701c;
        _registers.Remove("sdr1");
        Assert.Null(Translate(0x00ff_a01b));
    }

    [Theory]
    [InlineData(0b00, Rights.None)]
    [InlineData(0b01, R)]
    [InlineData(0b10, Rw)]
    [InlineData(0b11, R)]
    public void ABlockWinsOverThePage(uint pp, Rights rights)
    {
        // 8 MiB from 0x00800000, for both privileges.
        Entry(0x0f9f_f980, 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_4002);
        Block("dbat3", 0x0080_00ff, 0x4000_0030 | pp);
        if (rights == Rights.None)
        {
            // No data, but instructions come from the page.
            ManualPage fetched = new(0x0123_401b, 4096, Rights.Execute, Rights.Execute, false, false, false, 0);
            Assert.Equal(fetched, Translate(0x00ff_a01b));
        }
        else
        {
            ManualPage data = new(0x407f_a01b, 8 << 20, rights, rights, false, false, false, 6);
            Assert.Equal(data, Translate(0x00ff_a01b));
            Assert.Equal(0x4000_0000UL, Translate(0x0080_0000)?.Physical);
            Assert.Equal(0x407f_ffffUL, Translate(0x00ff_ffff)?.Physical);
            Assert.Null(Translate(0x007f_ffff));
            Assert.Null(Translate(0x0100_0000));

            // The instruction side counts where it leads to the same place.
            Block("ibat0", 0x00fe_0003, 0x407e_0002);
            Rights both = rights | Rights.Execute;
            Assert.Equal(data with { User = both, Supervisor = both }, Translate(0x00ff_a01b));
            Assert.Equal(rights, Translate(0x00fd_ffff)?.User);
            Block("ibat0", 0x00fe_0003, 0x407c_0002);
            Assert.Equal(data, Translate(0x00ff_a01b));
            Block("ibat0", 0x00fe_0003, 0x407e_000a);
            Assert.Equal(data, Translate(0x00ff_a01b));
        }
    }

    [Fact]
    public void ABlockOfOnePrivilegeLeavesTheOtherToTheSegment()
    {
        Entry(0x0f9f_f980, 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_4002);
        ManualPage page = new(0x0123_401b, 4096, Rwx, Rwx, false, false, false, 0);

        // The supervisor's block leads elsewhere, and is what counts.
        Block("dbat0", 0x00fe_0002, 0x5000_0002);
        ManualPage block = new(0x5001_a01b, 1 << 17, Rights.None, Rw, false, false, false, 0);
        Assert.Equal(block, Translate(0x00ff_a01b));
        Block("ibat7", 0x00fe_0002, 0x5000_0002);
        Assert.Equal(block with { Supervisor = Rwx }, Translate(0x00ff_a01b));

        // It leads to where the page is.
        Block("dbat0", 0x00fe_0002, 0x0122_0002);
        Block("ibat7", 0x00fe_0002, 0x0122_0003);
        Assert.Equal(new ManualPage(0x0123_a01b, 1 << 17, Rights.None, Rwx, false, false, false, 0), Translate(0x00ff_a01b));
        _words.Clear();
        Entry(0x0f9f_f980, 0x8000_0000 | (0x0c_701c << 7) | 0x03, 0x0123_a102);
        Assert.Equal(new ManualPage(0x0123_a01b, 1 << 17, Rwx, Rwx, false, false, false, 0), Translate(0x00ff_a01b));

        // The user's block is left out where the supervisor's page leads elsewhere, and stands alone where there is none.
        _registers.Remove("ibat7u");
        Block("dbat0", 0x00fe_0001, 0x5000_0002);
        Assert.Equal(page with { Physical = 0x0123_a01b, User = Rights.Execute, Accessed = true }, Translate(0x00ff_a01b));
        Assert.Equal(new ManualPage(0x5001_b000, 1 << 17, Rw, Rights.None, false, false, false, 0), Translate(0x00ff_b000));
    }

    [Theory]
    [InlineData(0x00fe_000b, 0x5000_0002)] // 256 KiB and more don't start here
    [InlineData(0x00fe_0007, 0x5000_0002)]
    [InlineData(0x00fe_0000, 0x5000_0002)] // valid for nobody
    public void ABlockThatStartsWithinItselfMatchesNothing(ulong upper, ulong lower)
    {
        Block("dbat0", upper, lower);
        Assert.Null(Translate(0x00ff_a01b));
    }

    [Fact]
    public void TheBitsOfABlocksLengthAreJoinedToItsPhysicalNumber()
    {
        Block("dbat0", 0x00fc_0007, 0x5000_0002);
        Assert.Equal(0x5003_a01bUL, Translate(0x00ff_a01b)?.Physical);
        Assert.Equal(0x5000_0000UL, Translate(0x00fc_0000)?.Physical);
        Block("dbat0", 0x00fc_0007, 0x5002_0002);
        Assert.Equal(0x5003_a01bUL, Translate(0x00ff_a01b)?.Physical);
        Assert.Equal(0x5002_0000UL, Translate(0x00fc_0000)?.Physical);

        // A length with a gap: two blocks of 128 KiB.
        Block("dbat0", 0x00f8_000b, 0x5000_0002);
        Assert.Equal(0x5000_a01bUL, Translate(0x00f8_a01b)?.Physical);
        Assert.Null(Translate(0x00fa_a01b));
        Assert.Equal(0x5004_a01bUL, Translate(0x00fc_a01b)?.Physical);
        Assert.Equal(1UL << 17, Translate(0x00fc_a01b)?.PageSize);
        _registers.Remove("dbat0l");
        Assert.Null(Translate(0x00ff_a01b));
    }

    [Fact]
    public void TheRandomTablesHoldEnoughOfEveryKind()
    {
        var counts = new Dictionary<string, int>();
        void Count(string kind, bool condition) => counts[kind] = counts.GetValueOrDefault(kind) + (condition ? 1 : 0);
        for (int seed = 0; seed < 50; seed++)
        {
            using var space = new PowerPcSpace("ppc32", seed);
            ulong last = 0;
            var manual = new PowerPcManual(
                (address, size) =>
                {
                    ulong? word = space.Read(address, size);
                    last = address % 8 == 0 ? word ?? 0 : last;
                    return word;
                },
                space.Request.Options.Registers);
            var seen = new HashSet<ulong>();
            foreach (ulong address in space.Addresses())
            {
                if (manual.Translate(address) is not { } page)
                {
                    Count("nothing", true);
                    continue;
                }

                Count("page", page.PageSize == 4096);
                Count("page of the secondary group", page.PageSize == 4096 && (last & 0x40) != 0);
                Count("block", page.PageSize > 4096);
                Count("large block", page.PageSize > 1 << 20);
                Count("user only", page.Supervisor == Rights.None);
                Count("supervisor only", page.User == Rights.None);
                Count("fetch only", (page.User | page.Supervisor) == Rights.Execute);
                Count("data only", !(page.User | page.Supervisor).HasFlag(Rights.Execute));
                Count("everything", page.Supervisor == Rwx);
                Count("rights that differ", page.User != page.Supervisor);
                Count("changed", page.Dirty && page.Accessed);
                Count("guarded", (page.CacheIndex & 1) != 0);
                Count("alias", !seen.Add(page.Physical));
            }
        }

        Assert.Equal(14, counts.Count);
        Assert.All(counts, c => Assert.True(c.Value >= 300, $"{c.Key}: only {c.Value}"));
    }

    [Fact]
    public void TheAddressesLeaveNoPageOut()
    {
        int found = 0;
        for (int seed = 0; seed < 4; seed++)
        {
            using var space = new PowerPcSpace("ppc32", seed);
            HashSet<ulong> addresses = [.. space.Addresses()];
            RegisterSet registers = space.Request.Options.Registers;
            int segment = Enumerable.Range(0, 16).First(i => registers[$"sr{i}"] is { } value && value >> 31 == 0);
            for (ulong page = 0; page < 1 << 16; page++)
            {
                ulong address = ((ulong)segment << 28) | (page << 12);
                if (space.Translate(address) is { PageSize: 4096 })
                {
                    Assert.Contains(address, addresses);
                    found++;
                }
            }
        }

        Assert.True(found > 25, $"Only {found} pages.");
    }

    private void Entry(ulong address, uint first, uint second) => (_words[address], _words[address + 4]) = (first, second);

    private void Block(string name, ulong upper, ulong lower) =>
        (_registers[name + "u"], _registers[name + "l"]) = (upper, lower);

    private ManualPage? Translate(ulong address)
    {
        ulong? Read(ulong at, int size) => _words.TryGetValue(at, out ulong word) ? word : null;
        return new PowerPcManual(Read, new RegisterSet(_registers)).Translate(address);
    }
}
