using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Images.Loading;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>PE files laid out in memory, against a layout by hand and against pefile's.</summary>
public sealed class ExpandPeTests
{
    [Theory]
    [InlineData(true, 0x1_8000_0000)]
    [InlineData(false, 0x1000_0000)]
    public void SectionsAreWhereTheTableSays(bool is64, ulong linked)
    {
        using var expanding = new Expanding();
        var library = new TestPe(is64, machine: is64 ? (ushort)0x8664 : (ushort)0x14c, imageBase: linked);
        MemoryImage image = expanding.Expand(library.File);
        Assert.Equal((linked, (ulong)TestPe.ImageSize, linked + TestPe.Entry), (image.BaseAddress, image.Size, image.EntryPoint));
        Assert.Equal((ImageKind.Pe, is64 ? "AMD64" : "I386", "dll", Architecture.X86), (image.Kind, image.Machine, image.Type, image.Architecture));
        Assert.Equal(Expected(library), Expanding.Bytes(image));
        Assert.Equal(
            [
                new MemoryImageRegion(-1, "headers", linked, 0x400, linked, 0, 0x400, "r--"),
                new MemoryImageRegion(0, ".text", linked + 0x1000, 0x1200, linked + 0x1000, 0x1000, 0x1200, "r-x"),
                new MemoryImageRegion(1, ".rdata", linked + 0x3000, 0x800, linked + 0x3000, 0x3000, 0x800, "r--"),
            ],
            image.Regions);
        Assert.Empty(image.Diagnostics);
    }

    [Fact]
    public void AnotherAddressIsForWhatHasRelocations()
    {
        using var expanding = new Expanding();
        MemoryImage image = expanding.Expand(new TestPe().File, o => o with { LoadAddress = 0x7ff0_0000_0000 });
        Assert.Equal((0x7ff0_0000_0000UL, 0x7ff0_0000_0000 - 0x1_8000_0000UL), (image.BaseAddress, image.LoadBias));
        Assert.Equal((0x7ff0_0000_1000UL, 0x1_8000_1000UL), (image.Regions[1].VirtualAddress, image.Regions[1].LinkedAddress));
        byte[] stripped = new TestPe(characteristics: 0x23).File;
        Throws.Error("LoadAddressInvalid", () => expanding.Expand(stripped, o => o with { LoadAddress = 0x7ff0_0000_0000 }));
        Assert.Equal(0x1_8000_0000UL, expanding.Expand(stripped, o => o with { LoadAddress = 0x1_8000_0000 }).BaseAddress);
        Throws.Error("AddressKindInvalid", () => expanding.Expand(new TestPe().File, o => o with { AddressKind = ImageAddressKind.Physical }));
    }

