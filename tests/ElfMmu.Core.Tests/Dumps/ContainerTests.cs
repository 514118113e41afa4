using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>One machine in every container: the same picture of it each time.</summary>
public sealed class ContainerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<Container, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<Container, string, bool>();
            foreach (Container container in Enum.GetValues<Container>())
            {
                foreach (bool packed in new[] { false, true })
                {
                    cases.Add(container, "ia32", packed);
                    if (container is not (Container.Elf32 or Container.Fossil32))
                    {
                        cases.Add(container, "ia32e", packed);
                    }
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void MemoryIsTheSame(Container container, string mode, bool packed)
    {
        using MemoryDump dump = Open(container, mode, packed, out SmallMachine machine);
        Assert.Equal(SmallMachine.RamBase, dump.Memory.Runs[0].Start);
        Assert.Equal(SmallMachine.RamBase + 0xffff, dump.Memory.Runs[^1].Last);
        Assert.Equal(0x10000UL, dump.Memory.Size);
        byte[] bytes = new byte[0x10000];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(machine.Memory, bytes);
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase - 1, bytes.AsSpan(0, 2)));
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase + 0xffff, bytes.AsSpan(0, 2)));
        Assert.Empty(dump.Warnings);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheMachineIsTheSame(Container container, string mode, bool packed)
    {
        using MemoryDump dump = Open(container, mode, packed, out SmallMachine machine);
        bool described = container is Container.RawWithYaml or Container.Yaml or Container.Elf64WithYaml
            or Container.Fossil or Container.FossilUnpadded or Container.Fossil32;
        AddressSpace space = Space(dump, container, mode);
        Assert.Equal(mode, space.Identity.Mode.Name);
        Assert.Equal(SmallMachine.RamBase, space.Identity.Root);
        if (container == Container.Raw)
        {
            Assert.Empty(dump.Machine.Cpus);
            return;
        }

        Assert.Equal(Architecture.X86, dump.Machine.Architecture);
        Assert.Equal(mode == "ia32e" ? 64 : 32, dump.Machine.WordSize);
        Assert.Equal(container == Container.Elf64BigEndian ? ByteOrder.Big : ByteOrder.Little, dump.Machine.ByteOrder);
        Cpu cpu = Assert.Single(dump.Machine.Cpus);
        Assert.All(machine.Registers, r => Assert.Equal(r.Value, cpu[r.Key]));
        Assert.All(machine.Registers, r => Assert.Equal(r.Value, cpu[r.Key.ToUpperInvariant()]));
        Assert.Equal(described ? 40 : null, dump.Machine.PhysicalAddressBits);
        Assert.Equal(
            described ? [SmallMachine.OtherDeviceStart, SmallMachine.DeviceStart] : [],
            dump.Machine.Devices.Select(d => d.Start).Order());
        Assert.All(dump.Machine.Devices, d => Assert.Equal(SmallMachine.DeviceSize, d.Size));
        if (container is Container.Fossil or Container.FossilUnpadded or Container.Fossil32)
        {
            Assert.Equal("apic", dump.Machine.Devices.Single(d => d.Start == SmallMachine.DeviceStart).Name);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MappingsAreTheSame(Container container, string mode, bool packed)
    {
        using MemoryDump dump = Open(container, mode, packed, out _);
        bool knowsDevices = container is not (Container.Raw or Container.Elf64 or Container.Elf64BigEndian or Container.Elf32);
        const ulong First = 16 * 0x1000;
        (ulong, ulong, ulong, RegionKind)[] expected =
        [
            (First, 0x2000, SmallMachine.RamBase + 0x8000, RegionKind.Ram),
            (First + 0x2000, 0x1000, SmallMachine.RamBase + 0x5000, RegionKind.Ram),
            (First + 0x3000, 0x1000, SmallMachine.DeviceStart, knowsDevices ? RegionKind.Device : RegionKind.Absent),
            (First + 0x4000, 0x1000, 0x3000_0000, RegionKind.Absent),
        ];
        Assert.Equal(
            expected,
            Space(dump, container, mode).All().Select(m => (m.VirtualAddress, m.Size, m.PhysicalAddress, m.Kind)));
    }

    [Fact]
    public void ARamBaseIsNoBusinessOfOtherContainers()
    {
        string path = _folder.Write("elf", new SmallMachine("ia32e").Elf(ElfClass.Elf64, ElfData.LittleEndian));
        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0x1000 });
        Assert.Single(dump.Warnings);
        Assert.Equal(SmallMachine.RamBase, dump.Memory.Runs[0].Start);
    }

    [Fact]
    public void ReopeningFindsTheSameMachine()
    {
        using MemoryDump dump = Open(Container.RawWithYaml, "ia32e", packed: false, out _);
        using MemoryDump again = dump.Identity.Reopen();
        Assert.Equal(dump.Identity, again.Identity);
        Assert.Equal(dump.Space().All(), again.Space().All());
    }

    private static AddressSpace Space(MemoryDump dump, Container container, string mode) =>
        container == Container.Raw ? dump.Space(SmallMachine.RamBase, mode) : dump.Space();

    private MemoryDump Open(Container container, string mode, bool packed, out SmallMachine machine)
    {
        machine = new SmallMachine(mode);
        byte[] bytes = container switch
        {
            Container.Raw or Container.RawWithYaml or Container.Yaml => machine.Memory,
            Container.Elf64 or Container.Elf64WithYaml => machine.Elf(ElfClass.Elf64, ElfData.LittleEndian),
            Container.Elf64BigEndian => machine.Elf(ElfClass.Elf64, ElfData.BigEndian),
            Container.Elf32 => machine.Elf(ElfClass.Elf32, ElfData.LittleEndian),
            Container.Fossil => machine.Fossil(ElfClass.Elf64, padded: true),
            Container.FossilUnpadded => machine.Fossil(ElfClass.Elf64, padded: false),
            Container.Fossil32 => machine.Fossil(ElfClass.Elf32, padded: true),
            _ => throw new ArgumentOutOfRangeException(nameof(container)),
        };
        byte[] Maybe(byte[] plain) => packed ? SmallMachine.Pack(plain) : plain;
        if (container == Container.Yaml)
        {
            _folder.Write("low.bin", Maybe(bytes[..0x6000]));
            _folder.Write("high.bin", Maybe(bytes[0x6000..]));
            return MemoryDump.Open(_folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin")));
        }

        string? description = container is Container.RawWithYaml or Container.Elf64WithYaml
            ? _folder.Write("beside.yaml", machine.Yaml())
            : null;
        return MemoryDump.Open(_folder.Write("dump", Maybe(bytes)), new DumpOptions
        {
            RamBase = container == Container.Raw ? SmallMachine.RamBase : null,
            MachinePath = description,
        });
    }
}
