using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Readers of others find the same bytes at the same physical addresses of these containers.</summary>
public sealed class OtherReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact("volatility3")]
    public void VolatilityReadsTheVmwareMemoryAlike()
    {
        using var guest = new Guest("bare-x64");
        byte[] state = new VmwareWriter().Regions(guest.Memory, out byte[] memory).Build();
        string vmem = _folder.Write("g.vmem", memory);
        string vmss = _folder.Write("g.vmss", state);
        Compare(vmem, a => OtherReaders.ReadByVolatility("vmware", _folder, a, vmem, vmss));
    }

    [ToolTheory("volatility3")]
    [InlineData("bare-x64")]
    [InlineData("bare-pae")]
    public void VolatilityReadsTheVirtualBoxCoreAlike(string name)
    {
        using var guest = new Guest(name);
        string core = _folder.Write("core", VirtualBoxWriter.Build(guest));
        Compare(core, a => OtherReaders.ReadByVolatility("elf", _folder, a, core));
    }

    [ToolFact("volatility3")]
    public void VolatilityReadsTheXenCoreAlike()
    {
        using var guest = new Guest("bare-x64");
        string core = _folder.Write("core", new XenWriter().Memory(guest, shuffle: false).Build(guest));

        // It takes frame 0 for none.
        Compare(core, a => OtherReaders.ReadByVolatility("xen", _folder, a, core), first: 0x1000);
    }

    [ToolTheory("kdumpfile")]
    [InlineData(false)]
    [InlineData(true)]
    public void KdumpfileReadsTheXenCoreAlike(bool isPara)
    {
        using var guest = new Guest("bare-x64");
        string core = _folder.Write("core", new XenWriter { IsPara = isPara }.Memory(guest, shuffle: isPara).Build(guest));
        string[] registers = ["rip", "rsp", "rax", "cr0", "cr3", "cr4"];
        Compare(core, a => OtherReaders.ReadByKdumpfile(_folder, a, core, registers), registers);
    }

    /// <summary>Addresses at and about the borders of the runs, and between.</summary>
    private static IReadOnlyList<ulong> Addresses(MemoryDump dump, ulong first)
    {
        var random = new Random(3);
        var addresses = new SortedSet<ulong>();
        foreach (PhysicalRun run in dump.Memory.Runs.Take(64))
        {
            addresses.UnionWith([run.Start, run.Last - 31, run.Last + 1]);
            for (int i = 0; i < 20; i++)
            {
                addresses.Add(run.Start + ((ulong)random.NextInt64((long)run.Size) & ~31UL));
            }
        }

        addresses.Add(0x4000_0000);
        return [.. addresses.Where(a => a >= first)];
    }

    private static void Compare(string path, Func<IReadOnlyList<ulong>, string[]> read, string[]? registers = null, ulong first = 0)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        IReadOnlyList<ulong> addresses = Addresses(dump, first);
        byte[] bytes = new byte[32];
        Assert.Equal(
            [
                .. addresses.Select(a => dump.Memory.TryRead(a, bytes) ? Convert.ToHexStringLower(bytes) : "absent"),
                .. (registers ?? []).Select(r => $"0x{dump.Machine.Cpus[0][r]:x}"),
            ],
            read(addresses));
    }
}
