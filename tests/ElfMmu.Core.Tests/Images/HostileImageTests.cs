using System.Diagnostics;
using ElfMmu.Elf;
using ElfMmu.Images;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>
/// Headers that somebody has tampered with, the same ones in every run: whatever they say, an answer comes, soon, and without much memory.
/// </summary>
public sealed class HostileImageTests
{
    private const ulong Base = 0x5000_0000_0000;
    private const int ImagesAtOnce = 50;
    private static readonly ulong[] Telling =
        [0, 1, 7, 8, 0xff, 0x1000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, ulong.MaxValue];

    [Theory]
    [InlineData(1, ElfClass.Elf64, ElfData.LittleEndian)]
    [InlineData(2, ElfClass.Elf64, ElfData.BigEndian)]
    [InlineData(3, ElfClass.Elf32, ElfData.LittleEndian)]
    [InlineData(4, ElfClass.Elf32, ElfData.BigEndian)]
    public void MutatedElfHeadersDoNoHarm(int seed, ElfClass elfClass, ElfData data)
    {
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            Survive(random, space =>
            {
                for (int i = 0; i < ImagesAtOnce; i++)
                {
                    var elf = new TestElf(elfClass, data, random.Next(3) == 0 ? ElfType.Executable : ElfType.SharedObject);

                    // The ELF header after its magic, the program headers, the note, the dynamic section and the section headers.
                    Mutate(random, elf.File, 4, 0x200, random.Next(1, 6));
                    Mutate(random, elf.File, 0x300, 0x420, random.Next(0, 3));
                    Mutate(random, elf.File, 0x2000, 0x2040, random.Next(0, 2));
                    Mutate(random, elf.File, 0x2600, 0x26c0, random.Next(0, 2));
                    ulong address = Base + ((ulong)i << 16);
                    if (random.Next(2) == 0)
                    {
                        elf.Load(space, address);
                        space.Put(address, elf.File.AsSpan(0, 0x800), Rights.Read);
                    }
                    else
                    {
                        space.Put(address, elf.File, Rights.Read | Rights.Execute);
                    }
                }
            });
        }
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void MutatedPeHeadersDoNoHarm(int seed, bool is64)
    {
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            Survive(random, space =>
            {
                for (int i = 0; i < ImagesAtOnce; i++)
                {
                    var pe = new TestPe(is64);
                    Mutate(random, pe.File, 0x3c, 0x40, random.Next(0, 2));
                    Mutate(random, pe.File, 0x84, 0x200, random.Next(1, 6));
                    Mutate(random, pe.File, (int)TestPe.DataOffset, (int)TestPe.DataOffset + 0x260, random.Next(0, 4));
                    ulong address = Base + ((ulong)i << 16);
                    if (random.Next(2) == 0)
                    {
                        pe.Load(space, address);
                    }
                    else
                    {
                        space.Put(address, pe.File, Rights.Read | Rights.Execute);
                    }
                }
            });
        }
    }

    [Fact]
    public void AnImageAtTheTopOfTheAddressSpaceDoesNotWrap()
    {
        using var space = new ImageSpace();
        var elf = new TestElf(spoil: (i, s) => i == 2 ? s with { MemorySize = 0x10_0000 } : s);
        space.Put(0xffff_ffff_ffff_f000, elf.File.AsSpan(0, 0x1000), Rights.Read | Rights.Execute, user: false);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.Equal((ImageState.HeaderOnly, ulong.MaxValue), (image.State, image.EndAddress));
        var pe = new TestPe();
        space.Put(0xffff_ffff_ffff_f000, pe.File.AsSpan(0, 0x1000), Rights.Read | Rights.Execute, user: false);
        Assert.Equal(ImageState.HeaderOnly, Assert.Single(space.Search().Images).State);
    }

    [Fact]
    public void SegmentsThatOverlapAtAddress0AreNotLoaded()
    {
        // The second segment starts where the first one does, at 0, where what lies below it is no address.
        var elf = new TestElf(spoil: (i, s) => i == 1 ? s with { VirtualAddress = 0 } : s);
        using var space = new ImageSpace();
        elf.Load(space, Base);
        space.Put(Base, elf.File.AsSpan(0, 0x800), Rights.Read | Rights.Execute);
        Assert.NotEqual(ImageState.Loaded, Assert.Single(space.Search().Images).State);
    }

    [Fact]
    public void ACountOfHeadersIsNotAnOrderForMemory()
    {
        using var space = new ImageSpace();
        var elf = new TestElf();

        // e_phnum stands 56 bytes into a 64-bit header, e_shnum 60.
        BitConverter.GetBytes((ushort)0xffff).CopyTo(elf.File, 56);
        BitConverter.GetBytes((ushort)0xffff).CopyTo(elf.File, 60);
        elf.Load(space, Base);
        MappedImage image = Assert.Single(space.Search().Images);
        Assert.InRange(image.Segments.Count, 1, ImageFinder.MostSegments);
        Assert.Contains(image.Doubts, d => d.Contains("65535 or more", StringComparison.Ordinal));
    }

    /// <summary>
    /// Hundreds of headers that lead to the same thousand notes, or thousands of sections, each mapped as often as is looked at: what is
    /// left out takes as long as what is kept.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HeadersThatMakeWorkAreLeftAtSomePoint(bool kept)
    {
        const int Heads = 136;
        const int ProgramHeaders = 1024;
        const int Sections = 4096;
        const ulong Page = ImageSpace.PageSize;
        const ulong HeadersAt = Heads * Page;
        const ulong NotesAt = HeadersAt + (16 * Page);
        const ulong SectionsAt = NotesAt + (Heads * Page);
        const ulong Span = SectionsAt + (64 * Page);
        using var space = new ImageSpace();
        ulong ram = space.NextFrame;
        byte[] bytes = new byte[Span];
        for (int i = 0; i < Heads; i++)
        {
            ElfEncoder.WriteHeader(bytes.AsSpan(i * (int)Page), new ElfLayout
            {
                Class = ElfClass.Elf64,
                Data = ElfData.LittleEndian,
                Type = ElfType.SharedObject,
                Machine = ElfMachine.X86_64,
                ProgramHeaderOffset = HeadersAt - ((ulong)i * Page),
                ProgramHeaderCount = kept ? 1UL : ProgramHeaders,
                SectionHeaderOffset = SectionsAt - ((ulong)i * Page),
                SectionHeaderCount = Sections,
                SectionNameIndex = 1,
            });
            new ElfNoteBuilder(ElfData.LittleEndian).Add("CORE", 1, new byte[64]).ToArray()
                .CopyTo(bytes, (int)NotesAt + (i * (int)Page));
        }

        int size = ElfEncoder.ProgramHeaderSize(ElfClass.Elf64);
        for (int i = 0; i < ProgramHeaders; i++)
        {
            ElfEncoder.WriteProgramHeader(
                bytes.AsSpan((int)HeadersAt + (i * size)),
                ElfClass.Elf64,
                ElfData.LittleEndian,
                new ElfProgramHeader { Type = ElfSegmentType.Note, Offset = NotesAt, FileSize = Page });
        }

        for (int i = 1; i < Sections; i++)
        {
            // sh_type: names, then code; in what is left out, one that there isn't.
            uint type = i == 1 ? 3 : i == 2 && !kept ? 77 : 1U;
            BitConverter.GetBytes(type).CopyTo(bytes, (int)SectionsAt + (i * 64) + 4);
        }

        space.Write(ram, bytes);
        for (ulong i = 0; i < (ulong)ImageFinder.MostAddresses; i++)
        {
            for (ulong at = 0; at < Span; at += Page)
            {
                space.Map(Base + (i * Span) + at, ram + at, Rights.Read);
            }
        }

        ImageSearch search = space.Search(new ImageSearchOptions());
        Assert.Contains("take too long", Assert.Single(search.Warnings), StringComparison.Ordinal);
        Assert.InRange(kept ? search.Images.Count : search.LeftOut, 1, (Heads * ImageFinder.MostAddresses) - 1);
        Assert.Equal(0, kept ? search.LeftOut : search.Images.Count);
    }

    [Fact]
    public void ABadNameIsNoException()
    {
        int thread = Environment.CurrentManagedThreadId;
        int thrown = 0;
        EventHandler<System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs> count =
            (_, _) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += count;
        try
        {
            Assert.Null(ImageText.Clean([0xff, 0xfe]));
            Assert.Equal("é", ImageText.Clean([0xc3, 0xa9]));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= count;
        }

        Assert.Equal(0, thrown);
    }

    private static void Mutate(Random random, byte[] file, int from, int to, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int size = 1 << random.Next(4);
            int at = from + (random.Next((to - from) / size) * size);
            ulong value = random.Next(3) == 0 ? (ulong)random.NextInt64() : Telling[random.Next(Telling.Length)];
            byte[] bytes = BitConverter.GetBytes(value)[..size];
            if (random.Next(2) == 0)
            {
                Array.Reverse(bytes);
            }

            bytes.CopyTo(file, at);
        }
    }

    private static void Survive(Random random, Action<ImageSpace> fill)
    {
        using var space = new ImageSpace();
        fill(space);
        if (random.Next(4) == 0)
        {
            space.Unmap(Base + ((ulong)random.Next(ImagesAtOnce) << 16) + 0x1000);
        }

        ElfMmu.Spaces.AddressSpace opened = space.Open();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        ImageSearch search = ImageFinder.Find(opened, new ImageSearchOptions { IncludeHeaders = true });
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.InRange(allocated, 0, 16 << 20);
        foreach (MappedImage image in search.Images)
        {
            Assert.InRange(image.PresentBytes, 0UL, image.TotalBytes);
            Assert.InRange(image.Segments.Count, 0, ImageFinder.MostSegments);
            Assert.True(image.Size > 0 && image.EndAddress > image.Address);
            Assert.True(image.Name == null || !image.Name.Any(char.IsControl));
            Assert.All(image.Segments, s => Assert.InRange(s.PresentBytes, 0UL, Math.Max(s.Size, s.FileSize)));
        }
    }
}
