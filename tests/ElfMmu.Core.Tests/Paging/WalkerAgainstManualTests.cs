using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The walker against a literal reading of the manual, on random tables.</summary>
public class WalkerAgainstManualTests
{
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void EveryModeHasRandomTables() =>
        Assert.Equal(PagingModes.All.Select(m => m.Name).Order(), RandomSpaces.Modes.Order());

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void MapsExactlyThePagesThatTheManualTranslates(string mode)
    {
        int mapped = 0;
        Check(mode, it =>
        {
            List<Mapping> pages = it.Walk(r => r with { PerPage = true });
            foreach (ulong address in it.Addresses())
            {
                ManualPage? expected = it.Translate(address);
                ManualPage? actual = Walks.Find(pages, address) is { } found ? Page(found, address) : null;
                if (!Same(it.Mode, expected, actual))
                {
                    Assert.Fail($"0x{address:x}: {actual} instead of {expected}");
                }

                mapped += expected == null ? 0 : 1;
            }

            // Nothing is invented: both ends of everything mapped are what the manual says of them.
            foreach (Mapping mapping in pages)
            {
                foreach (ulong end in new[] { mapping.VirtualAddress, mapping.LastAddress })
                {
                    ManualPage? expected = it.Translate(end);
                    Assert.True(Same(it.Mode, expected, Page(mapping, end)), $"0x{end:x} of {mapping} should be {expected}");
                }

                if (it.Mode.ExtraPageSizes.Contains(mapping.Attributes.PageSize))
                {
                    ManualPage[] entries = [.. Entries(mapping).Select(it.Translate).OfType<ManualPage>()];
                    Assert.Equal(entries.Any(e => e.Accessed), mapping.Attributes.Accessed);
                    Assert.Equal(entries.Any(e => e.Dirty), mapping.Attributes.Dirty);
                }
            }
        });
        Assert.True(mapped > 1000, $"Only {mapped} pages were compared.");
    }

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void AnyAddressTranslatesAsTheManualSays(string mode) => Check(mode, it =>
    {
        List<Mapping> fused = it.Walk(r => r);
        for (int i = 0; i < 200; i++)
        {
            ulong address = it.Anywhere();
            Assert.Equal(it.Translate(address)?.Physical, Walks.Translate(fused, address));
        }
    });

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void FusedRunsAreThePagesJoined(string mode) => Check(mode, it =>
    {
        var joined = new List<Mapping>();
        foreach (Mapping page in it.Walk(r => r with { PerPage = true }))
        {
            if (joined.Count > 0 && joined[^1] is var last
                && last.VirtualAddress + last.Size == page.VirtualAddress
                && last.PhysicalAddress + last.Size == page.PhysicalAddress
                && last.Kind == page.Kind
                && last.Attributes.FusesWith(page.Attributes))
            {
                joined[^1] = last with { Size = last.Size + page.Size };
            }
            else
            {
                joined.Add(page);
            }
        }

        Assert.Equal(joined.Select(Plain), it.Walk(r => r).Select(Plain));
    });

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void AddressLimitsCutExactly(string mode) => Check(mode, it =>
    {
        foreach (bool perPage in new[] { false, true })
        {
            List<Mapping> all = it.Walk(r => r with { PerPage = perPage });
            ulong minimum = it.Anywhere();
            ulong maximum = it.Anywhere();
            (minimum, maximum) = (Math.Min(minimum, maximum), Math.Max(minimum, maximum));

            // The smallest pages that hold the two addresses belong to what is asked for.
            ulong first = minimum & ~(it.SmallestPage - 1);
            ulong last = maximum | (it.SmallestPage - 1);
            IEnumerable<Mapping> cut = all
                .Where(m => m.LastAddress >= first && m.VirtualAddress <= last)
                .Select(m => Cut(m, Math.Max(m.VirtualAddress, first), Math.Min(m.LastAddress, last)));
            Assert.Equal(
                cut.Select(Plain),
                it.Walk(r => r with { PerPage = perPage, MinimumAddress = minimum, MaximumAddress = maximum }).Select(Plain));
        }
    });

