using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>Random stretches of memory, of any size at any address, some of them holes: every format gives them back.</summary>
public sealed class RandomRunsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryFormatGivesThemBack()
    {
        byte[] bytes = RawDump.Pages(32);
        string raw = _folder.Write("bytes", bytes);
        var stretch = from gap in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 9000), Gen.Constant(4096))
                      from size in Gen.OneOf(Gen.Choose(1, 20000), Gen.Constant(4096), Gen.Constant(8192))
                      from offset in Gen.Choose(0, bytes.Length - 20001)
                      from zero in Gen.Choose(0, 4)
                      select (gap, size, offset, zero == 0);
        var machine = from start in Gen.Elements(0UL, 0x1000UL, 0x8000_0123UL, 0x1_0000_0000UL)
                      from stretches in stretch.NonEmptyListOf()
                      select (start, stretches);
        int number = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(machine.ToArbitrary(), it =>
        {
            using DataSource source = DataSourceFactory.Open(raw);
            var runs = new List<PhysicalRun>();
            ulong address = it.start;
            foreach ((int gap, int size, int offset, bool isZero) in it.stretches)
            {
                address += (ulong)gap;
                runs.Add(new PhysicalRun(address, (ulong)size, isZero ? new ZeroDataSource(raw) : source, (ulong)offset));
                address += (ulong)size;
            }

            var content = new DumpContent { Container = "random", Runs = runs };
            using var dump = new MemoryDump(DumpIdentity.Of(raw, new DumpOptions()), content, new Machine());
            foreach (DumpFormat format in Enum.GetValues<DumpFormat>())
            {
                string path = _folder.File($"out-{number++}");
                ConvertedDump done = DumpConverter.Convert(
                    dump, new ConversionOptions { Path = path, Format = format, MachinePath = format == DumpFormat.Raw ? path + ".yaml" : null });
                using MemoryDump again = MemoryDump.Open(format == DumpFormat.Raw ? path + ".yaml" : path);
                DumpPicture.SameMemory(dump, again);
                Assert.Equal(DumpPicture.Sha256(dump), done.MemorySha256);
            }
        }));
    }
}
