using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

public class FileOffsetTests
{
    [Fact]
    public void Offsets_lead_back_to_where_they_came_from()
    {
        using var folder = new TempFolder();
        string path = folder.Write("dump.elf", new SmallMachine("ia32e").Elf(ElfClass.Elf64, ElfData.LittleEndian));
        using MemoryDump dump = MemoryDump.Open(path);
        for (ulong address = SmallMachine.RamBase; address < SmallMachine.RamBase + 0x1_0000; address += 0x7ff)
        {
            Assert.True(dump.TryLocate(address, out string file, out ulong offset));
            Assert.Equal([address], dump.AddressesAt(offset));
            Assert.Equal([address], dump.AddressesAt(offset, file));
            Assert.Equal([address], dump.AddressesAt(offset, "dump.elf"));
        }

        Assert.Empty(dump.AddressesAt(0));
        Assert.Empty(dump.AddressesAt(ulong.MaxValue));
        Assert.Equal("FileNotOfDump", Assert.Throws<ElfMmuException>(() => dump.AddressesAt(0, "other.elf")).ErrorId);
    }

    [Fact]
    public void Bytes_that_are_shown_twice_have_two_addresses()
    {
        using var folder = new TempFolder();
        byte[] memory = RawDump.Pages(4);
        string path = folder.Write("dump.elf", Twice(memory));
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.True(dump.TryLocate(0x20_1000, out _, out ulong offset));
        Assert.Equal([0x10_1000UL, 0x20_1000UL], dump.AddressesAt(offset));
        Assert.True(dump.TryLocate(0x10_3000, out _, out offset));
        Assert.Equal([0x10_3000UL], dump.AddressesAt(offset));
    }

    [Fact]
    public void Of_several_files_one_must_be_named()
    {
        using var folder = new TempFolder();
        var machine = new SmallMachine("ia32e");
        string low = folder.Write("low.bin", machine.Memory.AsSpan(0, 0x6000));
        folder.Write("high.bin", machine.Memory.AsSpan(0x6000));
        using MemoryDump dump = MemoryDump.Open(folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin")));
        ElfMmuException error = Assert.Throws<ElfMmuException>(() => dump.AddressesAt(0x1000));
        Assert.Equal("FileAmbiguous", error.ErrorId);
        Assert.Contains("low.bin", error.Message, StringComparison.Ordinal);
        Assert.Equal([SmallMachine.RamBase + 0x1000], dump.AddressesAt(0x1000, low));
        Assert.Equal([SmallMachine.RamBase + 0x7000], dump.AddressesAt(0x1000, "high.bin"));
        Assert.Empty(dump.AddressesAt(0x6000, "low.bin"));
    }

    private static byte[] Twice(byte[] memory)
    {
        // Two segments that name the same offset: the second one's own is changed to the first one's.
        byte[] elf = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Load(0x10_0000, memory)
            .Load(0x20_0000, memory[..0x2000])
            .Build();
        int table = BitConverter.ToInt32(elf, 32);
        int first = Enumerable.Range(0, 4).Select(i => table + (i * 56)).First(h => BitConverter.ToUInt64(elf, h + 24) == 0x10_0000);
        int second = Enumerable.Range(0, 4).Select(i => table + (i * 56)).First(h => BitConverter.ToUInt64(elf, h + 24) == 0x20_0000);
        elf.AsSpan(first + 8, 8).CopyTo(elf.AsSpan(second + 8));
        return elf;
    }
}
