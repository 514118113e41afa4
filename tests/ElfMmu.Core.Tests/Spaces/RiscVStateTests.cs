using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What satp, hgatp and sstatus say, and what a user may give instead.</summary>
public sealed class RiscVStateTests : IDisposable
{
    private const ulong RamBase = 0x8000_0000;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, 0x8000_0000_0008_0010UL, "sv39", 0x8001_0000UL)]
    [InlineData(64, 0x8123_4000_0008_0010UL, "sv39", 0x8001_0000UL)]
    [InlineData(64, 0x9fff_f000_0008_0010UL, "sv48", 0x8001_0000UL)]
    [InlineData(64, 0xa000_0000_0008_0001UL, "sv57", 0x8000_1000UL)]
    [InlineData(32, 0x8488_0010UL, "sv32", 0x8001_0000UL)]
    [InlineData(32, 0x8008_0000UL, "sv32", 0x8000_0000UL)]
    [InlineData(null, 0x8008_0010UL, "sv32", 0x8001_0000UL)]
    [InlineData(null, 0x9000_0000_0008_0010UL, "sv48", 0x8001_0000UL)]
    public void SatpSaysModeAndRoot(int? bits, ulong satp, string mode, ulong root)
    {
        using MemoryDump dump = Open(bits, satp);
        SpaceIdentity space = dump.Space().Identity;
        Assert.Equal((mode, root), (space.Mode.Name, space.Root));
    }

    [Theory]
    [InlineData(64, 0x8123_4000_0008_0010UL, 0x1234UL)]
    [InlineData(64, 0x9fff_f000_0008_0010UL, 0xffffUL)]
    [InlineData(64, 0xa000_0000_0008_0001UL, 0UL)]
    [InlineData(32, 0x8488_0010UL, 0x12UL)]
    public void SatpSaysTheAsid(int bits, ulong satp, ulong asid)
    {
        using MemoryDump dump = Open(bits, satp);
        Assert.Equal(asid, dump.Space().AddressSpaceId);
        Assert.Contains($"ASID 0x{asid:x}", dump.Space().Origin, StringComparison.Ordinal);
        Assert.Equal(asid, dump.Space(satp).AddressSpaceId);
        Assert.Null(dump.Space(RamBase, bits == 32 ? "sv32" : "sv39").AddressSpaceId);
    }

    [Theory]
    [InlineData("sv39x4", 0x8123_4000_0008_0010UL, 0x1234UL)]
    [InlineData("sv39x4", 0x8fff_f000_0008_0010UL, 0x3fffUL)]
    [InlineData("sv32x4", 0x8488_0010UL, 0x12UL)]
    public void HgatpSaysTheVmid(string mode, ulong hgatp, ulong vmid)
    {
        using MemoryDump dump = Open(64, 0);
        AddressSpace space = dump.Space(hgatp, mode);
        Assert.Equal(vmid, space.AddressSpaceId);
        Assert.Contains($"VMID 0x{vmid:x}", space.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void PagingThatIsOffIsSaid()
    {
        using MemoryDump dump = Open(64, 0);
        Throws.Error("PagingOff", () => dump.Space());
        Assert.Equal("sv39", dump.Space(RamBase, "sv39").Identity.Mode.Name);
    }

    [Fact]
    public void AModeNobodyKnowsIsNone()
    {
        using MemoryDump dump = Open(64, 0xb000_0000_0008_0010);
        Throws.Error("RootUnknown", () => dump.Space());
    }

    [Theory]
    [InlineData("sv39", 0x8001_0000UL, 0x8001_0000UL)]
    [InlineData("sv39", 0x8001_0fffUL, 0x8001_0000UL)]
    [InlineData("sv39", 0x8000_1000_0008_0010UL, 0x8001_0000UL)]
    [InlineData("sv48", 0x9000_1000_0008_0010UL, 0x8001_0000UL)]
    [InlineData("sv57", 0x80_0000_0000_1000UL, 0x80_0000_0000_1000UL)]
    [InlineData("sv39", 0x8_0010UL, 0x8001_0000UL)]
    [InlineData("sv32", 0x8001_0000UL, 0x8001_0000UL)]
    [InlineData("sv32", 0x8488_0010UL, 0x8001_0000UL)]
    [InlineData("sv32", 0x3_4000_1000UL, 0x3_4000_1000UL)]
    [InlineData("sv39x4", 0x8001_0000UL, 0x8001_0000UL)]
    [InlineData("sv39x4", 0x8001_3000UL, 0x8001_0000UL)]
    [InlineData("sv39x4", 0x8123_4000_0008_0013UL, 0x8001_0000UL)]
    [InlineData("sv57x4", 0xa123_4000_0008_0013UL, 0x8001_0000UL)]
    [InlineData("sv32x4", 0x8008_0013UL, 0x8001_0000UL)]
    [InlineData("sv32x4", 0x8001_0000UL, 0x8001_0000UL)]
    public void ARootIsAnAddressOrTheRegister(string mode, ulong given, ulong root)
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x20000], RamBase);
        Assert.Equal(root, dump.Space(given, mode).Identity.Root);
    }

    [Theory]
    [InlineData(0x20000, 0x8000_0000UL)]
    [InlineData(0x100000, 0x8008_0000UL)]
    public void WhatCanBeBothIsWhatIsInMemory(int size, ulong root)
    {
        // 0x80080000 is the address of a table, or satp for the table at 0x80000000.
        using MemoryDump dump = RawDump.Open(_folder, new byte[size], RamBase);
        Assert.Equal(root, dump.Space(0x8008_0000, "sv32").Identity.Root);
    }

    [Fact]
    public void AnAddressKeepsTheModeOfTheProcessor()
    {
        using MemoryDump wide = Open(64, 0x9000_0000_0008_0010);
        SpaceIdentity space = wide.Space(RamBase + 0x3000).Identity;
        Assert.Equal(("sv48", RamBase + 0x3000), (space.Mode.Name, space.Root));
        Assert.Equal("sv57", wide.Space(0xa000_0000_0008_0010).Identity.Mode.Name);
    }

    [Fact]
    public void AnAddressIsEnoughOn32Bits()
    {
        using MemoryDump dump = Open(32, null);
        SpaceIdentity space = dump.Space(RamBase + 0x3000).Identity;
        Assert.Equal(("sv32", RamBase + 0x3000), (space.Mode.Name, space.Root));
    }

    /// <summary>A user's page to execute, one to read and write, and a supervisor's to execute.</summary>
    [Theory]
    [InlineData(false, false, null, "--x/--- rw-/--- ---/--x")]
    [InlineData(true, false, null, "--x/--- rw-/rw- ---/--x")]
    [InlineData(false, true, null, "r-x/--- rw-/--- ---/r-x")]
    [InlineData(true, true, null, "r-x/r-- rw-/rw- ---/r-x")]
    [InlineData(false, false, "sstatus", "r-x/r-- rw-/rw- ---/r-x")]
    [InlineData(false, false, "mstatus", "r-x/r-- rw-/rw- ---/r-x")]
    public void SumAndMxrChangeRights(bool sum, bool mxr, string? register, string rights)
    {
        byte[] memory = new byte[0x4000];
        BinaryPrimitives.WriteUInt32LittleEndian(memory, (0x80001 << 10) | 1);
        uint[] leaves = [0x19, 0x17, 0x09];
        for (int i = 0; i < leaves.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(memory.AsSpan(0x1000 + (i * 4)), 0x80002U << 10 | leaves[i]);
        }

        using MemoryDump dump = RawDump.Open(_folder, memory, RamBase);
        var request = new SpaceRequest
        {
            Root = RamBase,
            Mode = "sv32",
            SupervisorUserAccess = sum,
            ExecutableReadable = mxr,
            Registers = register == null ? RegisterSet.Empty : RegisterSet.Empty.With(register, 0xc_0000),
        };
        Assert.Equal(rights, string.Join(' ', AddressSpace.Open(dump, request).All().Select(m =>
            $"{RightsFormat.Format(m.Attributes.User)}/{RightsFormat.Format(m.Attributes.Supervisor)}")));
    }

    private MemoryDump Open(int? bits, ulong? satp)
    {
        _folder.Write("ram.bin", new byte[0x20000]);
        return MemoryDump.Open(_folder.Write("machine.yaml", $"""
            cpu:
              architecture: riscv
              endianness: little
              {(bits == null ? "" : $"bits: {bits}")}
              registers_values:
                {(satp == null ? "pc: 0" : $"satp: 0x{satp:x}")}
            memspace:
              ram:
                - start: 0x{RamBase:x}
                  end: 0x{RamBase + 0x1ffff:x}
                  dumpfile: ram.bin

            """));
    }
}
