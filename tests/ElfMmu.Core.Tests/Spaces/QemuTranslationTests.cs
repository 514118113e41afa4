using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Address by address against QEMU's own translation, at both privileges where it was asked at both.</summary>
public class QemuTranslationTests
{
    [Theory]
    [ClassData(typeof(BareOtherDumpData))]
    public void BareGuests(string name, string file) =>
        Compare(TestData.Path(name, file), [.. TruthLine.Read(name).Where(l => l.Status == "ambiguous")]);

    [LinuxTheory]
    [ClassData(typeof(LinuxOtherDumpData))]
    public void LinuxGuestsFromElf(string name) => Compare(Path.Combine(BigDumps.Folder(name), "phys.elf"), []);

    [LinuxTheory]
    [ClassData(typeof(LinuxOtherDumpData))]
    public void LinuxGuestsFromMachineDescription(string name) => Compare(Path.Combine(BigDumps.Folder(name), "machine.yaml"), []);

    /// <summary>Compares everything but what QEMU and a processor, or two processors, are known to differ on.</summary>
    private static void Compare(string path, TruthLine[] ambiguous)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        List<Mapping> mappings = Described.Space(dump).All();
        string user = Path.Combine(Path.GetDirectoryName(path)!, "gva2gpa.txt");
        string kernel = Path.Combine(Path.GetDirectoryName(path)!, "gva2gpa_kernel.txt");

        // Guests that have no second list were stopped in supervisor mode.
        bool userAsked = File.Exists(kernel);
        Compare(mappings, user, ambiguous, m => (userAsked ? m.User : m.Supervisor) & QemuAsksFor(dump));
        if (userAsked)
        {
            // QEMU 7.2 doesn't look at SUM when the monitor asks.
            bool riscV = dump.Machine.Architecture == Architecture.RiscV;
            Compare(mappings, kernel, ambiguous, m => (m.Supervisor | (riscV ? m.User : Rights.None)) & QemuAsksFor(dump));
        }
    }

    /// <summary>The monitor tries to load, and for PowerPC to fetch an instruction when that fails.</summary>
    private static Rights QemuAsksFor(MemoryDump dump) =>
        dump.Machine.Architecture == Architecture.PowerPC ? Rights.Read | Rights.Execute : Rights.Read;

    private static void Compare(
        List<Mapping> mappings, string list, TruthLine[] ambiguous, Func<MappingAttributes, Rights> rights)
    {
        List<(ulong Virtual, ulong? Physical)> qemu =
        [
            .. QemuWalk.Gva2Gpa(list).Where(q => !ambiguous.Any(l => q.Virtual >= l.Address && q.Virtual <= l.Last)),
        ];
        Assert.True(qemu.Count >= 40);
        Assert.Contains(qemu, q => q.Physical != null);
        var differences = new List<string>();
        foreach ((ulong address, ulong? physical) in qemu)
        {
            Mapping? found = Walks.Find(mappings, address);
            ulong? ours = found is { } mapping && rights(mapping.Attributes) != Rights.None
                ? mapping.PhysicalAddress + (address - mapping.VirtualAddress)
                : null;
            if (ours != physical)
            {
                differences.Add($"0x{address:x}: 0x{ours:x} ({found?.Attributes.User}, {found?.Attributes.Supervisor}); QEMU says 0x{physical:x}");
            }
        }

        Assert.Empty(differences);
    }
}
