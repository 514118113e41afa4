using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Images;
using ElfMmu.Images.Loading;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>Images in address spaces as input of what reads ELF files.</summary>
public sealed class MappedElfTests
{
    private const ulong Base = 0x7f00_0000_0000;

    [Theory]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian)]
    public void ALoadedImageHasItsFilesHeadersAndItsMemorysBytes(ElfClass elfClass, ElfData data)
    {
        using var space = new ImageSpace();
        var library = new TestElf(elfClass, data);
        library.Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        using ElfFile file = ((IElfSource)image).OpenElf();
        Assert.True(file.IsLoaded);
        Assert.Equal(library.Segments, file.ProgramHeaders.ToArray());
        Assert.Empty(file.SectionHeaders.ToArray());

        // The data lies one page further on than in the file; its zeros are memory too, and behind it there is nothing.
        Assert.True(file.TryLocate(TestElf.Data + 0x10, out ulong offset, out ulong available));
        Assert.Equal((TestElf.Data + 0x10, TestElf.DataMemory - 0x10), (offset, available));
        Assert.Equal(library.File.AsSpan((int)TestElf.DataOffset + 0x10, 0x20).ToArray(), file.Read(offset, 0x20, () => "It"));
        Assert.False(file.TryLocate(TestElf.Data + TestElf.DataMemory, out _, out _));
        Assert.Empty(file.Diagnostics);
    }

    [Theory]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian, Base)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian, 0xb7f0_0000UL)]
    public void SegmentsOfALoadedImageAreWhereTheyAreInMemory(ElfClass elfClass, ElfData data, ulong start)
    {
        using var space = new ImageSpace();
        var library = new TestElf(elfClass, data);
        library.Load(space, start);
        MappedImage image = Assert.Single(space.Search().Images);
        using ElfFile file = ((IElfSource)image).OpenElf();
        ElfSegment[] segments = [.. ElfSegments.Read(file)];
        Assert.Equal(library.Segments.Select(s => s.VirtualAddress), segments.Select(s => s.VirtualAddressField));
        Assert.All(segments, s => Assert.Equal((start + s.VirtualAddressField, s.VirtualAddress), (s.VirtualAddress, s.Address)));
        ElfSegment code = segments.First(s => s.Type == ElfSegmentType.Load && s.Rights == "r-x");
        Assert.True(code.Contains(start + code.VirtualAddressField));
        Assert.False(code.Contains(code.VirtualAddressField));
        Assert.Equal(code.VirtualAddress + code.MemorySize, code.EndAddress);
    }

    [Fact]
    public void AFileInMemoryHasItsSections()
    {
        using var space = new ImageSpace();
        var library = new TestElf();
        space.Put(Base, library.File, Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        using ElfFile file = ((IElfSource)image).OpenElf();
        Assert.Equal((ImageState.File, false), (image.State, file.IsLoaded));
        Assert.Equal(library.Segments, file.ProgramHeaders.ToArray());
        Assert.Equal(3, file.SectionHeaders.Length);
        Assert.True(file.TryLocate(TestElf.Data, out ulong offset, out ulong available));
        Assert.Equal((TestElf.DataOffset, TestElf.DataSize), (offset, available));
        Assert.Empty(file.Diagnostics);

        // Laid out, it is what its file would be.
        using var expanding = new Expanding();
        MemoryImage laid = expanding.Expand(image);
        Assert.Equal((0UL, false), (laid.BaseAddress, laid.IsFromMemory));
        Assert.Equal(Expanding.Expected(library.File, library.Segments, 0, 0x4800), Expanding.Bytes(laid));
        Assert.Empty(laid.Absent);
    }

    [Fact]
    public void ALoadedImageMayHaveAnySource()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        using var expanding = new Expanding();
        byte[] expected = Expanding.Bytes(expanding.Expand(image));
        MemoryImage laid = expanding.Expand(new OtherSource(image));
        Assert.Equal((Base, Base), (laid.BaseAddress, laid.LoadBias));
        Assert.Equal(expected, Expanding.Bytes(laid));
    }

    [Fact]
    public void OfAMereHeaderTheRestIsMissing()
    {
        using var space = new ImageSpace();
        var library = new TestElf();
        space.Put(Base, library.File.AsSpan(0, 4096), Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.HeaderOnly, (ulong?)null), (image.State, image.LoadBias));
        using ElfFile file = ((IElfSource)image).OpenElf();
        Assert.Equal(library.Segments, file.ProgramHeaders.ToArray());
        Assert.Empty(file.SectionHeaders.ToArray());
        Assert.Contains(file.Diagnostics, d => d.Id == "HeaderTableCut");
        using var expanding = new Expanding();
        MemoryImage laid = expanding.Expand(image);
        Assert.Equal([(0x1000UL, 0xf00UL), (0x3000UL, 0x400UL)], laid.Absent.Select(a => (a.Address, a.Size)));
    }

    [Fact]
    public void PagesThatAreNotThereAreSaidOnce()
    {
        using var space = new ImageSpace();
        new TestElf().Load(space, Base);
        space.Unmap(Base + 0x1000);
        space.Unmap(Base + 0x4000);
        MappedImage image = Assert.Single(space.Search().Images);
        using ElfFile file = ((IElfSource)image).OpenElf();
        _ = file.ProgramHeaders;
        Assert.Empty(file.Diagnostics);
        for (ulong i = 0; i < 0x100; i++)
        {
            Assert.Equal(new byte[8], file.Read(0x1000 + (i * 8), 8, () => "Code"));
        }

        ElfDiagnostic one = Assert.Single(file.Diagnostics);
        Assert.Equal(("PageAbsent", 0x1000UL), (one.Id, one.Offset));
        Assert.Equal($"0x1000 bytes at 0x{Base + 0x1000:x} were read as zeros: it isn't mapped.", one.Message);
        _ = file.Read(0, 0x5000, () => "All");
        Assert.Equal([0x1000UL, 0x4000UL], file.Diagnostics.Select(d => d.Offset!.Value));

        using var expanding = new Expanding();
        MemoryImage laid = expanding.Expand(image);
        Assert.Equal([(Base + 0x1000, 0xf00UL), (Base + 0x4000, 0x800UL)], laid.Absent.Select(a => (a.Address, a.Size)));
        Assert.Equal(image.TotalBytes - image.PresentBytes, laid.AbsentBytes);
        Assert.Equal((Base, 0x4800UL), (laid.BaseAddress, laid.Size));
        Assert.Throws<ElfMmuException>(() => expanding.Expand(image, o => o with { LoadAddress = 0x1000 }));
        Assert.Throws<ElfMmuException>(() => expanding.Expand(image, o => o with { AddressKind = ImageAddressKind.Physical }));
    }

    [Fact]
    public void TheListOfWhatIsAbsentIsBounded()
    {
        var list = new AbsenceList();
        for (ulong i = 0; i < 5000; i++)
        {
            Assert.Equal(i <= AbsenceList.Most, list.Add(new AbsentRange(i * 0x2000, 0x1000, AbsenceReason.NotMapped, null)));
        }

        Assert.Equal((AbsenceList.Most, true), (list.Ranges.Count, list.IsCut));
        Assert.False(list.Add(new AbsentRange(0x2800, 0x100, AbsenceReason.NotMapped, null)));
        Assert.True(list.Add(new AbsentRange(0x1000, 0x1000, AbsenceReason.NotMapped, null)));
        Assert.Equal((AbsenceList.Most - 1, 0x3000UL), (list.Ranges.Count, list.Ranges[0].Size));
        Assert.True(list.Add(new AbsentRange(0, 0x10_0000, AbsenceReason.NotMapped, null)));
        Assert.Equal((0UL, 0x10_1000UL), (list.Ranges[0].Address, list.Ranges[0].Size));
        Assert.Equal(list.Ranges.OrderBy(r => r.Address), list.Ranges);
    }

    [Fact]
    public void AnImageAtTheVeryTopHasItsLastByte()
    {
        const ulong Top = 0xffff_ffff_ffff_d000;
        using var space = new ImageSpace();
        var vdso = new TestElf(spoil: (i, s) => i switch
        {
            0 => s with { Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Execute, FileSize = 0x2400, MemorySize = 0x3000 },
            1 or 2 => s with { Type = ElfSegmentType.Null },
            3 => s with { VirtualAddress = TestElf.DataOffset },
            _ => s,
        });
        byte[] memory = new byte[0x3000];
        vdso.File.AsSpan(0, 0x2400).CopyTo(memory);
        memory[^1] = 0x77;
        space.Put(Top, memory, Rights.Read | Rights.Execute);
        space.Put(0x1000, [0], Rights.Read);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.Loaded, 0x3000UL), (image.State, image.Size));
        using var input = new MappedImageInput(image);
        byte[] last = new byte[1];
        input.Read(0x2fff, last);
        Assert.Equal(0x77, last[0]);
        using var expanding = new Expanding();
        Assert.Equal(memory, Expanding.Bytes(expanding.Expand(image)));
    }

    [Fact]
    public void KeepingADumpOpenKeepsWhatIsFoundOutOfIt()
    {
        using var folder = new TempFolder();
        string path = folder.Write("dump.bin", new byte[0x4000]);
        DumpIdentity identity;
        using (MemoryDump first = MemoryDump.Open(path))
        {
            identity = first.Identity;
        }

        IElfSource source = new MappedImage(new SpaceIdentity(identity, PagingModes.Get("ia32e"), 0x1000));
        using IDisposable? kept = source.KeepOpen();
        using MemoryDump again = identity.Reopen();
        Assert.Same(kept, again);
    }

    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void GuestsImagesAreTheirFiles(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using var expanding = new Expanding();
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        AddressSpace space = Described.Space(dump);
        MemoryReader reader = MemoryReader.Of(space);
        MappedImage[] images = [.. ImageFinder.Find(space).Images.Where(i => i.Kind == ImageKind.Elf)];
        Dictionary<string, MappedImage> files = images.Where(i => i.State == ImageState.File && i.BuildId != null)
            .GroupBy(i => i.BuildId!).ToDictionary(g => g.Key, g => g.First());
        int compared = 0;
        foreach (MappedImage image in images)
        {
            using ElfFile file = ((IElfSource)image).OpenElf();
            Assert.Equal(image.Segments.Select(s => s.LinkedAddress), file.ProgramHeaders.ToArray().Select(s => s.VirtualAddress));
            Assert.Equal(image.State == ImageState.File, file.SectionHeaders.Length > 0);
            Assert.Empty(file.Diagnostics);
            MemoryImage laid = expanding.Expand(image);
            if (image.State != ImageState.Loaded)
            {
                continue;
            }

            // Every byte is the memory's, and what isn't there is counted.
            Assert.Equal(image.TotalBytes - image.PresentBytes, laid.AbsentBytes);
            byte[] bytes = Expanding.Bytes(laid);
            foreach (MemoryImageRegion region in laid.Regions)
            {
                byte[] memory = new byte[region.Size];
                reader.Read(region.VirtualAddress, memory, new ReadOptions { Absent = AbsentMemory.Fill });
                Assert.True(memory.AsSpan().SequenceEqual(bytes.AsSpan((int)region.Offset, (int)region.Size)), region.ToString());
            }

            // The kernel has the vDSO as its linker made it.
            if (image.BuildId is { } id && files.TryGetValue(id, out MappedImage? original))
            {
                using ElfFile other = ((IElfSource)original).OpenElf();
                Assert.Equal(other.ProgramHeaders.ToArray(), file.ProgramHeaders.ToArray());
                Assert.Equal(other.Header.EntryPoint, file.Header.EntryPoint);
                ElfProgramHeader load = other.ProgramHeaders.ToArray().First(s => s.Type == ElfSegmentType.Load);
                Assert.Equal(
                    other.Read(load.Offset, load.FileSize, () => "It"),
                    bytes.AsSpan((int)(load.VirtualAddress + image.LoadBias!.Value - laid.BaseAddress), (int)load.FileSize));
                compared++;
            }
        }

        Assert.NotEmpty(images);
        Assert.True(compared > 0 || !images.Any(i => i.State == ImageState.Loaded && i.Type == "DYN"), $"{images.Length} images, none compared");
    }

    /// <summary>A source of somebody else's that opens an image.</summary>
    private sealed class OtherSource(MappedImage image) : IElfSource
    {
        public string Path => "elsewhere";

        public ElfFile OpenElf(CancellationToken cancellation)
        {
            var input = new MappedImageInput(image, cancellation);
            return ElfFile.OpenLoaded(input, this, image.LoadBias!.Value - image.Address, input, image.Address);
        }
    }
}
