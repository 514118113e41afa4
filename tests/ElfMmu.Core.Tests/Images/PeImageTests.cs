using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ElfMmu.Images;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>PE images in spaces of the tests' own making; those of .NET are compared with what its own reader says of them.</summary>
public sealed class PeImageTests
{
    private const ulong Base = 0x7ff8_1234_0000;

    [Theory]
    [InlineData(true, 0x80)]
    [InlineData(false, 0x80)]
    [InlineData(true, 0xfc)]
    public void ALibraryIsFoundAsItWasLoaded(bool is64, int newHeader)
    {
        using var space = new ImageSpace();
        new TestPe(is64, is64 ? (ushort)0x8664 : (ushort)0x14c, newHeader: newHeader).Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageKind.Pe, ImageState.Loaded, "dll"), (image.Kind, image.State, image.Type));
        Assert.Equal(is64 ? (64, "AMD64") : (32, "I386"), (image.Class, image.Machine));
        Assert.Equal((Base, 0x5000UL, 0x5000UL), (image.Address, image.Size, image.ImageSize));
        Assert.Equal(Base + TestPe.Entry, image.EntryPoint);
        Assert.Equal((TestPe.BuildId, TestPe.Name, TestPe.PdbPath), (image.BuildId, image.Name, image.DebugFile));
        Assert.Equal(
            [
                new ImageSegment(".text", Base + 0x1000, 0x1000, 0x1100, 0x400, 0x1200, "r-x", 0x1100),
                new ImageSegment(".rdata", Base + 0x3000, 0x3000, 0x700, 0x1600, 0x800, "r--", 0x700),
            ],
            image.Segments);
        Assert.Equal((0x400UL + 0x1100 + 0x700, 100.0), (image.PresentBytes, image.PresentPercent));
    }

    [Theory]
    [InlineData(Rights.Read)]
    [InlineData(Rights.Read | Rights.Write)]
    [InlineData(Rights.Read | Rights.Write | Rights.Execute)]
    public void AFileIsNoLoadedImageWhateverItsRights(Rights rights)
    {
        var library = new TestPe();
        using var space = new ImageSpace();
        space.Put(Base, library.File, rights);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.File, (ulong)library.File.Length), (image.State, image.Size));
        Assert.Equal((TestPe.BuildId, TestPe.Name), (image.BuildId, image.Name));
        Assert.Equal(Base + TestPe.CodeOffset + 0x234, image.EntryPoint);
        Assert.Equal(Base + TestPe.DataOffset, image.Segments[1].VirtualAddress);
    }

    [Fact]
    public void AFirstPageAloneIsAHeader()
    {
        using var space = new ImageSpace();
        space.Put(Base, new TestPe().File.AsSpan(0, (int)TestPe.CodeOffset), Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.HeaderOnly, 4096UL, (string?)null), (image.State, image.Size, image.BuildId));
    }

    [Fact]
    public void AKernelThatLetsEverythingBeExecutedHasLoadedImagesAllTheSame()
    {
        using var space = new ImageSpace();
        new TestPe(subsystem: 1).Load(space, 0xffff_f800_1000_0000, user: false, all: Rights.Read | Rights.Write | Rights.Execute);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.Loaded, "driver", 0xffff_f800_1000_0000), (image.State, image.Type, image.Address));
    }

    [Fact]
    public void HeadersMayCrossPages()
    {
        using var space = new ImageSpace();
        var library = new TestPe(newHeader: 0x80);
        byte[] moved = new byte[0x1400];

        // The headers stand across the end of the first page; sections and their places in the file are as before.
        library.File.AsSpan(0, 0x40).CopyTo(moved);
        BitConverter.GetBytes(0x1000 - 60).CopyTo(moved, 0x3c);
        library.File.AsSpan(0x80, 0x400 - 0x80).CopyTo(moved.AsSpan(0x1000 - 60));
        space.Put(Base + 0x1000, [0], Rights.Read);
        space.Put(Base, moved, Rights.Read);
        space.Put(Base + TestPe.DataAddress, library.File.AsSpan((int)TestPe.DataOffset, 0x700), Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.NotEqual(space.Frame(Base) + 4096, space.Frame(Base + 4096));
        Assert.Equal(2, image.Segments.Count);
        space.Unmap(Base + 0x1000);
        Assert.Empty(space.Search().Images);
    }

    [Theory]
    [InlineData(0x0022, 3, "exe")]
    [InlineData(0x2022, 2, "dll")]
    [InlineData(0x0022, 1, "driver")]
    [InlineData(0x0206, 10, "efi-application")]
    [InlineData(0x0206, 11, "efi-boot-driver")]
    [InlineData(0x0206, 12, "efi-runtime-driver")]
    [InlineData(0x0206, 13, "efi-rom")]
    public void TheTypeIsWhatTheHeaderSays(ushort characteristics, ushort subsystem, string type)
    {
        using var space = new ImageSpace();
        new TestPe(characteristics: characteristics, subsystem: subsystem).Load(space, Base);
        Assert.Equal(type, Assert.Single(space.Search().Images).Type);
    }

    [Theory]
    [InlineData(0xaa64, "ARM64")]
    [InlineData(0x5064, "RISCV64")]
    [InlineData(0x8664 ^ 0x7b79, "AMD64 (Linux)")]
    [InlineData(0xaa64 ^ 0x4644, "ARM64 (Apple)")]
    [InlineData(0x1234, "0x1234")]
    public void TheMachineHasItsName(int machine, string name)
    {
        using var space = new ImageSpace();
        new TestPe(machine: (ushort)machine).Load(space, Base);
        Assert.Equal(name, Assert.Single(space.Search().Images).Machine);
    }

    [Fact]
    public void ANameIsThePDBsWhereNothingIsExported()
    {
        var program = new TestPe();
        program.File.AsSpan(program.OptionalHeader + 112, 8).Clear();
        using var space = new ImageSpace();
        program.Load(space, Base);
        Assert.Equal("test.pdb", Assert.Single(space.Search().Images).Name);
    }

    [Theory]
    [InlineData(typeof(MappedImage))]
    [InlineData(typeof(object))]
    [InlineData(typeof(Assert))]
    public void AssembliesAreAsDotnetReadsThem(Type type)
    {
        byte[] file = File.ReadAllBytes(type.Assembly.Location);
        using var reader = new PEReader(new MemoryStream(file));
        PEHeaders headers = reader.PEHeaders;
        using (var loaded = new ImageSpace(48))
        {
            loaded.Put(Base, file.AsSpan(0, headers.PEHeader!.SizeOfHeaders), Rights.Read);
            foreach (SectionHeader section in headers.SectionHeaders)
            {
                byte[] bytes = new byte[section.VirtualSize];
                file.AsSpan(section.PointerToRawData, Math.Min(section.SizeOfRawData, section.VirtualSize)).CopyTo(bytes);
                bool executable = (section.SectionCharacteristics & SectionCharacteristics.MemExecute) != 0;
                loaded.Put(Base + (ulong)section.VirtualAddress, bytes, executable ? Rights.Read | Rights.Execute : Rights.Read);
            }

            Check(loaded, ImageState.Loaded);
        }

        using var flat = new ImageSpace(48);
        flat.Put(Base, file, Rights.Read);
        Check(flat, ImageState.File);

        void Check(ImageSpace space, ImageState state)
        {
            MappedImage image = space.Search().Images.First(i => i.Address == Base);
            Assert.Equal(state, image.State);
            Assert.Equal(100.0, image.PresentPercent);
            Assert.Equal(headers.SectionHeaders.Select(s => s.Name), image.Segments.Select(s => s.Name));
            Assert.Equal(headers.IsDll ? "dll" : "exe", image.Type);
            Assert.Equal(headers.PEHeader!.Magic == PEMagic.PE32Plus ? 64 : 32, image.Class);
            DebugDirectoryEntry entry = reader.ReadDebugDirectory().First(e => e.Type == DebugDirectoryEntryType.CodeView);
            CodeViewDebugDirectoryData data = reader.ReadCodeViewDebugDirectoryData(entry);
            Assert.Equal($"{data.Guid:N}".ToUpperInvariant() + $"{data.Age:X}", image.BuildId);
            Assert.Equal(data.Path, image.DebugFile);
        }
    }
}
