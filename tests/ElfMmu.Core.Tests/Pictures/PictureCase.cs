using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Pictures;

/// <summary>Spaces made up for pictures.</summary>
internal static class PictureCase
{
    public const Rights Rw = Rights.Read | Rights.Write;
    public const Rights Rx = Rights.Read | Rights.Execute;
    public const Rights Rwx = Rw | Rights.Execute;
    private const ulong Page = 4096;

    public static SpaceIdentity Space(ulong root = 0x1000, string dump = "/evidence/memory.elf", string mode = "ia32e") =>
        new(new DumpIdentity(dump, 1 << 20, DateTime.UnixEpoch), PagingModes.Get(mode), root);

    public static Mapping Map(
        ulong address, ulong size, ulong physical = 0x10_0000, Rights user = Rw, Rights supervisor = Rw, RegionKind kind = RegionKind.Ram) =>
        new(address, size, physical, new MappingAttributes(user, supervisor, 1, 12, 0, false, false, false), kind);

    public static AddressSpacePicture Of(params IEnumerable<Mapping>[] columns)
    {
        var picture = new AddressSpacePicture();
        for (int i = 0; i < columns.Length; i++)
        {
            SpaceIdentity space = Space((ulong)(i + 1) << 12);
            picture.Add(space);
            foreach (Mapping mapping in columns[i])
            {
                picture.Add(mapping, space);
            }
        }

        return picture;
    }

    public static PictureLayout Layout(this AddressSpacePicture picture) => PictureLayout.Create(picture, CancellationToken.None);

    /// <summary>
    /// One to four spaces of up to some dozens of mappings, large and small, near and far; those after the first one have some of the
    /// first one's.
    /// </summary>
    public static IEnumerable<Mapping>[] Random(int seed)
    {
        var random = new Random(seed);
        var columns = new List<Mapping>[random.Next(1, 5)];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Column(random, random.Next(1, 80), upper: false);
            if (random.Next(2) == 0)
            {
                columns[i].AddRange(Column(random, random.Next(1, 80), upper: true));
            }

            if (i > 0)
            {
                // Where both have something, the first one's is left out.
                columns[i].AddRange(columns[0].Where(m => random.Next(3) > 0
                    && !columns[i].Any(o => o.VirtualAddress <= m.LastAddress && m.VirtualAddress <= o.LastAddress)).ToArray());
            }
        }

        return columns;
    }

    private static List<Mapping> Column(Random random, int count, bool upper)
    {
        var mappings = new List<Mapping>();
        UInt128 at = upper ? 0xffff_8000_0000_0000 : random.Next(2) == 0 ? 0UL : 0x40_0000UL;
        UInt128 end = upper ? UInt128.One << 64 : UInt128.One << 47;
        Rights[] rights = [Rights.None, Rights.Read, Rw, Rx, Rwx, Rights.Execute];
        for (int i = 0; i < count; i++)
        {
            at += random.Next(3) == 0 ? UInt128.Zero : (UInt128)random.Next(1, 16) * Page << random.Next(random.Next(1, 28));
            UInt128 size = (UInt128)random.Next(1, 8) * Page << random.Next(random.Next(1, 20));
            if (upper && i == count - 1 && random.Next(2) == 0)
            {
                at = end - size;
            }

            if (at + size > end || (mappings.Count > 0 && at <= mappings[^1].LastAddress))
            {
                break;
            }

            Rights user = upper ? Rights.None : rights[random.Next(rights.Length)];
            mappings.Add(Map(
                (ulong)at,
                (ulong)size,
                (ulong)random.Next(1 << 16) * Page,
                user,
                user | rights[random.Next(rights.Length)],
                random.Next(9) == 0 ? RegionKind.Device : RegionKind.Ram));
            at += size;
        }

        return mappings;
    }
}
