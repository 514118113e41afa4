using System.Text;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>What a core says beside the memory.</summary>
public sealed class NotesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheProvenanceSaysWhereItCameFrom()
    {
        string path = _folder.Write("the dump", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian));
        using MemoryDump dump = MemoryDump.Open(path);
        AddressSpace space = dump.Space();
        var segments = new CoreSegments(MappingFilter.Parse("rw", Privilege.User));
        var sink = new CoreSegmentSink(segments);
        space.Walk(space.NewWalk(), ref sink);
        ElfCoreExporter.Export(dump, space.Identity, segments, new ExportOptions
        {
            Path = _folder.File("core"),
            Walk = space.NewWalk() with { MinimumAddress = 0x1000 },
        });

        ElfNote note = Assert.Single(Notes("core"), n => n.Name == "ElfMmu");
        Assert.Equal(0x4d4d55U, note.Type);
        using JsonDocument json = JsonDocument.Parse(note.Description);
        JsonElement root = json.RootElement;
        Assert.Equal("the dump", root.GetProperty("source").GetString());
        Assert.Equal(new FileInfo(path).Length, root.GetProperty("length").GetInt64());
        Assert.Equal("0x100000", root.GetProperty("root").GetString());
        Assert.Equal("ia32e", root.GetProperty("mode").GetString());
        Assert.Equal("User", root.GetProperty("filters").GetProperty("privilege").GetString());
        Assert.Equal("rw", root.GetProperty("filters").GetProperty("rights").GetString());
        Assert.Equal("0x1000", root.GetProperty("filters").GetProperty("minimumAddress").GetString());
        Assert.False(root.GetProperty("filters").TryGetProperty("maximumAddress", out _));
    }

    [Fact]
    public void TheRegistersAreThoseOfTheDumpUnchanged()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        Assert.Equal([0], Cores.Export(dump, dump.Space(), _folder.File("core")).Cpus);
        Assert.Equal(
            dump.Machine.Cpus[0].PrStatus.ToArray(),
            Assert.Single(Notes("core"), n => n is { Name: "CORE", Type: 1 }).Description.ToArray());
    }

    [Fact]
    public void AnotherRootHasNoRegisters()
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", _machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)));
        using MemoryDump raw = RawDump.Open(_folder, _machine.Memory, SmallMachine.RamBase, "raw");
        Assert.Empty(Cores.Export(raw, raw.Space(SmallMachine.RamBase, "ia32e"), _folder.File("core")).Cpus);
        Assert.Equal(["ElfMmu"], Notes("core").Select(n => n.Name));
    }

    [Fact]
    public void TheKernelsInformationGoesAlong()
    {
        byte[] text = "OSRELEASE=6.1.0\nPAGESIZE=4096\n"u8.ToArray();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", WithVmcoreInfo(text)));
        Cores.Export(dump, dump.Space(SmallMachine.RamBase, "ia32e"), _folder.File("core"));
        Assert.Equal(text, Assert.Single(Notes("core"), n => n.Name == "VMCOREINFO").Description.ToArray());
    }

    /// <summary>With SME a bit of every entry says that memory is encrypted, and is no part of the address.</summary>
    [Fact]
    public void TheEncryptionBitIsNoPartOfAnAddress()
    {
        const ulong Bit = 1UL << 47;
        for (int page = 0; page < 4; page++)
        {
            for (int at = page * 4096; at < (page + 1) * 4096; at += 8)
            {
                ulong entry = BitConverter.ToUInt64(_machine.Memory, at);
                BitConverter.GetBytes(entry == 0 ? 0 : entry | Bit).CopyTo(_machine.Memory, at);
            }
        }

        byte[] text = Encoding.ASCII.GetBytes($"NUMBER(sme_mask)={(long)Bit}\n");
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", WithVmcoreInfo(text)));
        Assert.Equal(
            [SmallMachine.RamBase + 0x8000, SmallMachine.RamBase + 0x5000, SmallMachine.DeviceStart, 0x3000_0000],
            dump.Space(SmallMachine.RamBase, "ia32e").All().Select(m => m.PhysicalAddress));
    }

    private byte[] WithVmcoreInfo(byte[] text) =>
        new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, text).ToArray())
            .Load(SmallMachine.RamBase, _machine.Memory)
            .Build();

    private ElfNote[] Notes(string core)
    {
        using var image = new CoreImage(_folder.File(core));
        return [.. image.Reader.EnumerateNotes(image.Headers[0])];
    }
}
