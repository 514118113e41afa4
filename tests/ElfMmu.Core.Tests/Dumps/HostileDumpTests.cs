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
    public void ATruncatedElfDumpOpensAsFarAsItGoes(int missing)
    {
        byte[] elf = _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian);
        using MemoryDump dump = Open(elf[..^missing]);
        byte[] bytes = new byte[0x10000 - missing];
        Assert.Equal((ulong)bytes.Length, dump.Memory.Size);
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory[..bytes.Length], bytes);
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase + (ulong)bytes.Length, bytes.AsSpan(0, 1)));
        string warning = Assert.Single(dump.Warnings);
        Assert.Contains($"{missing} bytes missing are absent", warning, StringComparison.Ordinal);
        Assert.Contains($"physical 0x{SmallMachine.RamBase + (ulong)bytes.Length:x}", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatATruncatedElfDumpLostCanBeReadAsZeros()
    {
        byte[] elf = _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("cut", elf[..^0x1800]), new DumpOptions { ZeroFill = true });
        byte[] bytes = new byte[0x10000];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal([.. _machine.Memory[..^0x1800], .. new byte[0x1800]], bytes);
        Assert.Contains("read as zeros", Assert.Single(dump.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void AnElfDumpCutOffAnywhereHasWhatIsLeft()
    {
        byte[] elf = _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian);
        int memoryAt = elf.Length - _machine.Memory.Length;
        for (int length = 16; length < elf.Length; length += length < 2048 ? 1 : 997)
        {
            byte[] cut = elf[..length];
            if (length <= memoryAt)
            {
                Assert.Throws<ElfMmuException>(() => Open(cut));
                continue;
            }

            using MemoryDump dump = Open(cut);
            Assert.Equal((ulong)(length - memoryAt), dump.Memory.Size);
        }

        Throws.Error("DumpTruncated", () => Open(elf[..memoryAt]));
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0x1000UL)]
    [InlineData(ulong.MaxValue - 0xfff, 0x1000UL)]
    [InlineData(1UL << 62, 1UL << 62)]
    public void SegmentsThatLieAboutTheFileAreAbsent(ulong offset, ulong size)
    {
        using MemoryDump dump = Open(Elf((i, h) => i == 1 ? h with { Offset = offset, FileSize = size, MemorySize = size } : h));
        Assert.Equal(0xa000UL, dump.Memory.Size);
        Assert.Contains("cut off", Assert.Single(dump.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ASegmentThatPassesTheEndOfTheAddressSpaceIsInconsistent() =>
        Throws.Error("DumpInconsistent", () => Open(Elf(
            (i, h) => i == 1 ? h with { Offset = 0x100, FileSize = ulong.MaxValue, MemorySize = ulong.MaxValue } : h)));

    [Fact]
    public void MemoryThatIsThereTwiceAlikeIsTakenOnce()
    {
        // As in a copy of /proc/vmcore: the kernel's text, and all RAM.
        ulong text = SmallMachine.RamBase + 0x4000;
        byte[] core = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, "OSRELEASE=6.1.0\nBUILD-ID=ab12\nCRASHTIME=1700000000\n"u8.ToArray()).ToArray())
            .Load(text, _machine.Memory[0x4000..0x9000], virtualAddress: 0xffff_ffff_8100_0000)
            .Load(SmallMachine.RamBase, _machine.Memory)
            .Build();
        using MemoryDump dump = Open(core);
        byte[] bytes = new byte[0x10000];
        Assert.Equal(0x10000UL, dump.Memory.Size);
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory, bytes);
        Assert.Empty(dump.Warnings);
        Assert.Equal("Linux 6.1.0", dump.Facts.OperatingSystem);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_700_000_000), dump.Facts.TakenUtc);
        Assert.Contains(dump.Facts.Details, d => d.Key == "Build ID" && d.Value.Equals("ab12"));
    }

    [Fact]
    public void MemoryThatAKernelGivesTwiceIsTakenOnceWithAWarningWhereItDiffers()
    {
        byte[] other = [.. _machine.Memory[0x4000..0x9000]];
        other[0x123] ^= 1;
        byte[] core = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, "OSRELEASE=6.1.0\n"u8.ToArray()).ToArray())
            .Load(SmallMachine.RamBase, _machine.Memory, virtualAddress: 0xffff_8880_0010_0000)
            .Load(SmallMachine.RamBase + 0x4000, other, virtualAddress: 0xffff_ffff_8100_0000)
            .Build();
        using MemoryDump dump = Open(core);
        byte[] bytes = new byte[0x10000];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(_machine.Memory, bytes);
        Assert.Contains("twice", Assert.Single(dump.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MemoryLeftOutAtTheEndOfASegmentIsAbsentOrZeros(bool zeroFill)
    {
        byte[] core = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Load(0x1000, _machine.Memory[..0x2000], 0x3000)
            .Load(0x3000, _machine.Memory[0x2000..0x3000])
            .Load(0x8000, _machine.Memory[..0x1000], 0x4000)
            .Build();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("short", core), new DumpOptions { ZeroFill = zeroFill });
        Assert.Equal(zeroFill ? 0x7000UL : 0x4000UL, dump.Memory.Size);
        Assert.Equal(zeroFill, dump.Memory.TryRead(0x9000, new byte[0x3000]));
        Assert.Contains("0x3000", Assert.Single(dump.Warnings), StringComparison.Ordinal);
    }

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