    [Theory]
    [InlineData("ia32")]
    [InlineData("ia32e")]
    public void FiltersLeaveOutExactlyWhatTheyForbid(string mode) => Check(mode, it =>
    {
        List<Mapping> all = it.Walk(r => r);
        foreach (Privilege privilege in Enum.GetValues<Privilege>())
        {
            foreach ((Rights required, Rights forbidden) in new (Rights, Rights)[] { (0, 0), (W, 0), (0, W), (Rights.Read, X) })
            {
                IEnumerable<Mapping> wanted = all.Where(m =>
                {
                    Rights rights = privilege == Privilege.User ? m.Attributes.User : m.Attributes.Supervisor;
                    return rights != Rights.None && (rights & required) == required && (rights & forbidden) == 0;
                });
                var filter = new MappingFilter(privilege, required, forbidden);
                Assert.Equal(wanted, it.Walk(r => r with { Filter = filter }));
            }
        }
    });

    [Fact]
    public void ASinkThatHasEnoughEndsTheWalk() => Check("ia32e", it =>
    {
        List<Mapping> all = it.Mode.Walk(it.Decoded, out WalkSummary whole);
        Assert.False(whole.Stopped);
        for (int count = 1; count <= Math.Min(all.Count, 3); count++)
        {
            var some = new MappingList(count);
            WalkSummary summary = it.Mode.Walk(it.Decoded, ref some);
            Assert.True(summary.Stopped);
            Assert.Equal(all.Take(count), some.Items);
        }
    });

    /// <summary>The addresses in a mapping at which one of the 16 entries that make up a page begins.</summary>
    private static IEnumerable<ulong> Entries(Mapping mapping)
    {
        ulong entry = mapping.Attributes.PageSize / 16;
        for (ulong done = 0; done < mapping.Size; done += entry)
        {
            yield return mapping.VirtualAddress + done;
        }
    }

    /// <summary>
    /// Whether two agree. A page that several entries make up has been used or written to if any of them says so; that is looked
    /// at by itself, since the manual is asked for one entry at a time.
    /// </summary>
    private static bool Same(PagingMode mode, ManualPage? manual, ManualPage? ours)
    {
        if (manual != null && ours != null && mode.ExtraPageSizes.Contains(ours.PageSize))
        {
            manual = manual with { Accessed = manual.Accessed || ours.Accessed, Dirty = manual.Dirty || ours.Dirty };
        }

        return manual == ours;
    }

    private static ManualPage Page(in Mapping mapping, ulong address) => new(
        mapping.PhysicalAddress + (address - mapping.VirtualAddress),
        mapping.Attributes.PageSize,
        mapping.Attributes.User,
        mapping.Attributes.Supervisor,
        mapping.Attributes.Global,
        mapping.Attributes.Accessed,
        mapping.Attributes.Dirty,
        mapping.Attributes.CacheIndex);

    private static Mapping Cut(in Mapping mapping, ulong first, ulong last) => mapping with
    {
        VirtualAddress = first,
        Size = last - first + 1,
        PhysicalAddress = mapping.PhysicalAddress + (first - mapping.VirtualAddress),
    };

    /// <summary>Accessed and dirty are those of a whole run before it is cut, and no part of what is compared.</summary>
    private static object Plain(Mapping mapping) => (
        mapping.VirtualAddress,
        mapping.Size,
        mapping.PhysicalAddress,
        mapping.Kind,
        mapping.Attributes.User,
        mapping.Attributes.Supervisor,
        mapping.Attributes.PageSize,
        mapping.Attributes.CacheIndex,
        mapping.Attributes.Global);

    private static void Check(string mode, Action<RandomSpace> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            try
            {
                check(space);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The tables of seed {seed}: {e.Message}", e);
            }
        }).Check(Often);
}
