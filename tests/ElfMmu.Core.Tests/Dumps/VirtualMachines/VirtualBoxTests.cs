using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Cores of VirtualBox, written from the layout that is public: the same picture as the plain dump of the guest.</summary>
public sealed class VirtualBoxTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, uint> Cases
    {
        get
        {
            var cases = new TheoryData<string, uint>();
            foreach (string guest in Guest.Names)
            {
                foreach (uint format in new uint[] { 0x0001_0004, 0x0001_0005, 0x0001_0006 })
                {
                    cases.Add(guest, format);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheGuestIsTheSame(string name, uint format)
    {
        using var guest = new Guest(name);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", VirtualBoxWriter.Build(guest, format, cpus: 3)));
        Assert.Empty(dump.Warnings);
        Assert.Equal("VirtualBox core", dump.Container);
        Assert.Equal(Guest.Read(guest.Plain), Guest.Read(dump));
        Assert.Equal(3, dump.Machine.Cpus.Count);
        string[] same = ["rax", "r15", "rip", "rsp", "rbp", "eflags", "cr0", "cr3", "cr4", "cs", "cs.flags", "ss.limit", "gdt_base", "idt.limit", "tr_base"];
        Assert.All(same, r => Assert.Equal(guest[r], dump.Machine.Cpus[2][r]));
        Assert.Equal(guest.Efer, dump.Machine.Cpus[2]["EFER"]);
        Assert.Equal(guest.Plain.Machine.WordSize, dump.Machine.WordSize);
        Assert.Equal(Guest.Mappings(guest.Plain), Guest.Mappings(dump));
        Assert.Equal(
            [new("Product", "VirtualBox"), new("ProductVersion", "7.0.14"), new KeyValuePair<string, object>("ProductBuild", "r161095")],
            dump.Facts.Details);
    }

    [Fact]
    public void RangesWithoutBytesAreDevices()
    {
        using var guest = new Guest("bare-ia32");
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", VirtualBoxWriter.Build(guest, device: (0xf000_0000, 0x2_0000))));
        PhysicalRegionEquals(0xf000_0000, 0x2_0000, Assert.Single(dump.Machine.Devices));
    }

    [Theory]
    [InlineData(0x0001_0000u)]
    [InlineData(0x0001_0003u)]
    [InlineData(0x0002_0006u)]
    public void RegistersOfAnUnknownVersionAreLeftOut(uint format)
    {
        using var guest = new Guest("bare-pae");
        using MemoryDump dump = MemoryDump.Open(_folder.Write("core", VirtualBoxWriter.Build(guest, format)));
        Assert.Empty(dump.Machine.Cpus);
        Assert.Contains("version", Assert.Single(dump.Warnings));
        Assert.Equal(Guest.Read(guest.Plain), Guest.Read(dump));
    }

    private static void PhysicalRegionEquals(ulong start, ulong size, ElfMmu.Memory.PhysicalRegion region) =>
        Assert.Equal((start, size), (region.Start, region.Size));
}
