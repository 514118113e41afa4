using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Images.Loading;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>A flat image opens as a dump again, and its memory is where its segments were.</summary>
public sealed class ExpandedDumpTests
{
    [Theory]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian, Architecture.AArch64)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian, Architecture.PowerPC)]
    public void TheDescriptionSaysWhereItIsAndWhatItIs(ElfClass elfClass, ElfData data, Architecture architecture)
    {
        using var expanding = new Expanding();
        var program = new TestElf(elfClass, data, ElfType.Executable, 0x40_0000);
        MemoryImage image = expanding.Expand(program.File);
        byte[] expected = Expanding.Expected(program.File, program.Segments, 0x40_0000, image.Size);
        using MemoryDump described = MemoryDump.Open(image.DescriptionPath!);
        Assert.Equal(architecture, described.Machine.Architecture);
        Assert.Equal(data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little, described.Machine.ByteOrder);
        Assert.Equal(elfClass == ElfClass.Elf64 ? 64 : 32, described.Machine.WordSize);
        Assert.Empty(described.Warnings);
        using MemoryDump given = MemoryDump.Open(image.Path, new DumpOptions { RamBase = image.BaseAddress });
        foreach (MemoryDump dump in new[] { described, given })
        {
            Assert.Equal(image.Size, dump.Memory.Size);
            byte[] bytes = new byte[image.Size];
            MemoryReader.Of(dump).Read(image.BaseAddress, bytes, new ReadOptions());
            Assert.Equal(expected, bytes);
            foreach (MemoryImageRegion region in image.Regions)
            {
                bytes = new byte[region.Size];
                MemoryReader.Of(dump).Read(region.VirtualAddress, bytes, new ReadOptions());
                Assert.Equal(expected.AsSpan((int)region.Offset, (int)region.Size).ToArray(), bytes);
            }
        }
    }

    [Fact]
    public void ANameWithSignsOfYamlIsOneNevertheless()
    {
        using var expanding = new Expanding();
        MemoryImage image = expanding.Expand(new TestElf().File, o => o with { Path = expanding.Folder.File("a \"b\": #c\\ ü.bin") });
        using MemoryDump dump = MemoryDump.Open(image.DescriptionPath!);
        Assert.Equal(image.Size, dump.Memory.Size);
    }

    [Fact]
    public void AKernelWithItsOwnPageTablesIsWalked()
    {
        // Linked to the upper half and loaded at 1 MiB; the tables in its data map both that and the first 2 MiB.
        const ulong Physical = 0x10_0000;
        const ulong Virtual = 0xffff_ffff_8000_0000;
        byte[] code = new byte[0x1000];
        new Random(7).NextBytes(code);
        byte[] tables = new byte[0x6000];
        ulong root = Physical + 0x2000;
        void Set(int table, int index, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(tables.AsSpan((table * 0x1000) + (index * 8)), value);
        Set(0, 0, (root + 0x1000) | 3);
        Set(0, 511, (root + 0x2000) | 3);
        Set(1, 0, (root + 0x3000) | 3);
        Set(2, 510, (root + 0x4000) | 3);
        Set(3, 0, 0x83 | (1UL << 63));
        Set(4, 0, (root + 0x5000) | 3);
        for (int i = 0; i < 8; i++)
        {
            Set(5, 0x100 + i, (Physical + ((ulong)i * 0x1000)) | (i == 0 ? 1UL : 3 | (1UL << 63)));
        }

        byte[] kernel = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64) { Type = ElfType.Executable }
            .Add(new ElfProgramHeader
            {
                Type = ElfSegmentType.Load, Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Execute,
                VirtualAddress = Virtual + Physical, PhysicalAddress = Physical, MemorySize = 0x1000,
            }, code)
            .Add(new ElfProgramHeader
            {
                Type = ElfSegmentType.Load, Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write,
                VirtualAddress = Virtual + root, PhysicalAddress = root, MemorySize = 0x7000,
            }, tables)
            .Build();
        using var expanding = new Expanding();
        MemoryImage image = expanding.Expand(kernel, o => o with { AddressKind = ImageAddressKind.Physical });
        Assert.Equal((Physical, 0x9000UL), (image.BaseAddress, image.Size));
        using MemoryDump described = MemoryDump.Open(image.DescriptionPath!);
        using MemoryDump given = MemoryDump.Open(image.Path, new DumpOptions { RamBase = Physical });
        foreach (MemoryDump dump in new[] { described, given })
        {
            AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = root, Mode = "ia32e" });
            List<Mapping> mappings = space.All();
            Assert.Contains(mappings, m => m.VirtualAddress == Virtual + Physical && m.PhysicalAddress == Physical && m.Size == 0x1000);
            Assert.Contains(mappings, m => m.VirtualAddress == Virtual + Physical + 0x1000 && m.Size == 0x7000);

            // The very bytes of the file, at the addresses it was linked for.
            byte[] bytes = new byte[code.Length];
            MemoryReader.Of(space).Read(Virtual + Physical, bytes, new ReadOptions());
            Assert.Equal(code, bytes);
            bytes = new byte[tables.Length];
            MemoryReader.Of(space).Read(Virtual + root, bytes, new ReadOptions());
            Assert.Equal(tables, bytes);
        }
    }
}
