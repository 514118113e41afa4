using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Translators and traces of spaces in real dumps, and of guests, against their whole walks.</summary>
public sealed class SpaceTranslatorTests : IDisposable
{
    private const int Samples = 3000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void BareGuests(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        Compare(Described.Space(dump));
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void LinuxGuests(string name)
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(BigDumps.Folder(name), "phys.elf"));
        Compare(Described.Space(dump));
    }

    [Theory]
    [InlineData("ia32e", "ept")]
    [InlineData("ia32e", "npt")]
    [InlineData("sv39", "sv39x4")]
    public void GuestsWithinGuests(string mode, string host)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            NestedGuest guest = host switch
            {
                "ept" => new NestedGuest(StageFormat.Ia32e, StageFormat.Ept, seed),
                "npt" => new NestedGuest(StageFormat.Ia32e, StageFormat.Npt, seed),
                _ => new NestedGuest(StageFormat.Sv39, StageFormat.Sv39x4, seed),
            };
            using MemoryDump dump = RawDump.Open(_folder, guest.Memory, NestedGuest.RamBase);
            Compare(AddressSpace.Open(
                dump, new SpaceRequest { Root = guest.GuestRoot, Mode = mode, NestedRoot = guest.HostRoot, NestedMode = host }));
        }
    }

    [NestedLabTheory]
    [InlineData("debian-x64-nested", "ia32e")]
    [InlineData("debian-x64-la57-nested", "ia32e")]
    [InlineData("debian-riscv64-nested", null)]
    [InlineData("debian-arm64-nested", "aarch64-4k")]
    public void GuestsOfKvm(string name, string? mode)
    {
        string folder = Path.Combine(NestedLabTheoryAttribute.Folder!, name);
        using JsonDocument meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json")));
        JsonElement nested = meta.RootElement.GetProperty("nested");
        using MemoryDump dump = MemoryDump.Open(Path.Combine(folder, "phys.elf"));
        Compare(AddressSpace.Open(dump, new SpaceRequest
        {
            Root = nested.GetProperty("first").GetUInt64(),
            Mode = mode,
            NestedRoot = nested.GetProperty("second").GetUInt64(),
            NestedMode = meta.RootElement.GetProperty("guest").GetProperty("nested_mode").GetString(),
            Registers = new RegisterSet(nested.GetProperty("registers").EnumerateObject()
                .Select(r => KeyValuePair.Create(r.Name, r.Value.GetUInt64()))),
        }));
    }

    [Fact]
    public void TagsAreTakenOff()
    {
        // TBI0 only: of the lower half the top byte says nothing, of the upper it does.
        ulong tcr = (16UL << 16) | 16 | (2UL << 30) | (1UL << 37);
        var tags = new AddressTags(Lower: true, Upper: false);
        var options = new PagingOptions { Registers = RegisterSet.Empty.With("TCR_EL1", tcr) };
        PagingMode mode = PagingModes.Get("aarch64-4k");
        foreach (ulong address in new ulong[] { 0, 0x4200_0000_0000_1234, 0x7fff_ffff_ffff_ffff, 0x4280_0000_0000_0000, ulong.MaxValue })
        {
            Assert.Equal(tags.Remove(address), mode.Untag(address, options));
        }

        Assert.Equal(0x1234UL, tags.Remove(0x4200_0000_0000_1234));
        Assert.Equal(0x42ff_0000_0000_1234UL, tags.Remove(0x42ff_0000_0000_1234));
        Assert.Equal(0xffff_0000_0000_1234UL, new AddressTags(false, true).Remove(0x42ff_0000_0000_1234));
    }

    private static void Compare(AddressSpace space)
    {
        List<Mapping> pages = space.All(perPage: true);
        Assert.NotEmpty(pages);
        var random = new Random(pages.Count);
        AddressTranslator translator = space.NewTranslator();
        PageTableReader reader = space.NewTableReader();
        ulong[] addresses = [.. Enumerable.Range(0, Samples).Select(i => Choose(pages, random, i))];
        var translations = new Translation[addresses.Length];
        translator.Translate(addresses, translations);
        int mapped = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            ulong address = space.Identity.Mode.Untag(addresses[i], space.Options);
            Mapping? page = Walks.Find(pages, address);
            bool isSame = page is { } found
                ? translations[i].IsMapped
                    && translations[i].PhysicalAddress == found.PhysicalAddress + (address - found.VirtualAddress)
                    && translations[i].Attributes == found.Attributes
                : !translations[i].IsMapped;
            Assert.True(isSame, $"0x{addresses[i]:x} is {translations[i]} instead of {page}");
            Assert.Equal(translations[i], translator.Translate(addresses[i]));
            mapped += page == null ? 0 : 1;
            if (i % 20 == 0)
            {
                CheckTrace(space, reader.Trace(addresses[i]), addresses[i], translations[i]);
            }
        }

        Assert.InRange(mapped, Samples / 4, Samples - 100);
    }

    private static void CheckTrace(
        AddressSpace space, IReadOnlyList<PageTableEntry> steps, ulong address, in Translation translation)
    {
        if (!translation.IsMapped)
        {
            // What each stage allows can still be nothing together.
            Assert.True(steps.Count == 0 || steps[^1].Kind != EntryKind.Leaf || space.Identity.NestedMode != null);
            return;
        }

        PageTableEntry last = steps[^1];
        Assert.Equal(EntryKind.Leaf, last.Kind);
        ulong within = translation.PhysicalAddress - last.Target!.Value;
        Assert.True(within < last.Size, $"0x{address:x}: {last}");
        Assert.Equal(space.Identity.NestedMode == null ? 1 : 2, last.Stage);
        Span<byte> bytes = stackalloc byte[8];
        foreach (PageTableEntry step in steps.Where(s => s.EntryAddress != null && s.EntrySize == 8 && s.Mode != "ppc32"))
        {
            // Where the file has the entry, its bytes are the value.
            Assert.True(space.Dump.TryLocate(PhysicalOf(space, step), out string file, out ulong offset));
            Assert.Equal((file, offset), (step.File, step.FileOffset));
            Assert.True(space.Dump.Memory.TryRead(PhysicalOf(space, step), bytes));
            Assert.Equal(step.Value, BitConverter.ToUInt64(bytes));
        }
    }

    /// <summary>Where a guest's entry is in the dump's memory, by way of the file's offset.</summary>
    private static ulong PhysicalOf(AddressSpace space, PageTableEntry step) => space.Identity.NestedMode == null || step.Stage == 2
        ? step.EntryAddress!.Value
        : space.Dump.Memory.Runs.Where(r => step.FileOffset - r.Offset < r.Size).Select(r => r.Start + (step.FileOffset!.Value - r.Offset)).First();

    /// <summary>Within pages, at their edges and beside them, and anywhere.</summary>
    private static ulong Choose(List<Mapping> pages, Random random, int i)
    {
        Mapping page = pages[random.Next(pages.Count)];
        return (i % 5) switch
        {
            0 or 1 => page.VirtualAddress + (ulong)random.NextInt64((long)Math.Min(page.Size, long.MaxValue)),
            2 => page.LastAddress + (ulong)random.Next(3),
            3 => page.VirtualAddress ^ (1UL << random.Next(64)),
            _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        };
    }
}
