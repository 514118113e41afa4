using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Which space the registers of a MIPS processor mean.</summary>
public sealed class MipsStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("little", "mode: MIPS32", "Config: 0x80048483", ByteOrder.Big)]
    [InlineData("big", "", "Config: 0x80040483", ByteOrder.Little)]
    [InlineData("big", "", "PageMask: 0", ByteOrder.Big)]
    [InlineData("little", "", "PageMask: 0", ByteOrder.Little)]
    public void ADescriptionIsEnough(string endianness, string mode, string register, ByteOrder order)
    {
        using MemoryDump dump = Open(endianness, 32, mode, register);
        AddressSpace space = dump.Space();
        Assert.Equal(("mips32", 0x1000UL), (space.Identity.Mode.Name, space.Identity.Root));
        Assert.Equal(order, space.Options.ByteOrder);
    }

    [Theory]
    [InlineData(0x8004_8483UL, ByteOrder.Big)]
    [InlineData(0x8004_0483UL, ByteOrder.Little)]
    public void OfARawImageTheRegistersSayTheByteOrder(ulong config, ByteOrder order)
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("raw.bin", new byte[0x10000]));
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest
        {
            Mode = "mips32", Root = 0x1000, Registers = RegisterSet.Empty.With("Config", config),
        });
        Assert.Equal((order, order), (space.Options.ByteOrder, space.Identity.ByteOrder));
    }

    [Fact]
    public void AModeNamesTheArchitectureOfADescriptionThatDoesNot()
    {
        _folder.Write("ram.bin", new byte[0x10000]);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("machine.yaml", """
            cpu:
              registers_values:
                PWBase: 0x80001000
                Config: 0x80048483
            mmu:
              mode: mips32
            memspace:
              ram:
                - start: 0
                  end: 0xffff
                  dumpfile: ram.bin

            """));
        Assert.Equal(ByteOrder.Big, dump.Space().Options.ByteOrder);
        Assert.Equal(ByteOrder.Big, dump.Space().Identity.ByteOrder);
    }

    [Fact]
    public void AWiderProcessorIsAnotherOne()
    {
        using MemoryDump dump = Open("big", 64, "", "Config: 0x80048483");
        Throws.Error("RootUnknown", () => dump.Space());
    }

    [Fact]
    public void WhereTheWalkIsNotKnownOneWarningSaysSo()
    {
        using MemoryDump dump = Open("big", 32, "", "PWSize: 0");
        AddressSpace space = dump.Space();
        WalkRequest request = space.NewWalk();
        Assert.Equal([0x8000_0000UL, 0xa000_0000], space.Walk(request, out WalkSummary summary).Select(m => m.VirtualAddress));
        Assert.Contains("only the unmapped segments", Assert.Single(space.Warnings(summary, request)));
    }

    [Theory]
    [InlineData("PageMask: 0x1fff", false)]
    [InlineData("PageMask: 0x7fff", true)]
    [InlineData("PageMask: 0x1fffe000", true)]
    public void APageMaskThatContradictsTheWalkIsSaid(string mask, bool contradicts)
    {
        using MemoryDump dump = Open("big", 32, "", mask);
        AddressSpace space = dump.Space();
        WalkRequest request = space.NewWalk();
        space.Walk(request, out WalkSummary summary);
        Assert.Equal(contradicts, space.Warnings(summary, request).Any(w => w.Contains("PageMask", StringComparison.Ordinal)));
    }

    private MemoryDump Open(string endianness, int bits, string mode, string register)
    {
        _folder.Write("ram.bin", new byte[0x10000]);
        return MemoryDump.Open(_folder.Write("machine.yaml", $"""
            cpu:
              architecture: mips
              endianness: {endianness}
              bits: {bits}
              registers_values:
                PWBase: 0x80001000
                PWField: 0x1630c307
                {(register.StartsWith("PWSize", StringComparison.Ordinal) ? "" : "PWSize: 0xa000280")}
                {register}
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
