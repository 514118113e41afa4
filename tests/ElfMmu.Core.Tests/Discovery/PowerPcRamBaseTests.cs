using ElfMmu.Discovery;
using Xunit;

namespace ElfMmu.Tests.Discovery;

public sealed class PowerPcRamBaseTests
{
    private const ulong Megabyte = 1 << 20;

    [Fact]
    public void TheRoundestBaseThatHasThePagesInsideIsTaken()
    {
        // RAM of 16 MiB and pages from 0x40300000 to 0x407fffff: it may have started from 0x3f800000 up to 0x40300000.
        uint[] frames = [.. Enumerable.Range(0x4_0300, 0x500).Select(f => (uint)f)];
        Assert.Equal(0x4000_0000UL, PowerPcRamBase.Infer(frames, 16 * Megabyte, 0x2_0000));

        // As many as RAM has: only one base is left, which a table that has to be more aligned can't be in.
        Assert.Equal(0x4030_0000UL, PowerPcRamBase.Infer(frames, 5 * Megabyte, 0x10_0000));
        Assert.Null(PowerPcRamBase.Infer(frames, 5 * Megabyte, 0x20_0000));
        Assert.Null(PowerPcRamBase.Infer(frames, Megabyte, 0x1_0000));
    }

    [Fact]
    public void AFewPagesMayBeElsewhere()
    {
        uint[] frames = [1, 2, .. Enumerable.Range(0x4_0300, 0x50).Select(f => (uint)f), 0xf_ffff];
        Assert.Equal(0x4000_0000UL, PowerPcRamBase.Infer(frames, 16 * Megabyte, 0x2_0000));
        uint[] many = [.. Enumerable.Range(1, 20).Select(f => (uint)f), .. frames];
        Assert.Null(PowerPcRamBase.Infer(many, 16 * Megabyte, 0x2_0000));
        Assert.Null(PowerPcRamBase.Infer([], 16 * Megabyte, 0x2_0000));
    }

    [Fact]
    public void TheLastPageOfTheAddressSpaceIsOne() =>
        Assert.Equal(0xff00_0000UL, PowerPcRamBase.Infer([0xf_f000, 0xf_ffff], 16 * Megabyte, 0x1_0000));
}
