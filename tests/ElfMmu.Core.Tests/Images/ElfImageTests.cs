using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Paging;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>ELF images in spaces of the tests' own making.</summary>
public sealed class ElfImageTests
{
    private const ulong Base = 0x7f00_0000_0000;

    [Theory]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian)]
    [InlineData(ElfClass.Elf64, ElfData.BigEndian)]
    [InlineData(ElfClass.Elf32, ElfData.LittleEndian)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian)]
    public void ALibraryIsFoundAsItWasLoaded(ElfClass elfClass, ElfData data)
    {
        using var space = new ImageSpace();
        new TestElf(elfClass, data).Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal(ImageState.Loaded, image.State);
        Assert.Equal((Base, Base, 0x5000UL, Base + 0x5000), (image.Address, image.VirtualAddress, image.Size, image.EndAddress));
        Assert.Equal(space.Frame(Base), image.PhysicalAddress);
        Assert.Equal(elfClass == ElfClass.Elf64 ? (64, "EM_AARCH64") : (32, "EM_PPC"), (image.Class, image.Machine));
        Assert.Equal(data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little, image.ByteOrder);
        Assert.Equal(("DYN", ImageKind.Elf), (image.Type, image.Kind));
        Assert.Equal(Base + TestElf.Entry, image.EntryPoint);
        Assert.Equal(Base, image.LoadBias);
        Assert.Equal((TestElf.BuildId, TestElf.Name), (image.BuildId, image.Name));
        Assert.Equal(0x4800UL, image.ImageSize);
        Assert.Equal(0x800UL + 0xf00 + TestElf.DataMemory, image.TotalBytes);
        Assert.Equal((image.TotalBytes, 100.0), (image.PresentBytes, image.PresentPercent));
        Assert.Equal(["PT_LOAD", "PT_LOAD", "PT_LOAD", "PT_DYNAMIC", "PT_NOTE"], image.Segments.Select(s => s.Name));
        Assert.Equal(new ImageSegment("PT_LOAD", Base + 0x3000, 0x3000, 0x1800, 0x2000, 0x400, "rw-", 0x1800), image.Segments[2]);
        Assert.Empty(image.Doubts);
    }

    [Fact]
    public void ALinkedAddressIsWhereAnExecutableHasToBe()
    {
        var program = new TestElf(type: ElfType.Executable, linked: 0x40_0000);
        using var space = new ImageSpace();
        program.Load(space, 0);
        program.Load(space, 0x1000_0000);
        IReadOnlyList<MappedImage> images = space.Search().Images;
        Assert.Equal([(0x40_0000UL, ImageState.Loaded), (0x1040_0000UL, ImageState.HeaderOnly)], images.Select(i => (i.Address, i.State)));
        Assert.Equal((0x40_0000 + TestElf.Entry, 0UL), (images[0].EntryPoint, images[0].LoadBias));
        Assert.Null(images[1].EntryPoint);
    }

    [Theory]
    [InlineData(Rights.Read)]
    [InlineData(Rights.Read | Rights.Write)]
    [InlineData(Rights.Read | Rights.Write | Rights.Execute)]
    public void AFileIsNoLoadedImageWhateverItsRights(Rights rights)
    {
        var library = new TestElf();
        using var space = new ImageSpace();
        space.Put(Base, library.File, rights);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal(ImageState.File, image.State);
        Assert.Equal(0x2600UL + (3 * 64), image.TotalBytes);
        Assert.Equal(image.TotalBytes, image.Size);
        Assert.Equal((TestElf.BuildId, TestElf.Name), (image.BuildId, image.Name));
        Assert.Equal(Base + TestElf.Entry, image.EntryPoint);
        Assert.Null(image.LoadBias);
        Assert.Equal(Base + TestElf.DataOffset, image.Segments[3].VirtualAddress);
    }

    [Fact]
    public void AFirstPageAloneIsAHeader()
    {
        using var space = new ImageSpace();
        space.Put(Base, new TestElf().File.AsSpan(0, 4096), Rights.Read);
        ImageSearch all = space.Search();
        MappedImage image = Assert.Single(all.Images);
        Assert.Equal((ImageState.HeaderOnly, 4096UL), (image.State, image.Size));
        Assert.Equal(TestElf.BuildId, image.BuildId);
        Assert.Null(image.Name);
        Assert.Null(image.Segments[1].VirtualAddress);
        ImageSearch some = space.Search(new ImageSearchOptions());
        Assert.Empty(some.Images);
        Assert.Equal(1, some.LeftOut);
    }

    [Fact]
    public void WhatIsNotMappedIsNotCounted()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        space.Unmap(Base + 0x1000);
        space.Unmap(Base + 0x4000);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal(ImageState.Loaded, image.State);
        Assert.Equal([0x800UL, 0UL, 0x1000UL], image.Segments.Take(3).Select(s => s.PresentBytes));
        Assert.Equal(0x1800UL, image.PresentBytes);
        Assert.Equal(51.1, image.PresentPercent);
    }

    [Fact]
    public void HeadersMayCrossPages()
    {
        // The program headers stand across the end of the first page, whose neighbour lies elsewhere in physical memory.
        var library = new TestElf(headersAt: 0x1000 - 100, spoil: (i, s) => i == 0 ? s with { FileSize = 0x1000, MemorySize = 0x1000 } : s);
        using var space = new ImageSpace();
        space.Put(Base + 0x1000, [0], Rights.Read | Rights.Execute);
        library.Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.Loaded, 5), (image.State, image.Segments.Count));
        Assert.NotEqual(space.Frame(Base) + 4096, space.Frame(Base + 4096));
        space.Unmap(Base + 0x1000);
        image = Assert.Single(space.Search().Images);
        Assert.Equal(ImageState.HeaderOnly, image.State);
        Assert.Equal("4 of 5 program headers aren't there", Assert.Single(image.Doubts));
    }

    [Fact]
    public void CodeThatCannotBeExecutedIsNotLoaded()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base, change: r => r & ~Rights.Execute);
        space.Put(0x1000, [0xc3], Rights.Read | Rights.Execute);
        Assert.Equal(ImageState.HeaderOnly, Assert.Single(space.Search().Images).State);
    }

    [Fact]
    public void WhereUserModeExecutesNothingItsRightsSayNothing()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base, change: r => r & ~Rights.Execute);
        Assert.Equal(ImageState.Loaded, Assert.Single(space.Search().Images).State);
    }

    [Theory]
    [InlineData(true, Rights.Read | Rights.Execute, ImageState.Loaded)]
    [InlineData(false, Rights.Read | Rights.Execute, ImageState.Loaded)]
    [InlineData(false, Rights.Read | Rights.Write | Rights.Execute, ImageState.File)]
    [InlineData(false, Rights.Read | Rights.Write, ImageState.File)]
    public void WhereBothReadingsAgreeTheRightsDecide(bool user, Rights rights, ImageState expected)
    {
        // Like a vDSO: one segment with everything in it, the section headers behind it.
        var vdso = new TestElf(spoil: (i, s) => i switch
        {
            0 => s with { Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Execute, FileSize = 0x2400, MemorySize = 0x2400 },
            1 or 2 => s with { Type = ElfSegmentType.Null },
            3 => s with { VirtualAddress = TestElf.DataOffset },
            _ => s,
        });
        using var space = new ImageSpace();
        space.Put(Base, vdso.File, rights, user);
        space.Put(0x1000, [0], Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal(expected, image.State);
        Assert.Equal((TestElf.BuildId, TestElf.Name), (image.BuildId, image.Name));
    }

    [Fact]
    public void TheLoaderMayHaveMadeTheStringsAnAddress()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);

        // The second entry's value: DT_STRTAB.
        for (int i = 0; i < 8; i++)
        {
            space.At(Base + TestElf.Data + 24 + (ulong)i) = BitConverter.GetBytes(Base + 0x400)[i];
        }

        Assert.Equal(TestElf.Name, Assert.Single(space.Search().Images).Name);
    }

    [Fact]
    public void ANameWithControlCharactersIsNone()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        space.At(Base + 0x403) = 0x1b;
        Assert.Null(Assert.Single(space.Search().Images).Name);
    }

    [Fact]
    public void SegmentsThatContradictEachOtherAreNotLoaded()
    {
        var overlapping = new TestElf(spoil: (i, s) => i == 2 ? s with { VirtualAddress = 0x1800 } : s);
        var wrapping = new TestElf(spoil: (i, s) => i == 2 ? s with { MemorySize = ulong.MaxValue } : s);
        foreach (TestElf elf in new[] { overlapping, wrapping })
        {
            using var space = new ImageSpace();
            new TestElf().Load(space, Base);
            space.Put(Base, elf.File.AsSpan(0, 0x800), Rights.Read);
            Assert.Equal(ImageState.HeaderOnly, Assert.Single(space.Search().Images).State);
        }
    }

    [Fact]
    public void EachAddressOfASharedPageCountsUpToALimit()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        ulong head = space.Frame(Base);
        for (ulong i = 1; i <= 100; i++)
        {
            space.Map(Base + (i * 0x10_0000), head, Rights.Read);
        }

        ImageSearch search = space.Search();
        Assert.Equal(ImageFinder.MostAddresses, search.Images.Count);
        Assert.Contains("37 more", Assert.Single(search.Warnings), StringComparison.Ordinal);
        Assert.Equal(4UL, search.Pages);
    }

    [Fact]
    public void OptionsChoose()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        new TestElf().Load(space, Base + 0x10_0000, user: false);
        Assert.Equal(2, space.Search().Images.Count);
        Assert.Empty(space.Search(new ImageSearchOptions { Kind = ImageKind.Pe }).Images);
        Assert.Equal(Base, Assert.Single(space.Search(new ImageSearchOptions { Privilege = Privilege.User }).Images).Address);
        Assert.Equal(Base, Assert.Single(space.Search(new ImageSearchOptions { MaximumAddress = Base + 0xf_ffff }).Images).Address);
        Assert.Equal(Base + 0x10_0000, Assert.Single(space.Search(new ImageSearchOptions { MinimumAddress = Base + 1 }).Images).Address);
        Assert.Equal(Base, ImageFinder.At(space.Open(), Base)!.Address);
        Assert.Null(ImageFinder.At(space.Open(), Base + 0x1000));
    }

    [Fact]
    public void ARelocatableFileHasItsBuildIdInASection()
    {
        var module = new TestElf(type: ElfType.Relocatable, spoil: (_, s) => s with { Type = ElfSegmentType.Null });

        // Section 1 becomes the note: type, offset and size of Elf64_Shdr.
        int section = 0x2600 + 64;
        BitConverter.GetBytes(7).CopyTo(module.File, section + 4);
        BitConverter.GetBytes(0x300UL).CopyTo(module.File, section + 24);
        BitConverter.GetBytes(36UL).CopyTo(module.File, section + 32);
        using var space = new ImageSpace();
        space.Put(Base, module.File, Rights.Read | Rights.Write, user: false);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.File, "REL", TestElf.BuildId), (image.State, image.Type, image.BuildId));
    }
}
