using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using ElfMmu.Windows;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>Processors that are in the kernel's structures: found by translation, and nothing believed that isn't there.</summary>
public sealed class WindowsProcessorTests : IDisposable
{
    private const ulong Rip = 0xffff_f800_0000_2345;
    private const ulong Rsp = 0xffff_f800_0000_8000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryProcessorHasItsRegistersAndItsRoot()
    {
        WindowsKernel kernel = Two("ia32e");
        using MemoryDump dump = Open(kernel.Dump(2) with { ContextRecord = Context(1) });
        IReadOnlyList<Cpu> cpus = WindowsProcessors.Of(dump);
        Assert.Equal([0, 1], cpus.Select(c => c.Index));
        Assert.Equal([0x1000UL, 0x2000UL], cpus.Select(c => c["cr3"]!.Value));
        Assert.Equal([Rip, Rip + 1], cpus.Select(c => c["rip"]!.Value));
        Assert.All(cpus, c => Assert.Equal(0x8005_0033UL, c["cr0"]));
        Assert.All(cpus, c => Assert.Equal(0x37_06f8UL, c["cr4"]));
        Assert.All(cpus, c => Assert.Equal(0xffff_f800_0000_1000, c["gdt_base"]));
        Assert.All(cpus, c => Assert.Equal(0x40UL, c["tr"]));
        Assert.Same(cpus, WindowsProcessors.Of(dump));
    }

