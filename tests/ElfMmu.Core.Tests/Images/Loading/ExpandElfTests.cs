using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Images.Loading;
using ElfMmu.Intervals;
using ElfMmu.Reading;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>ELF files of the tests' own making, laid out in memory.</summary>
public sealed class ExpandElfTests
{
    [Theory]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian)]
    [InlineData(ElfClass.Elf64, ElfData.BigEndian)]
    [InlineData(ElfClass.Elf32, ElfData.LittleEndian)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian)]
    public void SegmentsAreWhereTheirAddressesSay(ElfClass elfClass, ElfData data)
    {
        using var expanding = new Expanding();
        var program = new TestElf(elfClass, data, ElfType.Executable, 0x40_0000);
        MemoryImage image = expanding.Expand(program.File);
        Assert.Equal((0x40_0000UL, 0x4800UL, 0x40_4800UL), (image.BaseAddress, image.Size, image.EndAddress));
        Assert.Equal(Expanding.Expected(program.File, program.Segments, 0x40_0000, 0x4800), Expanding.Bytes(image));
        Assert.Equal((0x40_0000 + TestElf.Entry, 0UL), (image.EntryPoint, image.LoadBias));
        Assert.Equal(("ET_EXEC", elfClass == ElfClass.Elf64 ? "EM_AARCH64" : "EM_PPC"), (image.Type, image.Machine));
        Assert.Equal((elfClass == ElfClass.Elf64 ? 64 : 32, ImageKind.Elf), (image.Class, image.Kind));
        Assert.Equal(data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little, image.ByteOrder);
        Assert.Equal(
            [
                new MemoryImageRegion(0, "PT_LOAD", 0x40_0000, 0x800, 0x40_0000, 0, 0x800, "r--"),
                new MemoryImageRegion(1, "PT_LOAD", 0x40_1000, 0xf00, 0x40_1000, 0x1000, 0xf00, "r-x"),
                new MemoryImageRegion(2, "PT_LOAD", 0x40_3000, 0x1800, 0x40_3000, 0x3000, 0x400, "rw-"),
            ],
            image.Regions);
        Assert.Empty(image.Absent);
        Assert.Empty(image.Diagnostics);
        Assert.Equal([image.Path, image.DescriptionPath!], Directory.GetFiles(expanding.Folder.Path, "image*").Order());
    }

    [Fact]
    public void ABaseMovesTheFirstByteAndNoAddress()
    {
        using var expanding = new Expanding();
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000);
        MemoryImage image = expanding.Expand(program.File, o => o with { Base = 0x3f_0100 });
        Assert.Equal((0x3f_0100UL, 0x40_4800 - 0x3f_0100UL), (image.BaseAddress, image.Size));
        Assert.Equal((0x40_0000UL, 0xff00UL), (image.Regions[0].VirtualAddress, image.Regions[0].Offset));
        Assert.Equal(Expanding.Expected(program.File, program.Segments, image.BaseAddress, image.Size), Expanding.Bytes(image));
        Assert.Contains("0x400000", Throws.Error("BaseInvalid", () => expanding.Expand(program.File, o => o with { Base = 0x40_0001 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ALoadAddressShiftsWhatCanBeAnywhere()
    {
        using var expanding = new Expanding();
        var library = new TestElf();
        MemoryImage image = expanding.Expand(library.File, o => o with { LoadAddress = 0x7f00_0000_0000 });
        Assert.Equal((0x7f00_0000_0000UL, 0x7f00_0000_0000UL, 0x7f00_0000_0000 + TestElf.Entry), (image.BaseAddress, image.LoadBias, image.EntryPoint));
        Assert.Equal((0x7f00_0000_3000UL, 0x3000UL), (image.Regions[2].VirtualAddress, image.Regions[2].LinkedAddress));
        Assert.Equal(Expanding.Expected(library.File, library.Segments, 0, 0x4800), Expanding.Bytes(image));
        Throws.Error("LoadAddressInvalid", () => expanding.Expand(library.File, o => o with { LoadAddress = 0x1001 }));
        Throws.Error("LoadAddressInvalid", () => expanding.Expand(
            new TestElf(type: ElfType.Executable, linked: 0x40_0000).File, o => o with { LoadAddress = 0x1000 }));
        var narrow = new TestElf(ElfClass.Elf32);
        Assert.Equal(0xc000_0000UL, expanding.Expand(narrow.File, o => o with { LoadAddress = 0xc000_0000 }).BaseAddress);
        Throws.Error("LoadAddressInvalid", () => expanding.Expand(narrow.File, o => o with { LoadAddress = 0x1_0000_0000 }));
    }

    [Fact]
    public void PhysicalAddressesAreAnotherOrder()
    {
        // Read-only memory from 0x8000_0000 on; the data is copied out of it to where it is linked.
        using var expanding = new Expanding();
        var firmware = new TestElf(
            type: ElfType.Executable, linked: 0x2000_0000, spoil: (_, s) => s with { PhysicalAddress = s.VirtualAddress - 0x2000_0000 + 0x8000_0000 });
        MemoryImage image = expanding.Expand(firmware.File, o => o with { AddressKind = ImageAddressKind.Physical });
        Assert.Equal((0x8000_0000UL, 0x8000_0000 + TestElf.Entry), (image.BaseAddress, image.EntryPoint));
        Assert.Equal(0x8000_3000UL, image.Regions[2].VirtualAddress);
        Assert.Equal(Expanding.Expected(firmware.File, firmware.Segments, 0x8000_0000, image.Size, physical: true), Expanding.Bytes(image));
        Throws.Error("AddressKindInvalid", () => expanding.Expand(
            new TestElf().File, o => o with { AddressKind = ImageAddressKind.Physical, LoadAddress = 0x1000 }));
    }

    [Fact]
    public void LimitsTakeAPart()
    {
        using var expanding = new Expanding();
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000);
        MemoryImage image = expanding.Expand(program.File, o => o with { MinimumAddress = 0x40_1234, MaximumAddress = 0x40_3123 });
        Assert.Equal((0x40_1000UL, 0x2124UL), (image.BaseAddress, image.Size));
        byte[] expected = Expanding.Expected(program.File, program.Segments, 0x40_1000, 0x2124);
        expected.AsSpan(0, 0x234).Clear();
        Assert.Equal(expected, Expanding.Bytes(image));
        Assert.Equal(
            [
                new MemoryImageRegion(1, "PT_LOAD", 0x40_1234, 0xccc, 0x40_1234, 0x234, 0xccc, "r-x"),
                new MemoryImageRegion(2, "PT_LOAD", 0x40_3000, 0x124, 0x40_3000, 0x2000, 0x124, "rw-"),
            ],
            image.Regions);
        Throws.Error("NothingToLoad", () => expanding.Expand(program.File, o => o with { MaximumAddress = 0x3f_ffff }));
    }

    [Fact]
    public void TheLaterSegmentWinsWhereTheyOverlap()
    {
        // The second reaches into the zeros of the third, which come after it; the fourth lies within the first.
        using var expanding = new Expanding();
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000, spoil: (i, s) => i switch
        {
            1 => s with { VirtualAddress = 0x40_3200 },
            3 => s with { Type = ElfSegmentType.Load, VirtualAddress = 0x40_0100, Offset = 0x2080 },
            _ => s,
        });
        MemoryImage image = expanding.Expand(program.File);
        Assert.Equal(Expanding.Expected(program.File, program.Segments, 0x40_0000, image.Size), Expanding.Bytes(image));
        Assert.Equal("SegmentsOverlap", Assert.Single(image.Diagnostics).Id);
    }

    [Fact]
    public void RandomSegmentsAreAsIfWrittenOneAfterTheOther()
    {
        using var expanding = new Expanding();
        var random = new Random(20240717);
        for (int round = 0; round < 200; round++)
        {
            byte[] content = new byte[0x400];
            random.NextBytes(content);
            var builder = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.Executable };
            List<ElfProgramHeader> segments = [];
            int count = random.Next(1, 12);
            for (int i = 0; i < count; i++)
            {
                builder.Add(new ElfProgramHeader { Type = ElfSegmentType.Load }, [(byte)i]);
            }

            byte[] file = [.. builder.Build((_, s) => s), .. content];
            ulong start = (ulong)(file.Length - content.Length);
            file = [.. builder.Build((_, s) =>
            {
                ulong size = (ulong)random.Next(0, 0x200);
                var one = s with
                {
                    Offset = start + (ulong)random.Next(0, 0x200),
                    VirtualAddress = 0x1000 + (ulong)random.Next(0, 0x600),
                    FileSize = size,
                    MemorySize = size + (ulong)(random.Next(2) * random.Next(0, 0x100)),
                };
                segments.Add(one);
                return one;
            }), .. content];
            if (segments.TrueForAll(s => s.MemorySize == 0))
            {
                continue;
            }

            MemoryImage image = expanding.Expand(file);
            Assert.Equal(Expanding.Expected(file, segments, 0x1000, image.Size), Expanding.Bytes(image));
            Assert.Equal(segments.Where(s => s.MemorySize > 0).Max(s => s.VirtualAddress + s.MemorySize), image.EndAddress);
        }
    }

    [Fact]
    public void WhatIsTooLargeIsRefusedWithTheNumbers()
    {
        using var expanding = new Expanding();
        byte[] huge = new TestElf(spoil: (i, s) => i == 2 ? s with { MemorySize = 1UL << 60 } : s).File;
        ElfMmuException e = Throws.Error("ImageTooLarge", () => expanding.Expand(huge));
        Assert.Equal(ErrorKind.LimitsExceeded, e.Kind);
        Assert.Contains("0x1000000000003000 bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("'PT_LOAD' 2 alone takes 0x1000000000000000", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(expanding.Folder.Path, "image*"));
        Assert.Equal(0x4800UL, expanding.Expand(huge, o => o with { MaximumAddress = 0x47ff }).Size);

        // A process and its kernel: all 64 bits between them.
        byte[] apart = new TestElf(spoil: (i, s) => i == 2 ? s with { VirtualAddress = 0xffff_ffff_ffff_f000, MemorySize = 0x1000 } : s).File;
        e = Throws.Error("ImageTooLarge", () => expanding.Expand(apart));
        Assert.Contains("0x10000000000000000 bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("the hole behind 0x1eff", e.Message, StringComparison.Ordinal);
        MemoryImage top = expanding.Expand(apart, o => o with { MinimumAddress = 0xffff_0000_0000_0000 });
        Assert.Equal((0xffff_ffff_ffff_f000UL, 0x1000UL, ulong.MaxValue), (top.BaseAddress, top.Size, top.EndAddress));
    }

    [Fact]
    public void ALimitCanBeRaisedAndHolesTakeNoRoom()
    {
        using var expanding = new Expanding();
        byte[] far = new TestElf(spoil: (i, s) => i == 2 ? s with { VirtualAddress = 0x2_0000_0000 } : s).File;
        Throws.Error("ImageTooLarge", () => expanding.Expand(far));
        MemoryImage image = expanding.Expand(far, o => o with { MaximumSize = 1UL << 34 });
        Assert.Equal((0x2_0000_1800UL, 0x2_0000_1800L), (image.Size, new FileInfo(image.Path).Length));
        Assert.InRange(image.WrittenBytes, 1UL, 0x4000UL);
    }

    [Fact]
    public void SegmentsThatLeaveTheAddressesAreCut()
    {
        using var expanding = new Expanding();
        byte[] file = new TestElf(ElfClass.Elf32, spoil: (i, s) => i == 2 ? s with { VirtualAddress = 0xffff_f000, MemorySize = 0x2000 } : s).File;
        MemoryImage image = expanding.Expand(file);
        Assert.Equal((1UL << 32, "SegmentPastEnd"), (image.Size, Assert.Single(image.Diagnostics).Id));
    }

    [Fact]
    public void WhatAFileLacksIsZerosAndListed()
    {
        using var expanding = new Expanding();
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000, spoil: (i, s) => i == 1 ? s with { FileSize = 0xf00, Offset = 0x2700 } : s);
        MemoryImage image = expanding.Expand(program.File);
        Assert.Equal(Expanding.Expected(program.File, program.Segments, 0x40_0000, image.Size), Expanding.Bytes(image));
        Assert.Equal(new AbsentRange(0x40_1100, 0xe00, AbsenceReason.NotInFile, null), Assert.Single(image.Absent));
        Assert.Equal((0xe00UL, "SegmentOutsideFile"), (image.AbsentBytes, Assert.Single(image.Diagnostics).Id));
    }

    [Fact]
    public void WhatACoreLeavesOutIsNotMeantToBeZeros()
    {
        using var expanding = new Expanding();
        byte[] core = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Load(0, [1, 2, 3], 0x1000, 0x40_0000).Load(0, [], 0x2000, 0x40_1000).Build();
        MemoryImage image = expanding.Expand(core);
        Assert.Equal(new AbsentRange(0x40_0003, 0x2ffd, AbsenceReason.NotInFile, null), Assert.Single(image.Absent));
        Assert.Equal((0x3000UL, "ET_CORE"), (image.Size, image.Type));
    }

    [Fact]
    public void WhatHasNoSegmentsSaysSo()
    {
        using var expanding = new Expanding();
        Assert.Contains("link it", Throws.Error("NothingToLoad", () => expanding.Expand(
            new TestElf(type: ElfType.Relocatable, spoil: (_, s) => s with { Type = ElfSegmentType.Null }).File)).Message, StringComparison.Ordinal);
        Throws.Error("NothingToLoad", () => expanding.Expand(new TestElf(spoil: (_, s) => s with { Type = ElfSegmentType.Null }).File));
        Throws.Error("ImageFormatUnknown", () => expanding.Expand("text"u8));
        Throws.Error("ImageFormatUnknown", () => expanding.Expand(""u8));
        Throws.Error("ImageFormatUnknown", () => expanding.Expand([(byte)'M', (byte)'Z', .. new byte[100]]));
        Throws.Error("FileNotFound", () => expanding.Expand(expanding.Folder.File("none")));
    }

    [Fact]
    public void TheOutputIsReplacedWholeOrNotAtAll()
    {
        using var expanding = new Expanding();
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000);
        expanding.Folder.Write("image.bin", "old");
        expanding.Folder.Write("image.yaml", "cpu:\n");
        Throws.Error("OutputExists", () => expanding.Expand(program.File, o => o with { NoClobber = true, WithDescription = false }));
        Throws.Error("DescriptionExists", () => expanding.Expand(program.File));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => expanding.Expand(program.File, o => o with { Force = true, Cancellation = cancelled.Token }));
        Assert.Equal("old", File.ReadAllText(expanding.Folder.File("image.bin")));
        Assert.Equal(["image.bin", "image.yaml", "input"], Directory.GetFiles(expanding.Folder.Path).Select(Path.GetFileName).Order());
        Throws.Error("OutputIsInput", () => expanding.Expand(program.File, o => o with { Path = expanding.Folder.File("input") }));
        Assert.Null(expanding.Expand(program.File, o => o with { WithDescription = false }).DescriptionPath);
        Assert.NotNull(expanding.Expand(program.File, o => o with { Force = true }).DescriptionPath);
        Assert.Equal(0x4800UL, expanding.Expand(program.File).Size);
    }

    [Fact]
    public void ManySegmentsOverTheSameBytesAreCopiedOnce()
    {
        // 65,534 segments of the same megabyte, at the same addresses: 64 GiB if each was copied.
        using var expanding = new Expanding();
        byte[] content = new byte[1 << 20];
        new Random(1).NextBytes(content);
        var builder = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.Executable };
        for (int i = 0; i < 65533; i++)
        {
            builder.Add(new ElfProgramHeader { Type = ElfSegmentType.Load }, []);
        }

        builder.Add(new ElfProgramHeader { Type = ElfSegmentType.Load }, content);
        byte[] file = builder.Build((i, s) => s with
        {
            Offset = 64 + (65534 * 56),
            FileSize = 1 << 20,
            MemorySize = 1 << 20,
            VirtualAddress = 0x10_0000 + ((ulong)i % 7),
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        MemoryImage image = expanding.Expand(file);
        Assert.InRange(image.WrittenBytes, 1UL << 20, (1UL << 20) + 8);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.Equal(65534, image.Regions.Count);

        // The description stays one that readers take.
        Assert.InRange(new FileInfo(image.DescriptionPath!).Length, 1, 1 << 20);
        using var dump = ElfMmu.Dumps.MemoryDump.Open(image.DescriptionPath!);
        Assert.Equal(image.Size, dump.Memory.Size);
    }
}
