using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using FsCheck;
using FsCheck.Fluent;

namespace ElfMmu.Tests.Spaces;

/// <summary>Two sets of mappings of a few bytes' length in the same small universe, and what counts when they are compared.</summary>
public sealed record ComparisonCase(PageTableMapping[] Before, PageTableMapping[] After, ComparisonOptions Options)
{
    public const ulong Universe = 40;

    public static readonly SpaceIdentity One =
        new(new DumpIdentity("/one.elf", 1, DateTime.UnixEpoch), PagingModes.Get("ia32e"), 0x1000);

    public static readonly SpaceIdentity Other = One with { Root = 0x2000 };

    public ulong Origin { get; init; }

    public IEnumerable<MappingChange> Compare() => MappingComparer.Compare(MappingSet.Of(Before), MappingSet.Of(After), Options);

    public static Arbitrary<ComparisonCase> Arbitrary() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from origin in Gen.Elements<ulong>(0UL, 0x7fff_ffff_ffff_fff0, ulong.MaxValue - Universe + 1)
        select Make(new Random(seed), origin));

    private static ComparisonCase Make(Random random, ulong origin)
    {
        ulong minimum = origin + (ulong)random.Next((int)Universe);
        ulong maximum = origin + (ulong)random.Next((int)Universe);
        Privilege privilege = (Privilege)random.Next(3);
        MappingFilter[] filters =
            [new(privilege), new(privilege), new(privilege, Rights.Write), new(privilege, Rights.None, Rights.Write)];
        var options = new ComparisonOptions
        {
            Filter = filters[random.Next(filters.Length)],
            IncludeEqual = random.Next(2) == 0,
            Attributes = random.Next(3) == 0,
            MinimumAddress = random.Next(2) == 0 ? 0 : minimum,
            MaximumAddress = random.Next(2) == 0 ? ulong.MaxValue : maximum,
        };
        return new ComparisonCase(Side(random, origin, One), Side(random, origin, Other), options) { Origin = origin };
    }

    /// <summary>Mostly the same displacement and rights, so that sides agree often and runs continue each other.</summary>
    private static PageTableMapping[] Side(Random random, ulong origin, SpaceIdentity space)
    {
        List<PageTableMapping> mappings = [];
        for (ulong at = (ulong)random.Next(3); at < Universe;)
        {
            ulong size = Math.Min((ulong)random.Next(1, 8), Universe - at);
            Rights user = random.Next(3) == 0 ? Rights.None : Rights.Read;
            Rights supervisor = random.Next(3) == 0 ? Rights.Read : Rights.Read | Rights.Write;
            var attributes = new MappingAttributes(
                user, supervisor, 1, random.Next(4) == 0 ? 1 : 0, 0, random.Next(5) == 0, random.Next(2) == 0, random.Next(2) == 0);
            ulong physical = 0x1000 + at + (ulong)(random.Next(4) == 0 ? random.Next(2) : 0);
            mappings.Add(new PageTableMapping(new Mapping(origin + at, size, physical, attributes, RegionKind.Ram), space));
            at += size + (ulong)(random.Next(3) == 0 ? random.Next(1, 4) : 0);
        }

        return [.. mappings];
    }
}
