using ElfMmu.Memory;
using ElfMmu.Paging;
using FsCheck;
using FsCheck.Fluent;

namespace ElfMmu.Tests.Export;

/// <summary>
/// Mappings of a dump's pages, disjoint in virtual addresses and anything at all in physical ones. Virtual addresses are counted
/// up in steps, so neighbours often touch; the list is then shuffled.
/// </summary>
internal sealed record SegmentCase(Mapping[] Mappings)
{
    public const int DumpPages = 40;

    private const ulong PageSize = 4096;

    private static readonly Rights[] Choices =
        [Rights.Read, Rights.Read | Rights.Write, Rights.Read | Rights.Execute, Rights.Read | Rights.Write | Rights.Execute];

    public static Arbitrary<SegmentCase> Arbitrary(ulong ramBase)
    {
        Gen<(int Gap, int Start, int Count, int Rights)> one =
            from gap in Gen.Choose(0, 2)
            from start in Gen.Choose(0, DumpPages - 1)
            from count in Gen.Choose(1, 12)
            from rights in Gen.Choose(0, Choices.Length - 1)
            select (gap, start, Math.Min(count, DumpPages - start), rights);
        Gen<SegmentCase> gen =
            from parts in one.NonEmptyListOf()
            from high in Gen.Elements(0UL, 0x7fff_0000_0000UL, 0xffff_8880_0000_0000UL)
            from shuffled in Gen.Shuffle(Place([.. parts], high, ramBase))
            select new SegmentCase(shuffled);
        return gen.ToArbitrary();
    }

    private static Mapping[] Place((int Gap, int Start, int Count, int Rights)[] parts, ulong address, ulong ramBase)
    {
        var mappings = new List<Mapping>();
        foreach ((int gap, int start, int count, int rights) in parts)
        {
            address += (ulong)gap * PageSize;
            ulong size = (ulong)count * PageSize;
            var attributes = new MappingAttributes(Choices[rights], Choices[rights], 1, 12, 0, false, false, false);
            mappings.Add(new Mapping(address, size, ramBase + ((ulong)start * PageSize), attributes, RegionKind.Ram));
            address += size;
        }

        return [.. mappings];
    }

    public override string ToString() => string.Join("\n", Mappings.Select(
        m => $"0x{m.VirtualAddress:x} +0x{m.Size:x} -> 0x{m.PhysicalAddress:x} {RightsFormat.Format(m.Attributes.User)}"));
}
