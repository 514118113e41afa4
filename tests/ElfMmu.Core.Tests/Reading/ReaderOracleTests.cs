using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Spaces;
using ElfMmu.Tests.Spaces;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using TestData = ElfMmu.Tests.Support.TestData;

namespace ElfMmu.Tests.Reading;

/// <summary>Reads of random ranges against memory byte by byte.</summary>
public class ReaderOracleTests
{
    private const byte Filler = 0xa7;

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void VirtualReadsAreWhatTheBytesAre(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        AddressSpace space = Described.Space(dump);
        var oracle = new ByteOracle(dump, space);

        // Where mappings begin and end is where reads go wrong; so is the end of all addresses.
        ulong end = space.Identity.Mode.WordSize == 32 ? uint.MaxValue : ulong.MaxValue;
        ulong[] places = [.. oracle.Mappings.SelectMany(m => new[] { m.VirtualAddress, m.LastAddress }), 0, end];
        Check(MemoryReader.Of(space), oracle, places, end, tests: 80);
    }

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void PhysicalReadsAreWhatTheBytesAre(string name, string file)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, file));
        ulong[] places =
        [
            .. dump.Memory.Runs.SelectMany(r => new[] { r.Start, r.Last }),
            .. dump.Machine.Devices.SelectMany(d => new[] { d.Start, d.Last }), 0x3000, ulong.MaxValue,
        ];
        Check(MemoryReader.Of(dump), new ByteOracle(dump, null), places, ulong.MaxValue, tests: 40);
    }

    /// <summary>Through a hypervisor's small pages, a guest's large page isn't together in the dump.</summary>
    [Fact]
    public void ReadsThroughTwoStagesAreWhatTheBytesAre()
    {
        var guest = new NestedGuest(StageFormat.Ia32e, StageFormat.Npt, 7);
        using var folder = new TempFolder();
        using MemoryDump dump = RawDump.Open(folder, guest.Memory, NestedGuest.RamBase);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest
        {
            Root = guest.GuestRoot,
            Mode = "ia32e",
            NestedRoot = guest.HostRoot,
            NestedMode = "npt",
        });
        var oracle = new ByteOracle(dump, space);
        ulong[] places = [.. oracle.Mappings.SelectMany(m => new[] { m.VirtualAddress, m.LastAddress })];
        Check(MemoryReader.Of(space), oracle, places, ulong.MaxValue, tests: 300);
    }

    private static void Check(MemoryReader reader, ByteOracle oracle, ulong[] places, ulong end, int tests)
    {
        Gen<(ulong Address, int Length, int Block)> cases =
            from place in Gen.Elements(places)
            from before in Gen.Elements(Gen.Choose(0, 16), Gen.Choose(0, 9000)).SelectMany(g => g)
            from length in Gen.Elements(Gen.Choose(0, 40), Gen.Choose(0, 14000)).SelectMany(g => g)
            from block in Gen.Choose(1, 9000)
            let address = place - Math.Min(place, (ulong)before)
            select (address, (int)Math.Min((ulong)length, end - address), block);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            byte?[] expected = [.. Enumerable.Range(0, c.Length).Select(i => oracle.At(c.Address + (ulong)i))];
            int present = Array.IndexOf(expected, null) is >= 0 and int found ? found : c.Length;
            byte[] bytes = new byte[c.Length];
            var absent = new List<AbsentRange>();
            var filling = new ReadOptions { Absent = AbsentMemory.Fill, FillByte = Filler };
            Assert.Equal(c.Length, reader.Read(c.Address, bytes, filling, absent));
            Assert.Equal(expected.Select(b => b ?? Filler), bytes);

            // The ranges are exactly what isn't there: ascending, disjoint, and each as long as its reason.
            var missing = new bool[c.Length];
            for (int i = 0; i < absent.Count; i++)
            {
                Assert.True(i == 0 || absent[i - 1].Last < absent[i].Address);
                Array.Fill(missing, true, (int)(absent[i].Address - c.Address), (int)absent[i].Size);
            }

            Assert.Equal(expected.Select(b => b == null), missing);

            // In blocks it is the same.
            MemoryBlock[] blocks = [.. reader.ReadBlocks(c.Address, (ulong)c.Length, c.Block, filling)];
            Assert.Equal(bytes, blocks.SelectMany(b => b.Bytes));
            Assert.All(blocks.SkipLast(1), b => Assert.Equal(c.Block, b.Bytes.Length));

            // Up to what isn't there.
            var stopping = new ReadOptions { Absent = AbsentMemory.Stop };
            Assert.Equal(present, reader.Read(c.Address, bytes, stopping));
            Assert.Equal(
                expected.Take(present).Select(b => b!.Value),
                reader.ReadBlocks(c.Address, (ulong)c.Length, c.Block, stopping).SelectMany(b => b.Bytes));

            // All or nothing.
            if (present == c.Length)
            {
                Assert.Equal(c.Length, reader.Read(c.Address, bytes, new ReadOptions()));
                Assert.Null(reader.FirstAbsent(c.Address, (ulong)c.Length, new ReadOptions()));
                return;
            }

            string first = $" 0x{c.Address + (ulong)present:x} ";
            Assert.Contains(
                first, Throws.Error("MemoryAbsent", () => reader.Read(c.Address, bytes, new ReadOptions())).Message, StringComparison.Ordinal);
            Assert.Contains(
                first,
                Throws.Error("MemoryAbsent", () => reader.ReadBlocks(c.Address, (ulong)c.Length, c.Block, new ReadOptions()).First()).Message,
                StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
    }
}
