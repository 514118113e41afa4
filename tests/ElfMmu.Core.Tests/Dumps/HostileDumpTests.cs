using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>Dumps that are damaged, cut off, or not dumps at all.</summary>
public sealed class HostileDumpTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(0xa001)]
    public void ATruncatedElfDumpSaysSo(int missing)
    {
        byte[] elf = _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian);
        ElfMmuException e = Throws.Error("DumpTruncated", () => Open(elf[..^missing]));
        Assert.NotNull(e.Offset);
        Assert.NotNull(e.Path);
    }

    [Fact]
    public void AnElfDumpCutOffAnywhereIsRefused()
    {
        byte[] elf = _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian);
        for (int length = 16; length < elf.Length; length += length < 2048 ? 1 : 997)
        {
            byte[] cut = elf[..length];
            Assert.Throws<ElfMmuException>(() => Open(cut));
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0x1000UL)]
    [InlineData(ulong.MaxValue - 0xfff, 0x1000UL)]
    [InlineData(0x100UL, ulong.MaxValue)]
    [InlineData(1UL << 63, 1UL << 63)]
    public void SegmentsThatLieAboutTheFileAreTruncated(ulong offset, ulong size) =>
        Throws.Error("DumpTruncated", () => Open(Elf(
            (i, h) => i == 1 ? h with { Offset = offset, FileSize = size, MemorySize = size } : h)));

    [Fact]
    public void MoreBytesInTheFileThanInMemoryAreInconsistent() =>
        Throws.Error("DumpInconsistent", () => Open(Elf(
            (i, h) => i == 1 ? h with { MemorySize = h.FileSize - 1 } : h)));

    [Fact]
    public void SegmentsThatPassTheEndOfTheAddressSpaceAreInconsistent() =>
        Throws.Error("DumpInconsistent", () => Open(Elf(
            (i, h) => i == 2 ? h with { PhysicalAddress = ulong.MaxValue - 0x1000 } : h)));

    [Fact]
    public void SegmentsThatOverlapWithDifferentBytesAreInconsistent() =>
        Throws.Error("DumpInconsistent", () => Open(Elf(
            (i, h) => i == 2 ? h with { PhysicalAddress = h.PhysicalAddress - 0x1000 } : h)));

    [Fact]
    public void SegmentsThatOverlapWithTheSameBytesAreOne()
    {
        using MemoryDump dump = Open(Elf((i, h) => i == 2
            ? h with
            {
                PhysicalAddress = h.PhysicalAddress - 0x1000,
                Offset = h.Offset - 0x1000,
                FileSize = h.FileSize + 0x1000,
                MemorySize = h.MemorySize + 0x1000,
            }
            : h));
        byte[] bytes = new byte[0x10000];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory, bytes);
        Assert.Equal(0x10000UL, dump.Memory.Size);
    }

    [Fact]
    public void TheCoreOfAProcessIsNoMemoryDump()
    {
        byte[] core = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("CORE", 1, new byte[336]).ToArray())
            .Load(0, new byte[4096], virtualAddress: 0x40_0000)
            .Load(0, new byte[4096], virtualAddress: 0x7fff_0000_0000)
            .Build();
        Throws.Error("NotAMemoryDump", () => Open(core));
    }

    [Theory]
    [InlineData(ElfType.Executable)]
    [InlineData(ElfType.Relocatable)]
    public void AProgramIsNoMemoryDump(ElfType type)
    {
        byte[] program = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = type }
            .Load(0x1000, new byte[4096]).Build();
        Throws.Error("NotAMemoryDump", () => Open(program));
    }

    [Fact]
    public void ACoreWithoutMemoryIsNoMemoryDump() => Throws.Error(
        "NotAMemoryDump", () => Open(new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Build()));

    [Fact]
    public void AnEmptyFileIsRefused() => Throws.Error("DumpEmpty", () => Open([]));

    [Fact]
    public void AMissingFileIsNotFound() => Throws.Error("FileNotFound", () => MemoryDump.Open(_folder.File("none")));

    [Fact]
    public void AFolderIsRefused() => Throws.Error("FileOpenFailed", () => MemoryDump.Open(_folder.Path));

    [Fact]
    public void ARamBaseThatPassesTheEndIsRefused() => Throws.Error(
        "RamBaseInvalid",
        () => MemoryDump.Open(_folder.Write("raw", new byte[4096]), new DumpOptions { RamBase = ulong.MaxValue - 100 }));

    [Fact]
    public void ADumpThatChangedIsNoticed()
    {
        string path = _folder.Write("raw", new byte[4096]);
        DumpIdentity identity;
        using (MemoryDump dump = MemoryDump.Open(path))
        {
            identity = dump.Identity;
        }

        identity.Reopen().Dispose();
        File.WriteAllBytes(path, new byte[8192]);
        Throws.Error("DumpChanged", () => identity.Reopen());
        File.WriteAllBytes(path, new byte[4096]);
        File.SetLastWriteTimeUtc(path, identity.LastWriteTimeUtc.AddSeconds(1));
        Throws.Error("DumpChanged", () => identity.Reopen());
        File.SetLastWriteTimeUtc(path, identity.LastWriteTimeUtc);
        identity.Reopen().Dispose();
    }

    private byte[] Elf(Func<int, ElfProgramHeader, ElfProgramHeader> spoil) =>
        new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).ToArray())
            .Load(SmallMachine.RamBase, _machine.Memory[..0x6000])
            .Load(SmallMachine.RamBase + 0x6000, _machine.Memory[0x6000..])
            .Build(spoil);

    private MemoryDump Open(byte[] bytes) => MemoryDump.Open(_folder.Write("dump", bytes));
}
