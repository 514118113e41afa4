using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What is kept of a walk is exactly what another walk would give.</summary>
public sealed class KeptWalkTests
{
    private static readonly string[] AllRights = ["", "r", "w", "x", "!w", "r!x", "rw-", "r-x"];

    [Theory]
    [ClassData(typeof(BareDumpData))]
    public void BareGuests(string name, string file) => Compare(TestData.Path(name, file));

    [LinuxTheory]
    [ClassData(typeof(LinuxX86DumpData))]
    public void LinuxGuests(string name) => Compare(Path.Combine(BigDumps.Folder(name), "phys.elf"));

    [Fact]
    public void DevicesAndWhatIsAbsent()
    {
        using var folder = new TempFolder();
        Compare(folder.Write("machine.elf", new SmallMachine("ia32e").Fossil(ElfClass.Elf64, padded: true)));
    }

    [Fact]
    public void OnlyAWholeWalkIsKept()
    {
        using var folder = new TempFolder();
        string path = folder.Write("machine.elf", new SmallMachine("ia32e").Elf(ElfClass.Elf64, ElfData.LittleEndian));
        using OpenedDump opened = OpenedDump.Open(path);
        using MemoryDump dump = opened.Lease();
        AddressSpace space = dump.Space();
        foreach (WalkRequest narrow in new[]
        {
            space.NewWalk() with { PerPage = true },
            space.NewWalk() with { MinimumAddress = 0x11000 },
            space.NewWalk() with { MaximumAddress = 0x11000 },
            space.NewWalk() with { SharedTableLimit = 1 },
        })
        {
            var list = new MappingList();
            space.WalkKept(narrow, ref list);
            Assert.Equal(space.Walk(narrow, out _), list.Items);
            Assert.Empty(opened.Kept);
        }

        var first = new MappingList(1);
        space.WalkKept(space.NewWalk(), ref first);
        Assert.Single(first.Items);
        Assert.Empty(opened.Kept);

        var all = new MappingList();
        space.WalkKept(space.NewWalk(), ref all);
        Assert.NotEmpty(opened.Kept);
        first = new MappingList(1);
        Assert.Contains("earlier walk", space.WalkKept(space.NewWalk(), ref first).Remark, StringComparison.Ordinal);
        Assert.Equal(all.Items[..1], first.Items);

        // What a narrow walk wants is never taken from the whole one.
        var some = new MappingList();
        space.WalkKept(space.NewWalk() with { MinimumAddress = 0x11000, MaximumAddress = 0x11fff }, ref some);
        Assert.Equal([0x11000UL], some.Items.Select(m => m.VirtualAddress));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => space.WalkKept(space.NewWalk() with { Cancellation = cancelled.Token }, ref all));
    }

    [Fact]
    public void OtherRegistersAreAnotherWalk()
    {
        using OpenedDump opened = OpenedDump.Open(TestData.Path("bare-sv39", "phys.elf.gz"));
        using MemoryDump dump = opened.Lease();
        var request = new SpaceRequest { Root = 0x8123400000080010, Mode = "sv39" };
        foreach (bool sum in new[] { false, true, false })
        {
            AddressSpace space = AddressSpace.Open(dump, request with { SupervisorUserAccess = sum });
            var list = new MappingList();
            space.WalkKept(space.NewWalk(), ref list);
            Assert.Equal(space.Walk(space.NewWalk(), out _), list.Items);
        }

        Assert.Equal(["mappings of 2 address spaces"], opened.Kept);
    }

    [Fact]
    public void ADumpThatNobodyKeepsKeepsNothing()
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path("bare-x64", "machine.yaml"));
        AddressSpace space = dump.Space();
        var list = new MappingList();
        space.WalkKept(space.NewWalk(), ref list);
        Assert.Null(SpaceCache.Of(dump).TryGetMap(space));
    }

    private static void Compare(string path)
    {
        // Without a root of its own, the folder's description has it.
        string machine = Path.Combine(Path.GetDirectoryName(path)!, "machine.yaml");
        using OpenedDump opened = OpenedDump.Open(
            path, new DumpOptions { MachinePath = File.Exists(machine) && machine != path ? machine : null });
        using MemoryDump dump = opened.Lease();
        AddressSpace space = dump.Space();
        foreach (bool includeAbsent in new[] { false, true })
        {
            foreach (Privilege privilege in Enum.GetValues<Privilege>())
            {
                foreach (string rights in AllRights)
                {
                    WalkRequest request = space.NewWalk() with { Filter = MappingFilter.Parse(rights, privilege), IncludeAbsent = includeAbsent };
                    List<Mapping> walked = space.Walk(request, out WalkSummary summary);

                    // The first one is a walk that is kept, all others are taken from it.
                    bool known = opened.Kept.Count > 0;
                    var list = new MappingList();
                    WalkReport report = space.WalkKept(request, ref list);
                    Assert.Equal(walked, list.Items);
                    Assert.Equal(space.Warnings(summary, request), report.Warnings);
                    Assert.Equal(known, report.Remark != space.Remark(summary));
                }
            }
        }

        Assert.NotEmpty(opened.Kept);
    }
}
