using ElfMmu.Paging;
using ElfMmu.Pictures;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>What spaces of a picture share.</summary>
public sealed class SharingTests
{
    private const ulong Page = 4096;

    [Fact]
    public void UserPagesAreSharedAtAnyAddress() => Assert.Equal(
        [[Sharing.All], [Sharing.All]],
        Find([PictureCase.Map(0x1000, Page, 0x8000)], [PictureCase.Map(0x7000, Page, 0x8000)]));

    [Fact]
    public void KernelPagesAreSharedAtTheSameAddressOnly() => Assert.Equal(
        [[Sharing.All, Sharing.None], [Sharing.All, Sharing.None]],
        Find(
            [Kernel(0x1000, 0x8000), Kernel(0x2000, 0x9000)],
            [Kernel(0x1000, 0x8000), Kernel(0x3000, 0x9000)]));

    [Fact]
    public void AKernelsMapOfAllMemorySharesNothingOfUsers() => Assert.Equal(
        [[Sharing.None, Sharing.None], [Sharing.None, Sharing.None]],
        Find(
            [PictureCase.Map(0x1000, Page, 0x8000), Kernel(0xffff_8000_0000_9000, 0x9000)],
            [PictureCase.Map(0x1000, Page, 0x9000), Kernel(0xffff_8000_0000_8000, 0x8000)]));

    [Fact]
    public void APartIsAPart() => Assert.Equal(
        [[Sharing.Part], [Sharing.All]],
        Find([PictureCase.Map(0x1000, 4 * Page, 0x8000)], [PictureCase.Map(0x7000, Page, 0x9000)]));

    [Fact]
    public void OneSpaceSharesNothingWithItself() => Assert.Equal(
        [[Sharing.None, Sharing.None]],
        Find([PictureCase.Map(0x1000, Page, 0x8000), PictureCase.Map(0x4000, Page, 0x8000)]));

    [Fact]
    public void DumpsShareNothing()
    {
        var picture = new AddressSpacePicture();
        picture.Add(PictureCase.Map(0x1000, Page, 0x8000), PictureCase.Space());
        picture.Add(PictureCase.Map(0x1000, Page, 0x8000), PictureCase.Space(dump: "/evidence/other.elf"));
        Assert.Equal([[Sharing.None], [Sharing.None]], picture.Layout().Sharing);
    }

    [Fact]
    public void ItIsWhatComparingEveryPageFinds()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            Mapping[][] columns = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Small(random))];
            Sharing[][] found = Find(columns);
            for (int column = 0; column < columns.Length; column++)
            {
                for (int i = 0; i < columns[column].Length; i++)
                {
                    Mapping mapping = columns[column][i];
                    int pages = (int)(mapping.Size / Page);
                    int shared = Enumerable.Range(0, pages).Count(p => columns.Where((_, c) => c != column)
                        .Any(c => c.Any(other => Shares(mapping, (ulong)p * Page, other))));
                    Sharing expected = shared == 0 ? Sharing.None : shared == pages ? Sharing.All : Sharing.Part;
                    Assert.True(expected == found[column][i], $"Seed {seed}, column {column}, {mapping}: {found[column][i]}");
                }
            }
        }
    }

    private static bool Shares(Mapping mapping, ulong offset, Mapping other)
    {
        bool user = mapping.Attributes.User != Rights.None;
        ulong physical = mapping.PhysicalAddress + offset;
        return user == (other.Attributes.User != Rights.None)
            && physical >= other.PhysicalAddress
            && physical < other.PhysicalAddress + other.Size
            && (user || mapping.VirtualAddress + offset == other.VirtualAddress + (physical - other.PhysicalAddress));
    }

    private static Mapping[] Small(Random random)
    {
        var mappings = new List<Mapping>();
        ulong at = 0;
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            at += (ulong)random.Next(3) * Page;
            ulong size = (ulong)random.Next(1, 5) * Page;
            bool user = random.Next(2) == 0;
            ulong physical = random.Next(2) == 0 ? at : (ulong)random.Next(24) * Page;
            mappings.Add(PictureCase.Map(at, size, physical, user ? PictureCase.Rw : Rights.None));
            at += size;
        }

        return [.. mappings];
    }

    private static Mapping Kernel(ulong address, ulong physical) => PictureCase.Map(address, Page, physical, Rights.None);

    private static Sharing[][] Find(params IEnumerable<Mapping>[] columns) => PictureCase.Of(columns).Layout().Sharing;
}
