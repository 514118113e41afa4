using System.Text;
using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class InfoTests : IDisposable
{
    private const string Yaml =
        """
        cpu:
          architecture: intel
          endianness: little
          bits: 64
          processor_features:
            m_phy: 40
          registers_values:
            cr3: 0x1000
            r9: 9
            r10: 10
        mmu:
          mode: ia32e
        memspace:
          not_ram:
            - start: 0xfec00000
              end: 0xfec00fff
              name: ioapic
        """;

    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Table_is_exactly_this() => Assert.Equal(
        $"""
        {_dump.Path}
          Container:              raw image
          Length:                 1048576 bytes (1 MiB)
          Architecture:           X86
          Word size:              64 bits
          Byte order:             Little
          Paging mode:            ia32e
          Address space:          Mode ia32e as the machine description says; root 0x1000 from CR3 of CPU 0.
          Physical address bits:  40
          VMCOREINFO:             no
          RAM:                    1 MiB in 1 run
            0x0000000000-0x00000fffff  1 MiB
          Devices:                1
            0x00fec00000-0x00fec00fff  4 KiB  ioapic
          CPUs:                   1
            CPU 0  CR3 0x1000
              cr3 0x1000  r9 0x9      r10 0xa

        """.ReplaceLineEndings("\n"),
        CliRun.Of("info", _dump.Path, "--machine", _dump.WriteText("machine.yaml", Yaml), "--verbose").Output);

    [Fact]
    public void Registers_are_for_those_who_ask_but_always_in_json()
    {
        string machine = _dump.WriteText("machine.yaml", Yaml);
        Assert.DoesNotContain("r10", CliRun.Of("info", _dump.Path, "--machine", machine).Done().Output, StringComparison.Ordinal);
        JsonElement info = Assert.Single(JsonDocument.Parse(
            CliRun.Of("info", _dump.Path, "--machine", machine, "--format", "json").Done().Output).RootElement.EnumerateArray());
        JsonElement cpu = Assert.Single(info.GetProperty("cpus").EnumerateArray());
        Assert.Equal("0x1000", cpu.GetProperty("cr3").GetString());
        Assert.Equal("0xa", cpu.GetProperty("registers").GetProperty("r10").GetString());
        Assert.Equal("ioapic", info.GetProperty("devices")[0].GetProperty("name").GetString());
        Assert.Equal(4096, info.GetProperty("devices")[0].GetProperty("size").GetInt32());
        Assert.Equal("0xfffff", info.GetProperty("runs")[0].GetProperty("end").GetString());
        Assert.Equal(40, info.GetProperty("physicalAddressBits").GetInt32());
    }

    [Fact]
    public void A_raw_image_says_what_is_unknown()
    {
        CliRun run = CliRun.Of("info", _dump.Path).Done();
        Assert.Contains("Paging mode:            unknown\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("says nothing about its page tables", run.Output, StringComparison.Ordinal);
        Assert.Contains("'elfmmu roots' looks for one.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernels_release_is_read_from_vmcoreinfo()
    {
        string path = WriteVmcore("SYMBOL(a)=1\nOSRELEASE=6.1.0-\u001b[0m\nPAGESIZE=4096\n");
        const string Shown = "VMCOREINFO:             yes, OSRELEASE 6.1.0-?[0m\n";
        Assert.Contains(Shown, CliRun.Of("info", path).Output, StringComparison.Ordinal);
        JsonElement info = JsonDocument.Parse(CliRun.Of("info", path, "--format", "json").Output).RootElement[0];
        Assert.True(info.GetProperty("vmcoreInfo").GetBoolean());
        Assert.Equal("6.1.0-\u001b[0m", info.GetProperty("osRelease").GetString());
    }

    [Fact]
    public void Several_dumps_are_a_row_each()
    {
        string machine = _dump.WriteText("machine.yaml", Yaml.Replace("memspace:", "memspace:\n  ram:\n    - start: 0\n      end: 0xfffff\n      dumpfile: memory.raw", StringComparison.Ordinal));
        string vmcore = WriteVmcore("OSRELEASE=6.1.0\n");
        Assert.Equal(
            """
            File          Container                    Memory  Architecture  Mode     Root  CPUs  Taken  Host  OperatingSystem
            machine.yaml  machine description           1 MiB  X86, 64 bits  ia32e  0x1000  1
            memory.raw    raw image of machine.yaml     1 MiB
            vmcore        ELF core of physical memory   4 KiB  X86, 64 bits                                    Linux 6.1.0

            """.ReplaceLineEndings("\n"),
            CliRun.Of("info", machine, _dump.Path, vmcore).Done().Output);
        string[] csv = CliRun.Of("info", machine, vmcore, "--format", "csv").Done().Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("Path,Container,Compression,Length,MemorySize,MissingSize,LeftOutSize,IsComplete,IsPlaced,", csv[0], StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);
        Assert.StartsWith($"{vmcore},ELF core of physical memory,,12288,4096,0,0,true,true,", csv[2], StringComparison.Ordinal);
        Assert.Contains(",0x0-0xfffff,", csv[1], StringComparison.Ordinal);
        Assert.StartsWith("Path,", CliRun.Of("info", vmcore, "--format", "csv").Done().Output, StringComparison.Ordinal);
        JsonElement[] json = [.. JsonDocument.Parse(CliRun.Of("info", machine, vmcore, "--format", "json").Done().Output).RootElement.EnumerateArray()];
        Assert.Equal([machine, vmcore], json.Select(d => d.GetProperty("path").GetString()));
        Assert.Equal(_dump.Path, json[0].GetProperty("files")[1].GetProperty("path").GetString());
        Assert.Equal("0x1000", json[0].GetProperty("roots")[0].GetProperty("root").GetString());
        Assert.Equal("Linux 6.1.0", json[1].GetProperty("operatingSystem").GetString());
    }

    [Fact]
    public void What_is_no_dump_fails_and_the_others_follow()
    {
        string notes = _dump.WriteText("notes.txt", new string('x', 5000));
        CliRun run = CliRun.Of("info", notes, _dump.Path, "--format", "csv").Failed("NotAMemoryDump");
        Assert.Contains("looks like text", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("raw image", CliRun.Of("info", notes, "--ram-base", "0x1000").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_are_told_where_they_are_asked_for()
    {
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_dump.Path)));
        Assert.DoesNotContain("SHA", CliRun.Of("info", _dump.Path).Done().Output, StringComparison.Ordinal);
        Assert.Contains($"SHA-256:                {hash}\n", CliRun.Of("info", _dump.Path, "--hash").Done().Output, StringComparison.Ordinal);
        Assert.EndsWith($",{hash}\n", CliRun.Of("info", _dump.Path, "--hash", "--format", "csv").Done().Output, StringComparison.Ordinal);
        Assert.Contains(hash, CliRun.Of("info", _dump.Path, _dump.Path, "--hash").Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("map")]
    [InlineData("resolve 0x400000")]
    [InlineData("read 0x1000 --physical")]
    public void Every_command_that_opens_dumps_can_fill_with_zeros(string command)
    {
        string[] words = command.Split(' ');
        string[] root = words[0] is "map" or "resolve" ? ["--root", SyntheticDump.Root, "--mode", "ia32e"] : [];
        Assert.Equal(0, CliRun.Of([words[0], _dump.Path, .. words[1..], "--zero-fill", .. root]).Code);
    }

    private string WriteVmcore(string text)
    {
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, Encoding.UTF8.GetBytes(text)).ToArray();
        byte[] file = new byte[0x3000];
        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.Core,
            Machine = ElfMachine.X86_64,
            ProgramHeaderOffset = 64,
            ProgramHeaderCount = 2,
        });
        var note = new ElfProgramHeader { Type = ElfSegmentType.Note, Offset = 0x1000, FileSize = (ulong)notes.Length };
        var load = new ElfProgramHeader { Type = ElfSegmentType.Load, Offset = 0x2000, FileSize = 0x1000, MemorySize = 0x1000 };
        ElfEncoder.WriteProgramHeader(file.AsSpan(64), ElfClass.Elf64, ElfData.LittleEndian, note);
        ElfEncoder.WriteProgramHeader(file.AsSpan(120), ElfClass.Elf64, ElfData.LittleEndian, load);
        notes.CopyTo(file.AsSpan(0x1000));
        File.WriteAllBytes(_dump.File("vmcore"), file);
        return _dump.File("vmcore");
    }
}
