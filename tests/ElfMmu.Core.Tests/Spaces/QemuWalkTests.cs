using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>Page by page against what QEMU says of the same tables.</summary>
public class QemuWalkTests
{
    [Theory]
    [ClassData(typeof(BareX86DumpData))]
    public void BareGuests(string name, string file) => Compare(name, TestData.Path(name, ""), file);

    [Fact]
    public void FiveLevels() => Compare("linux-la57-tables", TestData.Path("linux-la57-tables", ""), "machine.yaml");

    [LinuxTheory]
    [ClassData(typeof(LinuxX86DumpData))]
    public void LinuxGuestsFromElf(string name) => Compare(name, BigDumps.Folder(name), "phys.elf");

    [LinuxTheory]
    [ClassData(typeof(LinuxX86DumpData))]
    public void LinuxGuestsFromMachineDescription(string name) => Compare(name, BigDumps.Folder(name), "machine.yaml");

    private static void Compare(string name, string folder, string file)
    {
        using MemoryDump dump = MemoryDump.Open(Path.Combine(folder, file));
        AddressSpace space = dump.Space();
        List<Mapping> pages = space.All(perPage: true);
        SortedDictionary<ulong, ulong> qemu = QemuWalk.InfoTlb(
            Path.Combine(folder, "info_tlb.txt"), space.Identity.Mode.Name == "pae");
        foreach (Difference difference in Difference.Known(name, dump))
        {
            // QEMU has to say what it is known to say, or the reason given for the difference is wrong.
            Assert.Equal(difference.Qemu, qemu[difference.Address]);
            qemu.Remove(difference.Address);
            if (difference.Ours is { } expected)
            {
                qemu.Add(difference.Address, expected);
            }
        }

        SortedDictionary<ulong, ulong> ours = Walks.Leaves(pages);
        Assert.Equal([], ours.Except(qemu).Select(Text));
        Assert.Equal([], qemu.Except(ours).Select(Text));

        List<Mapping> runs = space.All();
        List<(ulong Virtual, ulong? Physical)> single = QemuWalk.Gva2Gpa(Path.Combine(folder, "gva2gpa.txt"));
        Assert.NotEmpty(single);
        foreach ((ulong address, ulong? physical) in single)
        {
            Difference? known = Difference.Known(name, dump).FirstOrDefault(d => d.Holds(address) && d.Ours == null);
            ulong? translated = Walks.Translate(runs, address);
            Assert.True(
                translated == (known == null ? physical : null), $"0x{address:x}: 0x{translated:x}, QEMU says 0x{physical:x}.");
        }
    }

    private static string Text(KeyValuePair<ulong, ulong> leaf) => $"{leaf.Key:x16}: {leaf.Value:x16}";
}
