using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>A machine of four processors: one without paging, one in another address space, and two in the same one.</summary>
public sealed class SeveralCpusTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RegistersBelongTogetherByTheirOrder()
    {
        using MemoryDump dump = Open();
        Assert.Equal([0, 1, 2, 3], dump.Machine.Cpus.Select(c => c.Index));
        Assert.Equal([0UL, 0x10_5000, SmallMachine.RamBase, SmallMachine.RamBase], dump.Machine.Cpus.Select(c => c["cr3"]!.Value));
        Assert.Equal([0x1000U, 0x1001, 0x1002, 0x1003], dump.Machine.Cpus.Select(c => Pid(c)));
    }

    [Fact]
    public void TheFirstWithPagingIsAsked()
    {
        using MemoryDump dump = Open();
        Assert.Equal(0x10_5000UL, dump.Space().Identity.Root);
        Assert.Equal(SmallMachine.RamBase, AddressSpace.Open(dump, new SpaceRequest { Cpu = 2 }).Identity.Root);
        Throws.Error("PagingOff", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }));
    }

    [Fact]
    public void ACoreHoldsThoseOfItsOwnSpace()
    {
        using MemoryDump dump = Open();
        string path = _folder.File("core");
        Assert.Equal([2, 3], Cores.Export(dump, AddressSpace.Open(dump, new SpaceRequest { Cpu = 2 }), path).Cpus);
    }

    private static uint Pid(Cpu cpu) => BitConverter.ToUInt32(cpu.PrStatus.Span[32..]);

    private MemoryDump Open()
    {
        var notes = new ElfNoteBuilder(ElfData.LittleEndian);
        Dictionary<string, ulong>[] cpus = [.. Enumerable.Range(0, 4).Select(i => new Dictionary<string, ulong>(_machine.Registers)
        {
            ["cr0"] = i == 0 ? 0x11UL : 0x8001_0011,
            ["cr3"] = i switch { 0 => 0UL, 1 => 0x10_5000, _ => SmallMachine.RamBase },
        })];
        for (uint i = 0; i < cpus.Length; i++)
        {
            notes.Add("CORE", 1, CoreNoteLayouts.EncodePrStatus(ElfMachine.X86_64, ElfData.LittleEndian, cpus[i], 0x1000 + i)!);
        }

        foreach (Dictionary<string, ulong> registers in cpus)
        {
            notes.Add("QEMU", 0, SmallMachine.QemuNote(registers, wide: true));
        }

        return MemoryDump.Open(_folder.Write("dump", new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(notes.ToArray()).Load(SmallMachine.RamBase, _machine.Memory).Build()));
    }
}
