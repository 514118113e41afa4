using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>A dump that is in several files is another one when any of them changes, and none of them is written to.</summary>
public sealed class OtherFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _low;
    private readonly string _high;
    private readonly string _description;

    public OtherFilesTests()
    {
        var machine = new SmallMachine("ia32e");
        _low = _folder.Write("low.bin", machine.Memory.AsSpan(0, 0x6000));
        _high = _folder.Write("high.bin", machine.Memory.AsSpan(0x6000));
        _description = _folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_files_are_known_as_they_were()
    {
        using MemoryDump dump = MemoryDump.Open(_description);
        Assert.Equal([_description, _low, _high], dump.Files);
        Assert.Equal([FileStamp.Of(_low), FileStamp.Of(_high)], dump.Identity.OtherFiles.Files);
        using MemoryDump again = MemoryDump.Open(_description);
        Assert.Equal(dump.Identity, again.Identity);
        Assert.Equal(dump.Identity.GetHashCode(), again.Identity.GetHashCode());
    }

    [Theory]
    [InlineData("low.bin")]
    [InlineData("high.bin")]
    [InlineData("machine.yaml")]
    public void A_change_of_any_file_is_noticed(string name)
    {
        string file = _folder.File(name);
        DumpIdentity identity;
        using (MemoryDump dump = MemoryDump.Open(_description))
        {
            identity = dump.Identity;
        }

        using OpenedDump opened = OpenedDump.Open(_description);
        using (MemoryDump lease = opened.Lease())
        {
            using MemoryDump shared = identity.Reopen();
            Assert.Same(lease, shared);
        }

        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(2));
        Assert.Equal(file, Throws.Error("DumpChanged", () => identity.Reopen()).Path);
        Assert.Equal(file, Throws.Error("DumpChanged", () => opened.Lease()).Path);

        // Who opens it by its path gets what it is now, and not what is open.
        using OpenedDump now = OpenedDump.Open(_description);
        using MemoryDump fresh = now.Lease();
        Assert.NotEqual(identity, fresh.Identity);
    }

    [Fact]
    public void A_change_of_the_description_beside_a_dump_is_noticed()
    {
        var options = new DumpOptions { MachinePath = _description };
        using OpenedDump opened = OpenedDump.Open(_low, options);
        using OpenedDump same = OpenedDump.Open(_low, options);
        using (MemoryDump one = opened.Lease())
        {
            using MemoryDump other = same.Lease();
            Assert.Same(one, other);
        }

        File.AppendAllText(_description, "\n# changed\n");
        Assert.Equal(_description, Throws.Error("DumpChanged", () => opened.Lease()).Path);
    }

    [Theory]
    [InlineData("low.bin")]
    [InlineData("high.bin")]
    [InlineData("machine.yaml")]
    public void No_file_of_a_dump_is_an_output(string name)
    {
        using MemoryDump dump = MemoryDump.Open(_description);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest());
        var segments = new CoreSegments(default);
        var sink = new CoreSegmentSink(segments);
        space.Walk(space.NewWalk(), ref sink);
        byte[] before = File.ReadAllBytes(_folder.File(name));
        Throws.Error("OutputIsInput", () => ElfCoreExporter.Export(dump, space.Identity, segments, new ExportOptions { Path = _folder.File(name), Force = true }));
        Assert.Equal(before, File.ReadAllBytes(_folder.File(name)));
    }
}
