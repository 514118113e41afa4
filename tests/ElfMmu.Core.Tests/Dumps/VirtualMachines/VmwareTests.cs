using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Suspended machines and snapshots of VMware, written from the layout that is public: the same picture as the plain dump of the guest.</summary>
public sealed class VmwareTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, uint, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, uint, bool, bool, bool>();
            foreach (string guest in Guest.Names)
            {
                foreach (uint magic in new[] { 0xbed0bed0, 0xbed2bed2, 0xbad1bad1 })
                {
                    cases.Add(guest, magic, false, false, true);
                    cases.Add(guest, magic, true, true, false);
                }

                cases.Add(guest, 0xbed3bed3, true, false, true);
                cases.Add(guest, 0xbad2bad2, false, true, false);
                cases.Add(guest, 0xbed2bed0, true, true, true);
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheGuestIsTheSame(string name, uint magic, bool blocks, bool embedded, bool efer)
    {
        using var guest = new Guest(name);
        VmwareWriter writer = new VmwareWriter { Magic = magic }.Cpu(guest, blocks, efer, cpus: 2).Regions(guest.Memory, out byte[] memory);
        if (embedded)
        {
            writer.Block("Memory", memory, 0, 0);
        }
        else
        {
            _folder.Write("guest.vmem", memory);
        }

        string state = _folder.Write("guest.vmss", writer.Build());
        foreach (string path in embedded ? [state] : new[] { state, _folder.File("guest.vmem") })
        {
            using MemoryDump dump = MemoryDump.Open(path);
            Assert.Empty(dump.Warnings);
            Assert.Equal("VMware state and memory", dump.Container);
            Assert.Equal(Guest.Read(guest.Plain), Guest.Read(dump));
            Assert.Equal(2, dump.Machine.Cpus.Count);
            Assert.All(["rip", "rsp", "rax", "r8", "cr0", "cr3", "cr4", "cs", "cs_base", "idt_base", "eflags"], r => Assert.Equal(guest[r], dump.Machine.Cpus[1][r]));
            Assert.Equal(guest.Plain.Machine.WordSize, dump.Machine.WordSize);
            Assert.Equal(Guest.Mappings(guest.Plain), Guest.Mappings(dump));
            Assert.Equal(embedded ? [path] : new[] { path, path == state ? _folder.File("guest.vmem") : state }, dump.Files);
            AssertInPlace(dump);
            using MemoryDump again = dump.Identity.Reopen();
            Assert.Same(dump, again);
        }
    }

    [Fact]
    public void WithoutRegionsTheMemoryStartsAtZero()
    {
        using var guest = new Guest("bare-x64");
        byte[] low = Low(guest);
        _folder.Write("plain.vmem", low);
        string path = _folder.Write("plain.vmsn", new VmwareWriter().Cpu(guest, blocks: true).Regions().Build());
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal((0UL, (ulong)low.Length), (dump.Memory.Runs[0].Start, dump.Memory.Runs[0].Size));
        using MemoryDump raw = MemoryDump.Open(_folder.Write("raw", low), new DumpOptions { RamBase = 0 });
        Assert.Equal(raw.Space(guest["cr3"], "ia32e").All(), dump.Space().All());
    }

    [Fact]
    public void AHoleBelow4GiBIsKept()
    {
        byte[] pages = RawDump.Pages(8);
        _folder.Write("hole.vmem", pages);
        string path = _folder.Write("hole.vmss", new VmwareWriter().Regions((0, 0, 5), (5, 0x10_0000, 3)).Build());
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal([(0UL, 0x5000UL), (0x1_0000_0000UL, 0x3000UL)], dump.Memory.Runs.Select(r => (r.Start, r.Size)));
        byte[] page = new byte[4096];
        Assert.True(dump.Memory.TryRead(0x1_0000_1000, page));
        Assert.Equal(pages[0x6000..0x7000], page);
        Assert.False(dump.Memory.TryRead(0x5000, page));
    }

    [Fact]
    public void ASuspensionCountsBeforeASnapshot()
    {
        _folder.Write("m.vmem", RawDump.Pages(4));
        string suspended = _folder.Write("m.vmss", new VmwareWriter().Regions((0, 0x100, 4)).Build());
        string snapshot = _folder.Write("m.vmsn", new VmwareWriter().Regions((0, 0x200, 4)).Build());
        using (MemoryDump dump = MemoryDump.Open(_folder.File("m.vmem")))
        {
            Assert.Equal(0x10_0000UL, dump.Memory.Runs[0].Start);
            Assert.Contains(dump.Remarks, r => r.Contains(snapshot) && r.Contains("counts before"));
        }

        using (MemoryDump dump = MemoryDump.Open(snapshot))
        {
            Assert.Equal(0x20_0000UL, dump.Memory.Runs[0].Start);
        }

        // What isn't a state by its magic doesn't count.
        File.WriteAllBytes(suspended, new byte[100]);
        using (MemoryDump dump = MemoryDump.Open(_folder.File("m.vmem")))
        {
            Assert.Equal(0x20_0000UL, dump.Memory.Runs[0].Start);
            Assert.Contains(dump.Remarks, r => r.Contains(suspended));
        }

        File.WriteAllBytes(snapshot, new byte[100]);
        using (MemoryDump dump = MemoryDump.Open(_folder.File("m.vmem")))
        {
            Assert.Equal("raw image", dump.Container);
            Assert.False(dump.IsPlaced);
        }
    }

    [Fact]
    public void PackedFilesBelongTogetherToo()
    {
        byte[] pages = RawDump.Pages(4);
        _folder.Write("p.vmem.gz", SmallMachine.Pack(pages));
        _folder.Write("p.vmss.gz", SmallMachine.Pack(new VmwareWriter().Regions((0, 0x100, 4)).Build()));
        foreach (string name in new[] { "p.vmem.gz", "p.vmss.gz" })
        {
            using MemoryDump dump = MemoryDump.Open(_folder.File(name));
            Assert.Equal(Guest.Pages(0x10_0000, pages), Guest.Read(dump));
            Assert.Equal(2, dump.Files.Count);
        }
    }

    [Fact]
    public void AMemoryFileAloneIsRawAndSaysSo()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("alone.vmem", RawDump.Pages(4)));
        Assert.Equal("raw image", dump.Container);
        Assert.Contains(dump.Remarks, r => r.Contains("alone.vmss or alone.vmsn"));
        Assert.Empty(dump.Warnings);
    }

    [Theory]
    [InlineData(0xc000_0000L, 0)]
    [InlineData(0xc000_1000L, 1)]
    public void ALargeMemoryFileAloneWarnsOfTheHole(long length, int warnings)
    {
        string path = _folder.File("large.vmem");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(length);
        }

        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal(warnings, dump.Warnings.Count);
        Assert.All(dump.Warnings, w => Assert.Contains("0x100000000", w));
        using MemoryDump placed = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        Assert.Empty(placed.Warnings);
    }

    [Fact]
    public void AStateWithoutItsMemorySaysWhatIsMissing()
    {
        ElfMmuException e = Throws.Error(
            "NotAMemoryDump", () => MemoryDump.Open(_folder.Write("lonely.vmss", new VmwareWriter().Regions((0, 0, 4)).Build())));
        Assert.Contains(".vmem", e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatACutOffFileLacksIsAbsent(bool zeroFill)
    {
        byte[] pages = RawDump.Pages(8);
        _folder.Write("cut.vmem", pages.AsSpan(0, 0x5800));
        string state = _folder.Write("cut.vmss", new VmwareWriter().Regions((0, 0, 4), (4, 0x100, 4)).Build());
        using MemoryDump dump = MemoryDump.Open(state, new DumpOptions { ZeroFill = zeroFill });
        Assert.Contains("offset 0x5800 at physical 0x101800", Assert.Single(dump.Warnings));
        Assert.Equal(0x2800UL, dump.MissingSize);
        byte[] bytes = new byte[0x4000];
        Assert.Equal(zeroFill, dump.Memory.TryRead(0x10_0000, bytes));
        if (zeroFill)
        {
            Assert.Equal([.. pages[0x4000..0x5800], .. new byte[0x2800]], bytes);
        }
        else
        {
            Assert.True(dump.Memory.TryRead(0x10_0000, bytes.AsSpan(0, 0x1800)));
            Assert.Equal(pages[0x4000..0x5800], bytes[..0x1800]);
            Assert.False(dump.Memory.TryRead(0x10_1800, bytes.AsSpan(0, 1)));
        }

        File.WriteAllBytes(_folder.File("cut.vmem"), []);
        if (!zeroFill)
        {
            Throws.Error("DumpTruncated", () => MemoryDump.Open(state));
        }
    }

    [Fact]
    public void ASizeBeyondAllReasonIsNotFilledWithZeros()
    {
        _folder.Write("z.vmem", RawDump.Pages(4));
        string state = _folder.Write("z.vmss", new VmwareWriter().Regions((0, 0, 1UL << 31)).Build());
        using MemoryDump dump = MemoryDump.Open(state, new DumpOptions { ZeroFill = true });
        Assert.Equal(0x4000UL, dump.Memory.Size);
        Assert.Contains("aren't there", Assert.Single(dump.Warnings));
    }

    [Fact]
    public void ProductAndMachineAreTold()
    {
        const string Configuration = "\n.encoding = \"UTF-8\"\ndisplayName = \"Mail server\"\r\nguestOS = \"debian12-64\"\nuuid.bios = \"56 4d 01 02\"\n";
        VmwareWriter writer = new VmwareWriter().Group("Checkpoint").Text("ProductName", "VMware ESX", 256).Text("VersionNumber", "7.0.3", 256)
            .Value("memSize", 1u).Group("Snapshot").Block("anything", Encoding.UTF8.GetBytes(Configuration)).Regions((0, 0, 256));
        _folder.Write("f.vmem", new byte[1 << 20]);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("f.vmsn", writer.Build()));
        Assert.Equal(
            [
                new("Product", "VMware ESX"), new("ProductVersion", "7.0.3"), new("VirtualMachine", "Mail server"), new("GuestType", "debian12-64"),
                new KeyValuePair<string, object>("Uuid", "56 4d 01 02"),
            ],
            dump.Facts.Details);
        Assert.Empty(dump.Warnings);
        File.WriteAllBytes(_folder.File("f.vmem"), new byte[4096]);
        using MemoryDump other = MemoryDump.Open(_folder.File("f.vmsn"));
        Assert.Contains(other.Warnings, w => w.Contains("1 MiB"));
    }

    [Fact]
    public void AnArmStartsAt2GiBWhenNothingElseIsSaid()
    {
        byte[] pages = RawDump.Pages(4);
        _folder.Write("arm.vmem", pages);
        VmwareWriter writer = new VmwareWriter().Group("Checkpoint").Value("Platform", 3u).Group("cpu").Value("cpu:numVCPUs", 1u)
            .Wide("hv:ttbrEL1[0]", 0x8000_1000, 0).Wide("hv:ttbrEL1[1]", 0x8000_2000, 0);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("arm.vmss", writer.Build()));
        Assert.Equal(Architecture.AArch64, dump.Machine.Architecture);
        Assert.Equal(0x8000_0000UL, dump.Memory.Runs[0].Start);
        Assert.Equal((0x8000_1000UL, 0x8000_2000UL), (dump.Machine.Cpus[0]["TTBR0_EL1"], dump.Machine.Cpus[0]["TTBR1_EL1"]));
    }

    [Fact]
    public void MemoryThatIsPackedAsAWholeIsntRead()
    {
        ElfMmuException e = Throws.Error("DumpUnsupported", () => MemoryDump.Open(_folder.Write(
            "packed.vmss", new VmwareWriter().Regions().Packed("Memory", new byte[4096], 0, 0).Build())));
        Assert.Contains("vmss2core", e.Message);
    }

    [Fact]
    public void OnlyTheProcessorsThatAreCountedAreThere()
    {
        _folder.Write("c.vmem", new byte[4096]);
        string path = _folder.Write("c.vmss", new VmwareWriter().Group("cpu").Value("cpu:numVCPUs", 2u).Wide("rip", 1, 0).Wide("rip", 2, 1).Wide("rip", 3, 2)
            .Wide("rip", 4, uint.MaxValue).Build());
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal([1UL, 2UL], dump.Machine.Cpus.Select(c => c["rip"]!.Value));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4097u)]
    [InlineData(uint.MaxValue)]
    public void ANumberOfGroupsThatNobodyWritesIsRefused(uint groups)
    {
        byte[] state = new VmwareWriter().Regions((0, 0, 1)).Build();
        BitConverter.GetBytes(groups).CopyTo(state, 8);
        _folder.Write("h.vmem", new byte[4096]);
        Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.Write("h.vmss", state)));

        // The memory file says which of the two is to be put away.
        ElfMmuException e = Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.File("h.vmem")));
        Assert.Contains("h.vmss", e.Path);
        Assert.Contains("raw image", e.Message);
    }

    [Fact]
    public void RegionsThatClaimTheSameAddressesKeepTheFirst()
    {
        byte[] pages = RawDump.Pages(8);
        _folder.Write("o.vmem", pages);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("o.vmss", new VmwareWriter().Regions((0, 0x100, 3), (4, 0x102, 3)).Build()));
        Assert.Contains("twice", Assert.Single(dump.Warnings));
        byte[] bytes = new byte[0x5000];
        Assert.True(dump.Memory.TryRead(0x10_0000, bytes));
        Assert.Equal([.. pages[..0x3000], .. pages[0x5000..0x7000]], bytes);
    }

    [Fact]
    public void ZerosForWhatIsMissingDontHideWhatAnotherRegionHas()
    {
        byte[] pages = RawDump.Pages(8);
        _folder.Write("zf.vmem", pages);
        string state = _folder.Write("zf.vmss", new VmwareWriter().Regions((6, 0x100, 12), (0, 0x104, 4)).Build());
        using MemoryDump dump = MemoryDump.Open(state, new DumpOptions { ZeroFill = true });
        byte[] bytes = new byte[0xc000];
        Assert.True(dump.Memory.TryRead(0x10_0000, bytes));
        Assert.Equal([.. pages[0x6000..], .. new byte[0x2000], .. pages[..0x4000], .. new byte[0x4000]], bytes);
    }

    [Fact]
    public void RegionsWithoutAStartOrOutOfBoundsAreLeftOut()
    {
        _folder.Write("r.vmem", new byte[8192]);
        VmwareWriter writer = new VmwareWriter().Group("memory").Value("regionsCount", 3u).Value("regionSize", 1u, 0).Value("regionPPN", 1u, 0)
            .Wide("regionPPN", 1UL << 62, 1).Value("regionPageNum", 0u, 1).Value("regionSize", 1u, 1)
            .Value("regionPPN", 7u, 2).Value("regionPageNum", 1u, 2).Value("regionSize", 1u, 2);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("r.vmss", writer.Build()));
        Assert.Equal([(0x7000UL, 0x1000UL)], dump.Memory.Runs.Select(r => (r.Start, r.Size)));
        Assert.Equal(2, dump.Warnings.Count);
    }

    private static unsafe void AssertInPlace(MemoryDump dump) => Assert.All(dump.Memory.Runs, r => Assert.True(r.Source.Pointer != null));

    private static byte[] Low(Guest guest)
    {
        byte[] low = new byte[8 << 20];
        foreach ((ulong start, byte[] bytes) in guest.Memory.Where(m => m.Start < 8 << 20))
        {
            bytes.CopyTo(low, (long)start);
        }

        return low;
    }
}
