using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>Discovery on dumps of real guests, of which it is known from elsewhere which roots they have.</summary>
public class RealDumpTests
{
    private const uint Magic = 0x1dc0ffee;

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void RawImagesOfLinuxSayModeRamBaseAndEveryRoot(string name) => Check(name, "raw.bin");

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void DumpsOfLinuxInElfSayModeAndEveryRoot(string name) => Check(name, "phys.elf");

    [Theory]
    [MemberData(nameof(Bare))]
    public void RawImagesOfBareGuestsSayModeRamBaseAndRoot(string name) => Check(name, "raw.bin");

    [Theory]
    [MemberData(nameof(Bare))]
    public void DumpsOfBareGuestsInElfSayModeAndRoot(string name) => Check(name, "phys.elf");

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void WhatIsFoundOpensAsTheProcessItIs(string name)
    {
        using var folder = new TempFolder();
        RootTruth truth = RootTruth.Of(name);
        RootSearch search = Searches.Find(Searches.Alone(folder, name, "raw.bin"));
        var ids = new List<uint>();
        foreach (PageTableRoot root in search.Above().Where(r => truth.Sampled.Contains(r.Root) && !r.IsUpperHalf))
        {
            using MemoryDump dump = root.Dump.Reopen();
            AddressSpace space = AddressSpace.Open(dump, new SpaceRequest().With(root));
            byte[] page = new byte[12];
            ulong? physical = Walks.Translate(space.All(), root.Mode.WordSize == 64 ? 0x2_0000_0000UL : 0x0800_0000UL);
            Assert.True(dump.Memory.TryRead(physical!.Value, page));
            Assert.Equal(Magic, BitConverter.ToUInt32(page));
            ids.Add(BitConverter.ToUInt32(page, 4));
        }

        Assert.Equal(new uint[] { 1, 2, 3, 4 }, ids.Order());
    }

    public static TheoryData<string> Bare() => new([.. BareDumpData.X86, .. BareDumpData.Others]);

    private static void Check(string name, string file)
    {
        using var folder = new TempFolder();
        RootTruth truth = RootTruth.Of(name);
        RootSearch search = Searches.Find(Searches.Alone(folder, name, file));
        PageTableRoot[] above = search.Above();
        string all = Searches.Lines(search.Roots);

        Assert.True(search.Best != null, $"Nothing was found.{all}");
        Assert.True((truth.Mode, truth.RamBase) == (search.Best.Mode.Name, search.Best.RamBase), $"Not {truth.Mode}, 0x{truth.RamBase:x}:{all}");
        Assert.All(truth.Sampled, s => Assert.True(
            above.Any(r => r.Root == s && r.Mode.Name == truth.Mode && !r.IsUpperHalf), $"0x{s:x} wasn't found:{all}"));
        Assert.All(above, r => Assert.True(truth.IsReal(r) || truth.IsLabelledLeftOver(r), $"No root in use: {Searches.Line(r)}"));
        Assert.All(above.Where(truth.IsReal), r => Assert.True(
            truth.IsRightState(r), $"{truth.Say(r)}, and called something else: {Searches.Line(r)}"));
        Assert.Equal(search.Roots.Select(r => r.Score).OrderDescending(), search.Roots.Select(r => r.Score));
        Assert.All(search.Roots, r => Assert.NotEmpty(r.Reasons));
        Assert.All(search.Roots, r => Assert.InRange(r.Score, 0, 1));
    }
}
