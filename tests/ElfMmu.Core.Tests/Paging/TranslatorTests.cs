using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>Translators of every mode against whole walks of the same random tables, and against the manual where the walk is silent.</summary>
public class TranslatorTests
{
    private const int Seeds = 120;
    private const int GarbageSeeds = 40;

    private static readonly string[] Refusals = ["ControlInvalid", "RootNotInDump", "RegistersRequired", "ModeConflict"];

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void AnAddressIsWhatTheWalkSays(string mode)
    {
        int mapped = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            mapped += Compare(space, seed);
        }

        Assert.True(mapped > 1000, $"Only {mapped} addresses were mapped.");
    }

    /// <summary>Of the same memory in pieces that aren't whole tables, and with the sources not mapped in place.</summary>
    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void TablesThatArentWholeOrInPlaceAreReadAllTheSame(string mode)
    {
        int mapped = 0;
        int lost = 0;
        for (int seed = 0; seed < Seeds / 4; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            if (Pages(space) == null)
            {
                continue;
            }

            WalkRequest whole = space.Decoded;
            var random = new Random(seed);
            using var memory = new PhysicalMemory(whole.Memory.Runs.SelectMany(r => Pieces(r, random)));
            WalkRequest request = whole with { Memory = memory, Map = new PhysicalMap(memory, []) };
            if (Pages(space.Mode, request) is not { } pages)
            {
                continue;
            }

            AddressTranslator translator = space.Mode.NewTranslator(request);
            foreach (ulong address in space.Addresses())
            {
                Translation translation = translator.Translate(address);
                AssertSame(pages, address, translation, seed);
                mapped += translation.IsMapped ? 1 : 0;
                lost += translation.Status == TranslationStatus.TableAbsent ? 1 : 0;
            }
        }

        Assert.True(mapped > 100 && lost > 10, $"{mapped} addresses were mapped, of {lost} a table was lost.");
    }

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void ATraceEndsWithWhatTheTranslatorGives(string mode)
    {
        int faults = 0;
        int leaves = 0;
        for (int seed = 0; seed < Seeds / 2; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            if (Pages(space) == null)
            {
                continue;
            }

            AddressTranslator translator = space.Mode.NewTranslator(space.Decoded);
            TableView view = space.Mode.NewView(space.Decoded);
            foreach (ulong address in Some(space).Take(600))
            {
                var steps = new List<WalkStep>();
                Translation translation = view.Trace(address, steps);
                Assert.Equal(translator.Translate(address), translation);
                if (translation.Status == TranslationStatus.NotTranslated)
                {
                    Assert.DoesNotContain(steps, s => s.Kind is EntryKind.Leaf);
                    continue;
                }

                WalkStep last = steps[^1];
                if (translation.IsMapped)
                {
                    leaves++;
                    Assert.Equal(EntryKind.Leaf, last.Kind);
                    Assert.Equal(translation.Attributes, last.Attributes);
                    ulong untagged = space.Mode.Untag(address, space.Decoded.Options);
                    Assert.Equal(translation.PhysicalAddress, last.Target + (untagged - last.VirtualAddress));
                    Assert.NotEqual("", last.Table == null ? "register" : last.Flags);
                }
                else
                {
                    faults++;
                    EntryKind expected = translation.Status switch
                    {
                        TranslationStatus.Reserved => EntryKind.Reserved,
                        TranslationStatus.TableAbsent => EntryKind.Absent,
                        _ => EntryKind.Invalid,
                    };
                    Assert.True(
                        last.Kind == expected || (mode == "ppc32" && steps.Any(s => s.Kind == expected || s.Kind == EntryKind.Leaf)),
                        $"0x{address:x} of seed {seed}: {translation.Status}, but {last.Kind}");
                }
            }
        }

        Assert.True(leaves > 300 && faults > 100, $"{leaves} leaves, {faults} faults.");
    }

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void TablesFollowedDownGiveTheLeavesOfTheWalk(string mode)
    {
        int compared = 0;
        for (int seed = 0; seed < Seeds / 8; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            if (Pages(space) is not { } pages)
            {
                continue;
            }

            TableView view = space.Mode.NewView(space.Decoded);
            var leaves = new SortedDictionary<ulong, List<WalkStep>>();
            foreach (TablePlace root in view.Roots)
            {
                Follow(view, root, leaves);
            }

            // In fixed segments and blocks there are no tables.
            bool hasRegisters = mode is "ppc32" or "mips32";
            foreach (Mapping page in pages.Where(p => p.Attributes.Level != 0 || !hasRegisters))
            {
                // What stands behind its addresses can cut a page. MIPS's fields can leave bits out, so that a table shows itself again
                // and again, and segments of PowerPC can show the same pages.
                ulong first = leaves.Keys.LastOrDefault(k => k <= page.VirtualAddress);
                if (hasRegisters && first != page.VirtualAddress)
                {
                    continue;
                }

                Assert.Contains(leaves[first], leaf => leaf.Target + (page.VirtualAddress - first) == page.PhysicalAddress
                    && (mode == "ppc32" || leaf.Rights == (page.Attributes.User, page.Attributes.Supervisor)));
                compared++;
            }
        }

        Assert.True(compared > 50, $"Only {compared} pages were compared.");
    }

    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void BatchesAllocateNothing(string mode)
    {
        for (int seed = 0; ; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            if (Pages(space) is not { Count: > 3 })
            {
                continue;
            }

            ulong[] addresses = [.. Some(space).Take(2000)];
            var translations = new Translation[addresses.Length];
            AddressTranslator translator = space.Mode.NewTranslator(space.Decoded);
            translator.Translate(addresses, translations);
            long before = GC.GetAllocatedBytesForCurrentThread();
            translator.Translate(addresses, translations);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            Assert.Contains(translations, t => t.IsMapped);
            return;
        }
    }

    /// <summary>Random bytes and random registers: whatever the walk lists, the translator gives, and it always ends.</summary>
    [Theory]
    [ClassData(typeof(RandomSpaces))]
    public void GarbageIsTranslatedAsItIsWalked(string name)
    {
        PagingMode mode = PagingModes.Get(name);
        int mapped = 0;
        for (int seed = 0; seed < GarbageSeeds; seed++)
        {
            var random = new Random(seed);
            using PhysicalMemory memory = Garbage.Memory(random);
            WalkRequest request = Garbage.Request(mode, memory, random);
            AddressTranslator translator;
            TableView view;
            try
            {
                translator = mode.NewTranslator(request);
                view = mode.NewView(request);
            }
            catch (ElfMmuException)
            {
                continue;
            }

            var sink = new MappingList(2000);
            bool isWhole = true;
            try
            {
                mode.Walk(request with { PerPage = true, IncludeAbsent = true }, ref sink);
            }
            catch (ElfMmuException)
            {
                isWhole = false;
            }

            // What a walk that was cut short lists last may be part of a page.
            foreach (Mapping page in sink.Items.SkipLast(isWhole && sink.Items.Count < 2000 ? 0 : 1))
            {
                ulong within = (ulong)random.NextInt64((long)Math.Min(page.Size, long.MaxValue));
                Translation expected = new(page.PhysicalAddress + within, page.Attributes, TranslationStatus.Mapped);
                Assert.Equal(expected, translator.Translate(page.VirtualAddress + within));
                mapped++;
            }

            for (int i = 0; i < 500; i++)
            {
                var steps = new List<WalkStep>();
                ulong address = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                Assert.Equal(translator.Translate(address), view.Trace(address, steps));
                Assert.True(steps.Count <= 24);
            }
        }

        Assert.True(mapped > 0, "Nothing came of it.");
    }

    /// <summary>The lists of pages of a walk; null when the engine refuses the space as a whole, as the translator has to then.</summary>
    private static List<Mapping>? Pages(PagingMode mode, WalkRequest request)
    {
        try
        {
            return mode.Walk(request with { PerPage = true, IncludeAbsent = true }, out _);
        }
        catch (ElfMmuException e) when (Refusals.Contains(e.ErrorId))
        {
            Throws.Error(e.ErrorId, () => mode.NewTranslator(request));
            Throws.Error(e.ErrorId, () => mode.NewView(request));
            return null;
        }
    }

    private static List<Mapping>? Pages(RandomSpace space)
    {
        WalkRequest request;
        try
        {
            request = space.Decoded;
        }
        catch (ElfMmuException e) when (Refusals.Contains(e.ErrorId))
        {
            return null;
        }

        return Pages(space.Mode, request);
    }

    private static int Compare(RandomSpace space, int seed)
    {
        if (Pages(space) is not { } pages)
        {
            return 0;
        }

        // In any order, so that what is remembered is used and replaced.
        ulong[] addresses = [.. Some(space).Concat(pages.SelectMany(p => new[] { p.VirtualAddress, p.LastAddress })).Take(20_000)];
        new Random(seed).Shuffle(addresses);
        AddressTranslator translator = space.Mode.NewTranslator(space.Decoded);
        var translations = new Translation[addresses.Length + 1];
        translator.Translate(addresses, translations);
        Assert.Equal(default, translations[^1]);
        int mapped = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            AssertSame(pages, space.Mode.Untag(addresses[i], space.Decoded.Options), translations[i], seed);
            Assert.Equal(translations[i], translator.Translate(addresses[i]));
            mapped += translations[i].IsMapped ? 1 : 0;
        }

        return mapped;
    }

    private static IEnumerable<ulong> Some(RandomSpace space) =>
        space.Addresses().Concat(Enumerable.Range(0, 300).Select(_ => space.Anywhere()));

    private static void AssertSame(List<Mapping> pages, ulong address, Translation actual, int seed)
    {
        Mapping? page = Walks.Find(pages, address);
        bool isSame = page is { } found
            ? actual == new Translation(found.PhysicalAddress + (address - found.VirtualAddress), found.Attributes, TranslationStatus.Mapped)
            : actual is { IsMapped: false, PhysicalAddress: 0 };
        Assert.True(isSame, $"0x{address:x} of seed {seed}: {actual} instead of {page}");
    }

    private static void Follow(TableView view, TablePlace table, SortedDictionary<ulong, List<WalkStep>> leaves)
    {
        foreach (WalkStep entry in view.Entries(table))
        {
            if (entry.Next is { } next)
            {
                Follow(view, next, leaves);
            }
            else if (entry is { Kind: EntryKind.Leaf, VirtualAddress: { } address })
            {
                if (!leaves.TryGetValue(address, out List<WalkStep>? found))
                {
                    leaves.Add(address, found = []);
                }

                found.Add(entry);
            }
        }
    }

    /// <summary>A run cut into pieces of odd sizes, with some left out, whose bytes have to be read.</summary>
    private static IEnumerable<PhysicalRun> Pieces(PhysicalRun run, Random random)
    {
        byte[] bytes = new byte[run.Size];
        run.Source.Read(run.Offset, bytes);
        var source = new CopiedDataSource(bytes);
        for (ulong done = 0; done < run.Size;)
        {
            ulong size = Math.Min((ulong)random.Next(1, 1200) * 8, run.Size - done);
            if (random.Next(8) != 0)
            {
                yield return new PhysicalRun(run.Start + done, size, source, done);
            }

            done += size;
        }
    }
}
