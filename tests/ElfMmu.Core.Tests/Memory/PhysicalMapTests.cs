using ElfMmu.Memory;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Memory;

/// <summary>What stands behind an address, against asking every run and device in turn.</summary>
public class PhysicalMapTests
{
    private const int Universe = 64;

    [Fact]
    public void IsWhatRunsAndDevicesSay() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);

        // At the bottom of the address space, or so that the last address is its very top.
        ulong origin = random.Next(2) == 0 ? 0 : ulong.MaxValue - (Universe - 1);
        var source = new MemoryDataSource("memory", Universe);
        var runs = new List<PhysicalRun>();
        for (int at = random.Next(8); at < Universe;)
        {
            int size = Math.Min(random.Next(1, 10), Universe - at);
            runs.Add(new PhysicalRun(origin + (ulong)at, (ulong)size, source, (ulong)at));
            at += size + random.Next(0, 12);
        }

        PhysicalRegion[] devices = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(Universe))
            .Select(at => new PhysicalRegion(origin + (ulong)at, (ulong)random.Next(1, Universe - at + 1)))];
        using var memory = new PhysicalMemory(runs.OrderBy(_ => random.Next()));
        var map = new PhysicalMap(memory, devices);
        int hint = 0;
        for (int i = 0; i < 200; i++)
        {
            ulong address = origin + (ulong)random.Next(Universe);
            RegionKind kind = map.Lookup(address, ref hint, out ulong last);
            Assert.Equal(Expected(address), kind);

            // It is so up to the last address given, and no longer.
            for (ulong next = address; next != last; next++)
            {
                Assert.Equal(kind, Expected(next + 1));
                if (next - origin >= Universe)
                {
                    Assert.Equal(RegionKind.Absent, kind);
                    break;
                }
            }

            if (last != ulong.MaxValue)
            {
                Assert.NotEqual(kind, Expected(last + 1));
            }
        }

        RegionKind Expected(ulong address) =>
            runs.Any(r => address - r.Start < r.Size) ? RegionKind.Ram
            : devices.Any(d => address - d.Start < d.Size) ? RegionKind.Device
            : RegionKind.Absent;
    }).QuickCheckThrowOnFailure();
}
