using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Tests.Dumps;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>A machine in every container, converted to every other one: the same memory, machine and mappings come back.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Small
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string source in new[] { "raw+yaml", "yaml", "elf64", "elf64be", "elf32", "fossil", "fossil32", "elf64.gz" })
            {
                cases.Add(source, "ia32");
                if (source is not ("elf32" or "fossil32"))
                {
                    cases.Add(source, "ia32e");
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Small))]
    public void ElfKeepsEverything(string source, string mode)
    {
        using MemoryDump dump = Open(source, mode);
        ConvertedDump done = Convert(dump, DumpFormat.Elf);
        using MemoryDump again = MemoryDump.Open(done.Path);
        Assert.Equal("ELF core with FOSSIL note", again.Container);
        Same(dump, again, done);
        Assert.Equal(dump.Machine.Cpus.Select(c => c.PrStatus.Length), again.Machine.Cpus.Select(c => c.PrStatus.Length));
        Assert.Equal(mode == "ia32" ? ElfClass.Elf32 : ElfClass.Elf64, ElfReader.Open(new ElfFileInput(done.Path)).Header.Class);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void LimeKeepsEverythingWithADescription(string source, string mode)
    {
        using MemoryDump dump = Open(source, mode);
        ConvertedDump done = Convert(dump, DumpFormat.Lime, o => o with { MachinePath = _folder.File("out.yaml") });
        Assert.Equal([(SmallMachine.RamBase, new SmallMachine(mode).Memory)], LimeFile.Read(done.Path), LimeFile.Comparer);
        Assert.Equal(2, done.Files.Count);
        using MemoryDump again = MemoryDump.Open(done.Path, new DumpOptions { MachinePath = _folder.File("out.yaml") });
        Same(dump, again, done);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void RawKeepsEverythingWithADescription(string source, string mode)
    {
        using MemoryDump dump = Open(source, mode);
        foreach ((bool split, bool zero) in new[] { (false, false), (false, true), (true, false) })
        {
            ConvertedDump done = Convert(dump, DumpFormat.Raw, o => o with
            {
                Split = split,
                FromZero = zero,
                MachinePath = _folder.File("out.yaml"),
                Path = _folder.File($"out{split}{zero}"),
            });
            using MemoryDump again = MemoryDump.Open(_folder.File("out.yaml"));
            Same(dump, again, done);
            Assert.Equal(split ? _folder.File("out.yaml") : _folder.File($"out{split}{zero}"), done.Path);
            if (!split && !zero)
            {
                // The same beside the image.
                using MemoryDump beside = MemoryDump.Open(done.Path, new DumpOptions { MachinePath = _folder.File("out.yaml") });
                Same(dump, beside, done);
            }
        }
    }

    [Fact]
    public void SeveralProcessorsKeepTheirRegisters()
    {
        var machine = new SmallMachine("ia32e");
        _folder.Write("ram.bin", machine.Memory);
        string yaml = _folder.Write("machine.yaml", machine.Yaml("ram.bin") + """
            cpus:
              - index: 1
                registers_values:
                  cr3: 0x5000
                  rip: 0xffffffff81000000
              - index: 2
                registers_values:
                  "odd name": 7
            """);
        using MemoryDump dump = MemoryDump.Open(yaml);
        Assert.Equal(3, dump.Machine.Cpus.Count);
        ConvertedDump elf = Convert(dump, DumpFormat.Elf);
        using MemoryDump one = MemoryDump.Open(elf.Path);
        Same(dump, one, elf);
        ConvertedDump back = Convert(one, DumpFormat.Raw, o => o with { MachinePath = _folder.File("back.yaml"), Path = _folder.File("back") });
        using MemoryDump other = MemoryDump.Open(_folder.File("back.yaml"));
        Same(dump, other, back);
    }

    /// <summary>Real guests: plain dumps, their memory in raw with a description, and everything they convert to.</summary>
    [Theory]
    [ClassData(typeof(AllDumpData))]
    public void RealDumpsComeBack(string name)
    {
        using var folder = new DumpFolder(name);
        foreach (string? machine in new[] { null, folder.File("machine.yaml") })
        {
            if (!File.Exists(folder.File("phys.elf")) || (machine != null && !File.Exists(machine)))
            {
                continue;
            }

            using MemoryDump dump = MemoryDump.Open(folder.File("phys.elf"), new DumpOptions { MachinePath = machine });
            ConvertedDump elf = Convert(dump, DumpFormat.Elf);
            using MemoryDump fromElf = MemoryDump.Open(elf.Path);
            Same(dump, fromElf, elf);
            ConvertedDump plain = Convert(fromElf, DumpFormat.Elf, o => o with { Plain = true, Path = _folder.File("plain") });
            using MemoryDump fromPlain = MemoryDump.Open(plain.Path);
            DumpPicture.SameMemory(dump, fromPlain);
            ConvertedDump raw = Convert(dump, DumpFormat.Raw, o => o with { Path = _folder.File("raw"), MachinePath = _folder.File("raw.yaml") });
            using MemoryDump fromRaw = MemoryDump.Open(_folder.File("raw.yaml"));
            Same(dump, fromRaw, raw);
            Assert.Equal(elf.MemorySha256, raw.MemorySha256);
            ConvertedDump lime = Convert(dump, DumpFormat.Lime, o => o with { Path = _folder.File("lime"), MachinePath = _folder.File("lime.yaml") });
            using MemoryDump fromLime = MemoryDump.Open(lime.Path, new DumpOptions { MachinePath = _folder.File("lime.yaml") });
            Same(dump, fromLime, lime);
        }
    }

    private static void Same(MemoryDump dump, MemoryDump again, ConvertedDump done)
    {
        DumpPicture.SameMemory(dump, again);
        DumpPicture.SameMachine(dump, again);
        Assert.Equal(done.MemorySha256, DumpPicture.Sha256(again));
        Assert.Equal(again.Memory.Size, done.MemorySize);
        Assert.Equal(0UL, done.DamagedSize);
        if (done.Format == DumpFormat.Elf)
        {
            Assert.Equal(dump.VmcoreInfo.ToArray(), again.VmcoreInfo.ToArray());
        }

        if (dump.Machine.Cpus.Any(c => c["cr3"] != null))
        {
            Assert.Equal(dump.Space().All(), again.Space().All());
        }
    }

    private ConvertedDump Convert(MemoryDump dump, DumpFormat format, Func<ConversionOptions, ConversionOptions>? change = null)
    {
        var options = new ConversionOptions { Path = _folder.File("out." + format), Format = format };
        return DumpConverter.Convert(dump, change?.Invoke(options) ?? options);
    }

    private MemoryDump Open(string source, string mode)
    {
        var machine = new SmallMachine(mode);
        switch (source)
        {
            case "raw+yaml":
                return MemoryDump.Open(
                    _folder.Write("dump", machine.Memory), new DumpOptions { MachinePath = _folder.Write("beside.yaml", machine.Yaml()) });
            case "yaml":
                _folder.Write("low.bin", machine.Memory[..0x6000]);
                _folder.Write("high.bin", machine.Memory[0x6000..]);
                return MemoryDump.Open(_folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin")));
            default:
                byte[] bytes = source switch
                {
                    "elf64be" => machine.Elf(ElfClass.Elf64, ElfData.BigEndian),
                    "elf32" => machine.Elf(ElfClass.Elf32, ElfData.LittleEndian),
                    "fossil" => machine.Fossil(ElfClass.Elf64, padded: true),
                    "fossil32" => machine.Fossil(ElfClass.Elf32, padded: false),
                    "elf64.gz" => SmallMachine.Pack(machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)),
                    _ => machine.Elf(ElfClass.Elf64, ElfData.LittleEndian),
                };
                return MemoryDump.Open(_folder.Write("dump", bytes));
        }
    }
}
