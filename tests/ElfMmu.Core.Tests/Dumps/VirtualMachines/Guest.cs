using System.Security.Cryptography;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>A guest's memory and registers, as QEMU dumped them, to be put into other containers.</summary>
internal sealed class Guest : IDisposable
{
    public static readonly string[] Names = ["bare-x64", "bare-pae", "bare-ia32"];

    private readonly MemoryDump? _plain;

    /// <summary>A guest of 64 KiB.</summary>
    public Guest(SmallMachine machine)
    {
        Memory = [(SmallMachine.RamBase, machine.Memory)];
        Registers = new RegisterSet(machine.Registers);
        Efer = machine.Mode == "ia32e" ? 0xd00UL : 0;
    }

    public Guest(string name)
    {
        _plain = MemoryDump.Open(TestData.Path(name, "phys.elf.gz"));
        Memory = [.. Plain.Memory.Runs.Select(r =>
        {
            byte[] bytes = new byte[r.Size];
            r.Source.Read(r.Offset, bytes);
            return (r.Start, bytes);
        })];
        Registers = Plain.Machine.Cpus[0].Registers;

        // QEMU's note has no EFER. Of the guest's the bits that say how it pages are known: the guest in 64-bit code has both on.
        Efer = Plain.Machine.WordSize == 64 ? 0xd00UL : name == "bare-pae" ? 0x800UL : 0;
    }

    /// <summary>QEMU's own dump of it.</summary>
    public MemoryDump Plain => _plain ?? throw new InvalidOperationException("QEMU never had it.");

    public IReadOnlyList<(ulong Start, byte[] Bytes)> Memory { get; }

    public RegisterSet Registers { get; }

    public ulong Efer { get; }

    public ulong this[string register] => Registers[register] ?? 0;

    /// <summary>What can be seen of a dump: every mapping of the current process, from the registers alone.</summary>
    public static IReadOnlyList<Mapping> Mappings(MemoryDump dump) => dump.Space().All();

    /// <summary>A dump's memory by page: where it is, and a hash of its bytes.</summary>
    public static IReadOnlyList<(ulong Address, string Hash)> Read(MemoryDump dump)
    {
        var all = new List<(ulong, string)>();
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            byte[] bytes = new byte[run.Size];
            run.Source.Read(run.Offset, bytes);
            all.AddRange(Pages(run.Start, bytes));
        }

        return all;
    }

    /// <summary>The same of bytes that are to be at an address.</summary>
    public static IReadOnlyList<(ulong Address, string Hash)> Pages(ulong start, byte[] bytes) =>
        [.. bytes.Chunk(4096).Select((page, i) => (start + ((ulong)i * 4096), Convert.ToHexString(SHA256.HashData(page))))];

    public void Dispose() => _plain?.Dispose();
}
