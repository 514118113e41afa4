using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Cores of Xen domains, written from the layout that is public: the same picture as the plain dump of the guest.</summary>
public sealed class XenTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bare-x64", false, "64")]
    [InlineData("bare-pae", false, "64")]
    [InlineData("bare-ia32", false, "64")]
    [InlineData("bare-ia32", false, "32")]
    [InlineData("bare-pae", false, "32")]
    [InlineData("bare-x64", true, "64")]
    public void TheGuestIsTheSame(string name, bool isPara, string layout)
    {
        using var guest = new Guest(name);
        using MemoryDump dump = MemoryDump.Open(
            _folder.Write("core", new XenWriter { IsPara = isPara, Layout = layout, Cpus = 2 }.Memory(guest, shuffle: isPara).Build(guest)));
        Assert.Empty(dump.Warnings);
        Assert.Equal(isPara ? "Xen core of a paravirtualised domain" : "Xen core of a domain", dump.Container);
        Assert.Equal(Guest.Read(guest.Plain), Guest.Read(dump));
        Assert.Equal(2, dump.Machine.Cpus.Count);
        Assert.All(["rax", "rip", "rsp", "eflags", "cr0", "cr3", "cr4", "cs", "ss"], r => Assert.Equal(guest[r], dump.Machine.Cpus[1][r]));
        Assert.Equal(guest.Plain.Machine.WordSize, dump.Machine.WordSize);
        Assert.Equal(Guest.Mappings(guest.Plain), Guest.Mappings(dump));
        Assert.Contains(new KeyValuePair<string, object>("XenVersion", "4.17.3-pre"), dump.Facts.Details);
        Assert.Contains(dump.Facts.Details, d => d.Key == "XenCapabilities" && d.Value is "xen-3.0-x86_64 hvm-3.0-x86_64");
        if (isPara)
        {
            Assert.Contains(dump.Remarks, r => r.Contains("the machine's"));
        }
    }

    [Theory]
    [InlineData("32")]
    [InlineData("32 of 64")]
    public void TheRootOfA32BitParavirtualisedDomainIsTurnedBack(string layout)
    {
        using var guest = new Guest("bare-pae");
        using MemoryDump dump = MemoryDump.Open(
            _folder.Write("core", new XenWriter { IsPara = true, Layout = layout }.Memory(guest, shuffle: true).Build(guest)));
        Assert.Equal((32, "pae"), (dump.Machine.WordSize, dump.Machine.Mode));
        Assert.Equal(guest["cr3"] & ~0xfffUL, dump.Machine.Cpus[0]["cr3"]);
        Assert.Equal(guest["rip"], dump.Machine.Cpus[0]["rip"]);
    }

    [Fact]
    public void PagesAreFusedToRuns()
    {
        using var guest = new Guest("bare-x64");
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", new XenWriter().Memory(guest, shuffle: false).Build(guest)));
        Assert.InRange(dump.Memory.Runs.Count, 1, guest.Memory.Count);
    }

    [Fact]
    public void SlotsWithoutAFrameAreNone()
    {
        byte[] pages = RawDump.Pages(4);
        XenWriter writer = new XenWriter { IsPara = true }.Page(0, 0x105, pages[..4096]).Page(1, ulong.MaxValue, pages[4096..8192])
            .Page(2, uint.MaxValue, pages[8192..12288]).Page(3, 1UL << 45, new byte[4096]);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", writer.Build(null)));
        Assert.Equal(Guest.Pages(0x10_5000, pages[..4096]), Guest.Read(dump));
        Assert.Contains("1 pages", Assert.Single(dump.Warnings));
    }

    [Fact]
    public void AFrameThatComesTwiceKeepsTheFirst()
    {
        byte[] pages = RawDump.Pages(2);
        using MemoryDump dump = MemoryDump.Open(_folder.Write(
            "core", new XenWriter().Page(5, 0, pages[..4096]).Page(5, 0, pages[4096..]).Build(null)));
        Assert.Equal(Guest.Pages(0x5000, pages[..4096]), Guest.Read(dump));
        Assert.Contains("twice", Assert.Single(dump.Warnings));
    }

    [Fact]
    public void WithoutTheTableNothingIsPlaced()
    {
        using var guest = new Guest("bare-x64");
        byte[] core = new XenWriter().Memory(guest, shuffle: false).Build(guest);
        Throws.Error("DumpTruncated", () => MemoryDump.Open(_folder.Write("core", core.AsSpan(0, core.Length / 2))));
        for (int length = 64; length < core.Length; length += 65521)
        {
            byte[] cut = core[..length];
            Assert.Throws<ElfMmuException>(() => MemoryDump.Open(_folder.Write("core", cut)));
        }
    }

    [Fact]
    public void ACoreWithoutPagesIsInconsistent() =>
        Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.Write("core", new XenWriter().Build(null))));
}
