using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Images;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>Where the bytes of an image's addresses are in its space, however it lies there.</summary>
public sealed class ImageAddressTests
{
    private const ulong Base = 0x7f12_3456_7000;

    [Theory]
    [InlineData(ElfClass.Elf64)]
    [InlineData(ElfClass.Elf32)]
    public void AnImageThatLiesAsItsFileDoesHasTheAddressesOfItsBytes(ElfClass elfClass)
    {
        var library = new TestElf(elfClass: elfClass);
        using var space = new ImageSpace();
        space.Put(Base, library.File, Rights.Read);
        using ElfFile file = Open(space, ImageState.File);
        Assert.Equal(Base + TestElf.DataOffset + 8, file.AddressOf(TestElf.Data + 8));
        Assert.Equal(Base + TestElf.Entry, file.AddressOf(TestElf.Entry));
        Assert.Null(file.AddressOf(TestElf.Data + TestElf.DataSize));
        Assert.Null(file.AddressOf(0x1000_0000));
        Assert.Equal(Base, ElfSections.Read(file).ElementAt(1).VirtualAddress);
    }

    [Fact]
    public void ALoadedImageHasTheAddressesOfItsHeadersMoved()
    {
        var library = new TestElf();
        using var space = new ImageSpace();
        library.Load(space, Base);
        using ElfFile file = Open(space, ImageState.Loaded);
        Assert.Equal(Base + TestElf.Data, file.AddressOf(TestElf.Data));
        Assert.Equal(Base + TestElf.Data + TestElf.DataSize, file.AddressOf(TestElf.Data + TestElf.DataSize));
    }

    private static ElfFile Open(ImageSpace space, ImageState state)
    {
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal(state, image.State);
        return ((IElfSource)image).OpenElf();
    }
}
