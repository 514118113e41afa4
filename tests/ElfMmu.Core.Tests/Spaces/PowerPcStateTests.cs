using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Which space the registers of a PowerPC mean.</summary>
public sealed class PowerPcStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ppc", "big", "mode: PPC32")]
    [InlineData("ppc", "big", "")]
    [InlineData("ppc", "little", "")]
    public void ADescriptionIsEnough(string architecture, string endianness, string mode)
    {
        using MemoryDump dump = Open(architecture, endianness, 32, mode);
        AddressSpace space = dump.Space();
        Assert.Equal(("ppc32", 0x30003UL), (space.Identity.Mode.Name, space.Identity.Root));
        Assert.Equal(ByteOrder.Big, space.Options.ByteOrder);
        Assert.Equal(0x1234UL, space.Options.Registers["sr1"]);
    }

    [Fact]
    public void TheHashTableOfAWiderProcessorIsAnotherOne()
    {
        using MemoryDump dump = Open("ppc64", "big", 64, "");
        Throws.Error("RootUnknown", () => dump.Space());
    }

    private MemoryDump Open(string architecture, string endianness, int bits, string mode)
    {
        _folder.Write("ram.bin", new byte[0x10000]);
        return MemoryDump.Open(_folder.Write("machine.yaml", $"""
            cpu:
              architecture: {architecture}
              endianness: {endianness}
              bits: {bits}
              registers_values:
                SDR1: 0x3fe03
                SR1: 0x1234
            mmu:
              {mode}
            memspace:
              ram:
                - start: 0x0
                  end: 0xffff
                  dumpfile: ram.bin

            """));
    }
}
