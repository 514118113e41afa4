using System.IO.Compression;
using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Inspection;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Inspection;

/// <summary>What is said of a dump, where it is read as text.</summary>
public sealed class InspectionTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "gzip")]
    [InlineData(true, "gzip, snappy")]
    public void Packing_of_the_whole_file_stands_before_that_of_its_memory(bool isPacked, string expected)
    {
        byte[] file = new LimeFile().Avml(0x10_0000, RawDump.Pages(4), isPacked).ToArray();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(file);
        }

        Assert.Equal(expected, Inspect(packed.ToArray()).Compression);
    }

    [Fact]
    public void Lists_are_texts_with_semicolons()
    {
        byte[] file = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Load(0, new byte[0x1000]).Load(0x4000, new byte[0x1000]).Build();
        MemoryDumpInfo info = Inspect(file);
        Assert.Equal("0x0-0xfff; 0x4000-0x4fff", info.Runs.ToString());
        Assert.Equal("0x1000-0x3fff", info.Gaps.ToString());
        Assert.Equal("", info.Cpus.ToString());
        Assert.Equal("RIP 0x10", new RegisterSet([KeyValuePair.Create("RIP", 16UL)]).ToString());
        Assert.Contains("2 runs of memory, 0 processors.", Assert.Single(info.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_among_the_details_are_hexadecimal()
    {
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, Encoding.ASCII.GetBytes("KERNELOFFSET=1e000000\n")).ToArray();
        byte[] file = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes).Load(0, new byte[0x1000]).Build();
        Assert.Equal("0x1e000000", Inspect(file).Details["Kernel offset"]);
    }

    private MemoryDumpInfo Inspect(byte[] file)
    {
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", file));
        return new DumpInspector().Inspect(dump);
    }
}
