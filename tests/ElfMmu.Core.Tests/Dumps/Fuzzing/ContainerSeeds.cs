using System.IO.Compression;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Dumps.VirtualMachines;
using ElfMmu.Tests.Dumps.Windows;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Dumps.Fuzzing;

/// <summary>A small sound dump of every container.</summary>
internal static class ContainerSeeds
{
    private static readonly SmallMachine Machine = new("ia32e");
    private static readonly Guest Guest = new(Machine);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ContainerSeed> All { get; } =
    [
        new("elf64", Machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)),
        new("elf32", new SmallMachine("ia32").Elf(ElfClass.Elf32, ElfData.BigEndian)),
        new("fossil", Machine.Fossil(ElfClass.Elf64, padded: false)),
        new("elf.gz", SmallMachine.Pack(Machine.Elf(ElfClass.Elf64, ElfData.LittleEndian))),
        new("kdump", Kdump(KdumpBuilder.Zlib).Build()),
        new("kdump32", new KdumpBuilder { WordSize = 32, IsPadded = false, Machine = "i686", Compression = KdumpBuilder.Lzo }
            .Memory(SmallMachine.RamBase, Machine.Memory).LeaveOut(3, 4, 5).Build()),
        new("kdump.split", Kdump(KdumpBuilder.Zlib, (0, 0x108)).Build(), ("other", Kdump(KdumpBuilder.Zlib, (0x108, 0x110)).Build())),
        new("flattened", KdumpBuilder.Flatten(Kdump(KdumpBuilder.Snappy).Build(), 5000)),
        new("machine.yaml", Encoding.UTF8.GetBytes(Machine.Yaml("low.bin", "high.bin")), ("low.bin", Machine.Memory[..0x6000]), ("high.bin", Machine.Memory[0x6000..])),
        new("lime", new LimeFile().Range(SmallMachine.RamBase, Machine.Memory.AsSpan(0, 0x6000)).Range(SmallMachine.RamBase + 0x6000, Machine.Memory.AsSpan(0x6000)).ToArray()),
        new("avml", new LimeFile().Packed(SmallMachine.RamBase, Machine.Memory.AsSpan(0, 0x6000)).Packed(SmallMachine.RamBase + 0x6000, Machine.Memory.AsSpan(0x6000)).ToArray()),
        new("x.vmss", VmwareState(out byte[] memory), ("x.vmem", memory)),
        new("whole.vmsn", VmwareState(out memory, isWhole: true)),
        new("virtualbox", VirtualBoxWriter.Build(Guest, device: (SmallMachine.DeviceStart, SmallMachine.DeviceSize))),
        new("xen", new XenWriter().Memory(Guest, shuffle: false).Build(Guest)),
        new("full.dmp", Crash("ia32e", 1)),
        new("bitmap.dmp", Crash("ia32e", 5)),
        new("ranges.dmp", Crash("ia32e", 10)),
        new("full32.dmp", Crash("ia32", 1)),
        new("kernel32.dmp", Crash("ia32", 2)),
        new("arm64.dmp", Crash("aarch64-4k", 1)),
        new("elf.zlib", Zlib(Machine.Elf(ElfClass.Elf64, ElfData.LittleEndian))),
        new("elf.zst", Zstandard(Machine.Elf(ElfClass.Elf64, ElfData.LittleEndian))),
        new("qemu", Saved()),
        new("xen-para", new XenWriter { IsPara = true }.Memory(Guest, shuffle: true).Build(Guest)),
    ];

    /// <summary>As QEMU sends a machine that runs meanwhile: some pages twice.</summary>
    private static byte[] Saved()
    {
        QemuStreamWriter stream = new QemuStreamWriter().Capabilities(1, "events");
        int count = Machine.Memory.Length / QemuStreamWriter.PageSize;
        foreach (int page in Enumerable.Range(0, count).Concat([3, 4, 4]))
        {
            stream.Page(page, Machine.Memory.AsSpan(page * QemuStreamWriter.PageSize, QemuStreamWriter.PageSize));
        }

        return stream.Build(count);
    }

    private static byte[] Zlib(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>A frame of blocks that are stored or runs of a byte, without a checksum.</summary>
    private static byte[] Zstandard(byte[] bytes)
    {
        const int BlockSize = 1024;
        List<byte> packed = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50];
        foreach (byte[] block in bytes.Chunk(BlockSize))
        {
            bool isRun = !block.AsSpan().ContainsAnyExcept(block[0]);
            int header = (block.Length << 3) | (isRun ? 2 : 0);
            packed.AddRange((byte)header, (byte)(header >> 8), (byte)(header >> 16));
            packed.AddRange(isRun ? block[..1] : block);
        }

        packed.AddRange([1, 0, 0]);
        return [.. packed];
    }

    private static byte[] Crash(string mode, uint type)
    {
        var kernel = new WindowsKernel(mode, 2);
        return (kernel.Dump(2) with { Type = type, OldBitmap = type == 2, Runs = [(0, kernel.Memory[..0x8000]), (8, kernel.Memory[0x8000..])] }).Bytes();
    }

    private static byte[] VmwareState(out byte[] memory, bool isWhole = false)
    {
        VmwareWriter writer = new VmwareWriter().Group("Checkpoint").Text("ProductName", "VMware ESX", 64).Cpu(Guest, blocks: isWhole)
            .Regions(Guest.Memory, out memory);
        return (isWhole ? writer.Block("Memory", memory, 0, 0) : writer).Build();
    }

    private static KdumpBuilder Kdump(uint compression, (ulong First, ulong End)? split = null) =>
        new KdumpBuilder { Compression = compression, Split = split, Notes = Machine.KdumpNotes() }.Memory(SmallMachine.RamBase, Machine.Memory);
}