    [Fact]
    public void AVirtualSizeOfZeroMeansTheRawOneAndMoreVirtualIsZeros()
    {
        using var expanding = new Expanding();
        var library = new TestPe();
        int table = library.OptionalHeader + 240;
        BinaryPrimitives.WriteUInt32LittleEndian(library.File.AsSpan(table + 8), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(library.File.AsSpan(table + 48), 0x1900);
        MemoryImage image = expanding.Expand(library.File);
        Assert.Equal((0x1200UL, 0x1200UL), (image.Regions[1].Size, image.Regions[1].FileBytes));
        Assert.Equal((0x1900UL, 0x800UL), (image.Regions[2].Size, image.Regions[2].FileBytes));
        Assert.Equal(Expected(library), Expanding.Bytes(image));
        Assert.Empty(image.Diagnostics);
    }

    [Fact]
    public void WhatContradictsItselfIsSaid()
    {
        using var expanding = new Expanding();
        var library = new TestPe();
        BinaryPrimitives.WriteUInt32LittleEndian(library.File.AsSpan(library.OptionalHeader + 56), 0x2000);
        MemoryImage image = expanding.Expand(library.File.AsSpan(0, (int)TestPe.DataOffset + 0x100));
        Assert.Equal(["SectionOutsideImage", "SegmentOutsideFile"], image.Diagnostics.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.Equal((0x3800UL, 0x700UL), (image.Size, image.AbsentBytes));
        Assert.Equal(Expected(library).AsSpan(0, 0x3100), Expanding.Bytes(image).AsSpan(0, 0x3100));

        // A section at the end of 4 GiB, of 4 GiB.
        BinaryPrimitives.WriteUInt32LittleEndian(library.File.AsSpan(library.OptionalHeader + 240 + 12), 0xffff_f000);
        BinaryPrimitives.WriteUInt32LittleEndian(library.File.AsSpan(library.OptionalHeader + 240 + 8), 0xffff_f000);
        Throws.Error("ImageTooLarge", () => expanding.Expand(library.File));
    }

    [Fact]
    public void ALoadedImageHasTheMemorysBytes()
    {
        const ulong At = 0x7ff8_1234_0000;
        using var expanding = new Expanding();
        using var space = new ImageSpace();
        var library = new TestPe();
        library.Load(space, At);
        space.At(At + 0x1010) = 0xee;
        space.Unmap(At + 0x2000);
        MappedImage mapped = Assert.Single(space.Search().Images);
        Assert.Equal(ImageState.Loaded, mapped.State);
        MemoryImage image = expanding.Expand(mapped);
        byte[] expected = Expected(library);
        expected[0x1010] = 0xee;

        // What the loader of the test puts there is VirtualSize, and no more.
        expected.AsSpan(0x2000, 0x1000).Clear();
        expected.AsSpan(0x3700, 0x100).Clear();
        Assert.Equal(expected, Expanding.Bytes(image));
        Assert.Equal((At, true, At + TestPe.Entry), (image.BaseAddress, image.IsFromMemory, image.EntryPoint));
        Assert.Equal((At + 0x2000, 0x100UL), (Assert.Single(image.Absent).Address, image.AbsentBytes));
    }

    [ToolFact("pefile")]
    public void TheFrameworksLibrariesAreAsPefileMapsThem()
    {
        using var expanding = new Expanding();
        string[] libraries = [.. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
            .Where(f => new FileInfo(f).Length < 1 << 20).Order(StringComparer.Ordinal).Take(25)];
        Assert.NotEmpty(libraries);
        foreach (string library in libraries)
        {
            ToolResult said = Tools.Run(Tools.PePython!, "-c",
                "import pefile,sys; p=pefile.PE(sys.argv[1]); open(sys.argv[2],'wb').write(p.get_memory_mapped_image()); "
                + "print(p.OPTIONAL_HEADER.ImageBase, p.OPTIONAL_HEADER.SizeOfImage, p.OPTIONAL_HEADER.AddressOfEntryPoint, len(p.sections))",
                library, expanding.Folder.File("theirs"));
            Assert.True(said.ExitCode == 0, said.ToString());
            ulong[] facts = [.. said.Output.Split().Where(w => w.Length > 0).Select(ulong.Parse)];
            MemoryImage image = expanding.Expand(library);
            Assert.Equal((facts[0], facts[1]), (image.BaseAddress, image.Size));
            Assert.Equal(facts[2] == 0 ? null : facts[0] + facts[2], image.EntryPoint);
            Assert.Equal((int)facts[3], image.Regions.Count - 1);
            byte[] theirs = File.ReadAllBytes(expanding.Folder.File("theirs"));
            byte[] ours = Expanding.Bytes(image);
            int common = Math.Min(theirs.Length, ours.Length);
            Assert.True(theirs.AsSpan(0, common).SequenceEqual(ours.AsSpan(0, common)), library);
            Assert.False(ours.AsSpan(common).ContainsAnyExcept((byte)0), library);
        }
    }

    private static byte[] Expected(TestPe library)
    {
        byte[] memory = new byte[TestPe.ImageSize];
        library.File.AsSpan(0, 0x400).CopyTo(memory);
        library.File.AsSpan((int)TestPe.CodeOffset, 0x1200).CopyTo(memory.AsSpan((int)TestPe.CodeAddress));
        library.File.AsSpan((int)TestPe.DataOffset, 0x800).CopyTo(memory.AsSpan((int)TestPe.DataAddress));
        return memory;
    }
}