    [Fact]
    public void TheRootIsTheHeadersUnlessAProcessorIsNamed()
    {
        using MemoryDump dump = Open(Two("ia32e").Dump(2));
        Assert.Equal(0x1000UL, dump.Space().Identity.Root);
        Assert.Contains("header", dump.Space().Origin, StringComparison.Ordinal);
        Assert.Equal(0x1000UL, AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }).Identity.Root);
        AddressSpace second = AddressSpace.Open(dump, new SpaceRequest { Cpu = 1 });
        Assert.Equal(0x2000UL, second.Identity.Root);
        Assert.Equal("ia32e", second.Identity.Mode.Name);
        ElfMmuException e = Throws.Error("CpuUnknown", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = 2 }));
        Assert.Contains("0, 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ContextsThatTheCrashSavedComeFirst()
    {
        WindowsKernel kernel = Two("ia32e");
        kernel.SaveElsewhere(1, 30 * 4096, WindowsDumpFile.Context64(0x7777, 0x8888, 0x9999));
        using MemoryDump dump = Open(kernel.Dump(2));
        Assert.Equal(0x7777UL, WindowsProcessors.Of(dump)[1]["rip"]);
        Assert.Equal(0x2000UL, WindowsProcessors.Of(dump)[1]["cr3"]);
    }

    [Fact]
    public void TheHeadersContextGoesToTheProcessorThatWroteIt()
    {
        var kernel = new WindowsKernel("ia32e", 2);
        kernel.Save(0, 0x1000, Context(0));
        kernel.SaveElsewhere(1, 30 * 4096, Context(1));
        using MemoryDump dump = Open(kernel.Dump(2) with { Root = 0x2000, ContextRecord = Context(1) });
        IReadOnlyList<Cpu> cpus = WindowsProcessors.Of(dump);
        Assert.Equal(0x1000UL, cpus[0]["cr3"]);
        Assert.Equal(0x2000UL, cpus[1]["cr3"]);
        Assert.Null(cpus[1]["cr0"]);
        Assert.Equal(0x2000UL, dump.Space().Identity.Root);
    }

    [Fact]
    public void AProcessorWithoutRootIsNotGivenTheHeaders()
    {
        var kernel = new WindowsKernel("ia32e", 2);
        kernel.Save(0, 0x1000, Context(0));
        kernel.SaveElsewhere(1, 30 * 4096, Context(1));
        using MemoryDump dump = Open(kernel.Dump(2));
        Assert.Null(WindowsProcessors.Of(dump)[1]["cr3"]);
        ElfMmuException e = Throws.Error("RootUnknown", () => AddressSpace.Open(dump, new SpaceRequest { Cpu = 1 }));
        Assert.StartsWith("CPU 1 of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FiveLevelsAreFoundWhereFourLeadNowhere()
    {
        using MemoryDump dump = Open(Two("la57").Dump(2));
        Assert.Equal("ia32e", dump.Machine.Mode);
        Assert.Equal("la57", dump.Space().Identity.Mode.Name);
        Assert.Contains("kernel's data", dump.Space().Origin, StringComparison.Ordinal);
        Assert.Equal("la57", AddressSpace.Open(dump, new SpaceRequest { Cpu = 1 }).Identity.Mode.Name);
        Assert.Equal(2, WindowsProcessors.Of(dump).Count);

        // Who says a mode has it.
        Assert.Equal("ia32e", dump.Space(mode: "ia32e").Identity.Mode.Name);
    }

    [Fact]
    public void NarrowMachinesHaveNarrowPointers()
    {
        var kernel = new WindowsKernel("ia32", 2);
        for (int i = 0; i < 2; i++)
        {
            int special = WindowsKernel.Control(i) + WindowsKernel.SpecialAt;
            kernel.Put32(special, 0x8001_003b);
            kernel.Put32(special + 8, 0x1000 * ((uint)i + 1));
            kernel.Put32(special + 0xc, 0x6d9);
            int context = WindowsKernel.Control(i) + WindowsKernel.ContextAt;
            kernel.Put32(context, 0x0001_0007);
            kernel.Put32(context + 0xb8, 0x8000_1000 + (uint)i);
        }

        using MemoryDump dump = Open(kernel.Dump(2));
        IReadOnlyList<Cpu> cpus = WindowsProcessors.Of(dump);
        Assert.Equal([0x1000UL, 0x2000UL], cpus.Select(c => c["cr3"]!.Value));
        Assert.Equal([0x8000_1000UL, 0x8000_1001UL], cpus.Select(c => c["eip"]!.Value));
        Assert.Equal(0x6d9UL, cpus[1]["cr4"]);
    }

    [Fact]
    public void OnAArch64TheRealRegistersAreFound()
    {
        var kernel = new WindowsKernel("aarch64-4k", 1);
        int special = WindowsKernel.Control(0) + WindowsKernel.SpecialAt;
        kernel.Put64(special + 0xa8, 0x30d0_199d);
        kernel.Put64(special + 0xc0, 0x95_b511_3511);
        kernel.Put64(special + 0xc8, 0x1000);
        kernel.Put64(special + 0xd0, 0x1800);
        kernel.Put64(special + 0x308, 0xff44);
        using MemoryDump dump = Open(kernel.Dump(1));
        Cpu cpu = Assert.Single(WindowsProcessors.Of(dump));
        Assert.Equal(0x95_b511_3511UL, cpu["tcr_el1"]);
        Assert.Equal(0x1800UL, cpu["ttbr1_el1"]);
        Assert.Equal(0xff44UL, cpu["mair_el1"]);
        Assert.Contains(
            AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }).All(),
            m => m.VirtualAddress == WindowsKernel.Base && m.Size == 64 * 4096);
    }

    [Fact]
    public void DataThatIsEncodedOrGoneLeavesTheHeadersProcessor()
    {
        WindowsKernel kernel = Two("ia32e");
        kernel.Put32(WindowsKernel.Data + 0x10, 0x1234_5678);
        OnlyTheHeaders(kernel.Dump(2));
        kernel = Two("ia32e");
        OnlyTheHeaders(kernel.Dump(2) with { DebuggerData = 0 });
        OnlyTheHeaders(kernel.Dump(2) with { DebuggerData = 0xffff_9999_0000_0000 });
        OnlyTheHeaders(kernel.Dump(2) with { Root = 0x7000 });
        OnlyTheHeaders(kernel.Dump(2) with { Root = 0x9999_0000 });
        kernel.Put32(WindowsKernel.Data + 0x14, 0x100);
        OnlyTheHeaders(kernel.Dump(2));
    }

    [Fact]
    public void HostileCountsAndPointersAreBounded()
    {
        WindowsKernel kernel = Two("ia32e");

        // The block ends with what follows it: zeros.
        using (MemoryDump dump = Open(kernel.Dump(uint.MaxValue)))
        {
            Assert.Equal(2, WindowsProcessors.Of(dump).Count);
        }

        // All pointers lead to one control block, for as long as there is memory.
        kernel = Two("ia32e");
        kernel.Put64(WindowsKernel.Data + 0x218, kernel.Address(20 * 4096));
        for (int at = 20 * 4096; at < 40 * 4096; at += 8)
        {
            kernel.Put64(at, kernel.Address(WindowsKernel.Control(0)));
        }

        using (MemoryDump dump = Open(kernel.Dump(uint.MaxValue)))
        {
            Assert.Equal(2048, WindowsProcessors.Of(dump).Count);
        }

        // Control blocks that aren't there, or at the end of all addresses.
        kernel = Two("ia32e");
        kernel.Put64(10 * 4096, ulong.MaxValue - 0x10);
        using (MemoryDump dump = Open(kernel.Dump(2)))
        {
            Assert.Equal([0, 1], WindowsProcessors.Of(dump).Select(c => c.Index));
            Assert.Null(WindowsProcessors.Of(dump)[0]["cr0"]);
        }
    }

    [Fact]
    public void OtherDumpsHaveTheProcessorsTheyHave()
    {
        var machine = new SmallMachine("ia32e");
        using MemoryDump dump = MemoryDump.Open(
            _folder.Write("elf", machine.Elf(ElfMmu.Elf.ElfClass.Elf64, ElfMmu.Elf.ElfData.LittleEndian)));
        Assert.Same(dump.Machine.Cpus, WindowsProcessors.Of(dump));
    }

    private static byte[] Context(int processor) => WindowsDumpFile.Context64(Rip + (ulong)processor, Rsp + (ulong)processor, 0x1000);

    private static WindowsKernel Two(string mode)
    {
        var kernel = new WindowsKernel(mode, 2);
        kernel.Save(0, kernel.Root, Context(0));
        kernel.Save(1, kernel.Root + 0x1000, Context(1));
        return kernel;
    }

    private void OnlyTheHeaders(WindowsDumpFile file)
    {
        using MemoryDump dump = Open(file with { ContextRecord = Context(1) });
        Cpu cpu = Assert.Single(WindowsProcessors.Of(dump));
        Assert.Equal(file.Root, cpu["cr3"]);
        Assert.Equal(Rip + 1, cpu["rip"]);
        Assert.Equal("ia32e", AddressSpace.Open(dump, new SpaceRequest()).Identity.Mode.Name);
    }

    private MemoryDump Open(WindowsDumpFile file) => MemoryDump.Open(_folder.Write("dump.dmp", file.Bytes()));
}
