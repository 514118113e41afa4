using System.Buffers.Binary;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>Raw images in which RAM had a hole: the pieces stand one behind the other, and the addresses don't.</summary>
public class HoleTests
{
    private const ulong FourGigabytes = 1UL << 32;

    /// <summary>
    /// A machine whose RAM goes on above 4 GiB, as a PC's does: a real image whose tables are written anew, so that everything from
    /// some address on is there.
    /// </summary>
    [LinuxTheory]
    [InlineData("linux-x64-tiny", 0x0100_0000)]
    [InlineData("linux-x64-tiny", 0x0080_0000)]
    [InlineData("linux-x64-tiny-la57", 0x0100_0000)]
    [InlineData("linux-x64-128m", 0x0400_0000)]
    public void RamAboveFourGigabytesIsFoundThere(string name, int split)
    {
        byte[] image = File.ReadAllBytes(Path.Combine(BigDumps.Folder(name), "raw.bin"));
        RootTruth truth = RootTruth.Of(name);
        Move(image, truth, (ulong)split, FourGigabytes - (ulong)split);
        Assert.All(
            AreFound(image, truth, root => root < (ulong)split ? root : root - (ulong)split + FourGigabytes), r => Assert.Equal(0UL, r.RamBase));
    }

    /// <summary>
    /// An image from which the video memory and the ROMs below 1 MiB were cut. What is above is at its place. No pointer leads to the
    /// memory below, so that nothing says where that was: it may be taken for what is right before the rest.
    /// </summary>
    [LinuxTheory]
    [InlineData("linux-x64-tiny")]
    [InlineData("linux-x64-tiny-la57")]
    [InlineData("linux-x64-128m")]
    [InlineData("linux-i386-tiny")]
    public void AHoleBelowOneMegabyteIsSeen(string name)
    {
        byte[] image = File.ReadAllBytes(Path.Combine(BigDumps.Folder(name), "raw.bin"));
        AreFound([.. image[..0xa0000], .. image[0x100000..]], RootTruth.Of(name), root => root, 0x10_0000);
    }

    /// <summary>Checks that the roots are where they were, and that there are no others from an address on; gives them.</summary>
    private static PageTableRoot[] AreFound(byte[] image, RootTruth truth, Func<ulong, ulong> place, ulong from = 0)
    {
        using var folder = new TempFolder();
        RootSearch search = Searches.Find(folder.Write("memory", image));
        PageTableRoot[] above = search.Above();
        string all = Searches.Lines(search.Roots.Take(12));
        var real = truth.Kinds.Keys.ToDictionary(place, r => truth.Kinds[r]);
        Assert.All(truth.Sampled.Select(place), s => Assert.True(above.Any(r => r.Root == s && r.Mode.Name == truth.Mode), $"0x{s:x} wasn't found:{all}"));
        Assert.All(above.Where(r => r.Root >= from), r => Assert.True(r.Mode.Name == truth.Mode && real.ContainsKey(r.Root), $"False: {Searches.Line(r)}"));
        foreach (PageTableRoot root in above.Where(r => truth.Sampled.Select(place).Contains(r.Root)))
        {
            using MemoryDump dump = root.Dump.Reopen();
            ulong id = root.Mode.WordSize == 64 ? 0x2_0000_0000UL : 0x0800_0000UL;
            byte[] page = new byte[4];
            Assert.True(dump.Memory.TryRead(Walks.Translate(AddressSpace.Open(dump, new SpaceRequest().With(root)).All(), id)!.Value, page));
            Assert.Equal(0x1dc0ffeeu, BitConverter.ToUInt32(page));
        }

        return above;
    }

    /// <summary>Adds to every address from a split on, in all tables that the roots lead to.</summary>
    private static void Move(byte[] image, RootTruth truth, ulong split, ulong by)
    {
        var seen = new HashSet<(ulong Table, int Levels)>();
        foreach (ulong root in truth.Kinds.Where(k => k.Value != "boot").Select(k => k.Key))
        {
            Table(root, truth.Mode == "la57" ? 5 : 4);
        }

        void Table(ulong table, int levels)
        {
            if (table + 4096 > (ulong)image.Length || !seen.Add((table, levels)))
            {
                return;
            }

            // A table that stands in the tree twice is moved once.
            bool isFirst = seen.Count(s => s.Table == table) == 1;
            for (int i = 0; i < 512; i++)
            {
                Span<byte> at = image.AsSpan((int)table + (i * 8), 8);
                ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(at);
                ulong address = entry & 0x000f_ffff_ffff_f000;
                if ((entry & 1) == 0)
                {
                    continue;
                }

                if (levels > 1 && (entry & 0x80) == 0)
                {
                    Table(address >= FourGigabytes ? address - by : address, levels - 1);
                }

                if (isFirst && address >= split && address < (ulong)image.Length)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(at, entry + by);
                }
            }
        }
    }
}
