using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What is said when it can't be known which address space is meant.</summary>
public sealed class SpaceErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARawDumpKnowsNothing()
    {
        using MemoryDump dump = RawDump.Open(_folder, _machine.Memory);
        Throws.Error("RootUnknown", () => dump.Space());
        Throws.Error("RootUnknown", () => dump.Space(mode: "ia32e"));
        Throws.Error("ModeRequired", () => dump.Space(0x1000));
        Throws.Error("ModeUnknown", () => dump.Space(0x1000, "ia33"));
        Throws.Error("CpuUnknown", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }));
    }

    [Fact]
    public void CpusAreCountedFromZero()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        Assert.Equal(SmallMachine.RamBase, AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }).Identity.Root);
        Throws.Error("CpuUnknown", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = 1 }));
        Throws.Error("CpuUnknown", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = -1 }));
    }

    [Fact]
    public void PagingThatIsOffIsSaid()
    {
        _machine.Registers["cr0"] = 0x11;
        using MemoryDump dump = MemoryDump.Open(_folder.Write("elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        Throws.Error("PagingOff", () => dump.Space());
        Assert.Equal(5, dump.Space(SmallMachine.RamBase, "ia32e").All(perPage: true).Count);
    }

    [Fact]
    public void AModeNobodyKnowsIsSaid()
    {
        string text = _machine.Yaml("ram.bin", "ram.bin").Replace("mode: ia64", "mode: vax", StringComparison.Ordinal);
        _folder.Write("ram.bin", new byte[0x10000]);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("machine.yaml", text));
        Throws.Error("ModeUnknown", () => dump.Space());
    }

    [Fact]
    public void WhatTheUserSaysComesFirst()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("elf", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        Assert.Equal("pae", dump.Space(mode: "PAE").Identity.Mode.Name);
        Assert.Equal(0x5000UL, dump.Space(0x5fff).Identity.Root);
        Assert.Equal("ia32e", dump.Space(0x5000).Identity.Mode.Name);
    }
}
