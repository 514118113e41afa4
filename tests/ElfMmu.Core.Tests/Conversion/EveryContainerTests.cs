using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Tests.Dumps.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>A dump in every container that opens here, converted to every one that is written: the same memory, machine, mappings and facts come back.</summary>
public sealed class EveryContainerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Seeds => [.. ContainerSeeds.All.Select(s => s.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ItComesBack(string name)
    {
        ContainerSeed seed = ContainerSeeds.All.Single(s => s.Name == name);
        foreach ((string beside, byte[] bytes) in seed.Beside)
        {
            _folder.Write(beside, bytes);
        }

        using MemoryDump dump = MemoryDump.Open(_folder.Write(seed.Name, seed.Bytes));
        ConvertedDump elf = Convert(dump, DumpFormat.Elf, "out.elf");
        using MemoryDump fromElf = MemoryDump.Open(elf.Path);
        Same(dump, fromElf, elf);
        Assert.Equal(dump.VmcoreInfo.ToArray(), fromElf.VmcoreInfo.ToArray());
        Assert.Equal(
            (dump.Facts.OperatingSystem, dump.Facts.HostName, dump.Facts.TakenUtc),
            (fromElf.Facts.OperatingSystem, fromElf.Facts.HostName, fromElf.Facts.TakenUtc));
        Assert.Equal(dump.Facts.Details.Select(d => d.Key), fromElf.Facts.Details.Select(d => d.Key));

        // And what came back converts to the same again, through all formats.
        ConvertedDump lime = Convert(fromElf, DumpFormat.Lime, "out.lime");
        using MemoryDump fromLime = MemoryDump.Open(lime.Path, new DumpOptions { MachinePath = _folder.File("out.lime.yaml") });
        Same(dump, fromLime, lime);
        ConvertedDump raw = Convert(fromLime, DumpFormat.Raw, "out.raw");
        using MemoryDump fromRaw = MemoryDump.Open(_folder.File("out.raw.yaml"));
        Same(dump, fromRaw, raw);
        ConvertedDump back = Convert(fromRaw, DumpFormat.Elf, "back.elf");
        using MemoryDump fromBack = MemoryDump.Open(back.Path);
        Same(dump, fromBack, back);
        Assert.Single(new[] { elf, lime, raw, back }.Select(c => c.MemorySha256).Distinct());
        string[] read = [.. dump.Files];
        Assert.Equal(read, elf.Sources.Select(s => s.Path));
        Assert.All(elf.Sources, s => Assert.Equal(
            System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(s.Path))), s.Sha256));
    }

    private static void Same(MemoryDump dump, MemoryDump again, ConvertedDump done)
    {
        DumpPicture.SameMemory(dump, again);
        DumpPicture.SameMachine(dump, again);
        Assert.Equal(done.MemorySha256, DumpPicture.Sha256(dump));
        if (dump.Machine.Cpus.Any(c => c["cr3"] != null && c["cr0"] != null))
        {
            Assert.Equal(dump.Space().All(), again.Space().All());
        }
    }

    private ConvertedDump Convert(MemoryDump dump, DumpFormat format, string name) => DumpConverter.Convert(dump, new ConversionOptions
    {
        Path = _folder.File(name),
        Format = format,
        MachinePath = _folder.File(name + ".yaml"),
    });
}
