using ElfMmu.Dumps;
using ElfMmu.Reading;
using ElfMmu.Spaces;
using ElfMmu.Tests.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Reading;

/// <summary>What guests wrote to their memory, read back from their dumps.</summary>
public class KnownContentTests
{
    /// <summary>Every free frame of a bare guest says where it is, whatever order the machine's bytes are in.</summary>
    [Theory]
    [ClassData(typeof(StampedDumpData))]
    public void StampedFramesStandWhereTheyAreMapped(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        MemoryReader reader = MemoryReader.Of(Described.Space(dump));
        StructShape stamp = StructLayout.Parse("char[8] mark; u64le frame").In(reader.Model);
        int stamped = 0;
        foreach (TruthLine line in TruthLine.Read(name).Where(l => l.Status == "ok"))
        {
            foreach ((_, ReadOnlyMemory<byte> bytes) in reader.ReadItems(line.Address, (ulong)stamp.Size, 1, new ReadOptions()))
            {
                StructValue value = stamp.Decode(bytes.Span);
                if (value.Values[0] is "PHYSPAGE")
                {
                    Assert.Equal(line.Physical, value.Values[1]);
                    stamped++;
                }
            }
        }

        Assert.True(stamped >= 20, $"Only {stamped} stamps were found.");
    }

    [Fact]
    public void TheOrderOfBytesIsTheMachines()
    {
        foreach ((string name, ulong expected) in new[] { ("bare-ppc32", 0x50485953UL), ("bare-x64", 0x4547_4150_5359_4850UL) })
        {
            using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "phys.elf.gz"));
            MemoryReader reader = MemoryReader.Of(Described.Space(dump));
            MemoryValueCodec pointer = MemoryValueType.Parse("ptr").In(reader.Model);
            object[] first = [.. TruthLine.Read(name).Where(l => l.Status == "ok")
                .SelectMany(l => reader.ReadValues(pointer, l.Address, 1, new ReadOptions())).Select(v => v.Value)];
            Assert.Contains(expected, first);
        }
    }

    /// <summary>Every word of every region of the first process, in one read a region, and again as values.</summary>
    [LinuxTheory]
    [ClassData(typeof(LinuxDumpData))]
    public void PatternsOfAProcessAreReadWhole(string name)
    {
        LinuxGuest guest = LinuxGuest.Load(name);
        using MemoryDump dump = MemoryDump.Open(Path.Combine(guest.Folder, "phys.elf"));
        AddressSpace space = Described.Space(dump, guest.Roots[1]);
        MemoryReader reader = MemoryReader.Of(space);
        MemoryValueCodec codec = MemoryValueType.Parse("u64le").In(reader.Model);
        ulong words = 0;
        foreach (GuestRegion region in guest.Regions.Where(r => r.Id == 1))
        {
            var absent = new List<AbsentRange>();
            byte[] bytes = new byte[(int)region.Size];
            reader.Read(region.Address, bytes, new ReadOptions { Absent = AbsentMemory.Fill }, absent);
            foreach (ulong page in region.Pages)
            {
                bool isAbsent = absent.Exists(a => page - a.Address < a.Size);

                // A page that Linux hasn't marked as used isn't mapped on ARM's short descriptors.
                Assert.True(isAbsent == (guest.RightsOf(region, page) == null) || name == "linux-arm-tiny", $"0x{page:x} of {region}");
                for (ulong at = page; !isAbsent && at < page + region.PageSize; at += 8)
                {
                    ulong word = (ulong)codec.Decode(bytes.AsSpan((int)(at - region.Address)));
                    Assert.True(word == region.Word(at), $"0x{at:x}: 0x{word:x} instead of 0x{region.Word(at):x}.");
                    words++;
                }
            }

            if (absent.Count == 0)
            {
                (ulong Address, object Value)[] values =
                    [.. reader.ReadValues(codec, region.Address, region.Size / 8, new ReadOptions())];
                Assert.Equal(region.Size / 8, (ulong)values.Length);
                Assert.True(values.All(v => (ulong)v.Value == region.Word(v.Address)), $"{region}");
            }
        }

        Assert.True(words > 100_000, $"Only {words} words were compared.");
    }
}
