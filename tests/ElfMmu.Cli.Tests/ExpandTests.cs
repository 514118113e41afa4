using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class ExpandTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void An_image_and_its_description_are_written()
    {
        string file = Program("a.elf");
        CliRun run = CliRun.Of("expand", file, "-o", file + ".bin").Done();
        Assert.Contains("0x400000", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
        Assert.Equal(Memory(), File.ReadAllBytes(file + ".bin"));
        Assert.True(File.Exists(file + ".yaml"));

        // It is a dump that says where its memory is.
        Assert.Equal(
            Convert.ToHexString(Memory(), 0x1000, 4),
            Convert.ToHexString(Bytes("read", file + ".yaml", "0x401000", "--physical", "--length", "4", "--format", "raw")));
    }

    [Fact]
    public void Json_says_everything()
    {
        string file = Program("a.elf");
        string output = _dump.File("out.bin");
        CliRun run = CliRun.Of("expand", file, "-o", output, "--base", "0x3ff000", "--no-description", "--format", "json").Done();
        JsonElement image = JsonDocument.Parse(run.Output).RootElement[0];
        Assert.Equal(output, image.GetProperty("path").GetString());
        Assert.Equal(JsonValueKind.Null, image.GetProperty("descriptionPath").ValueKind);
        Assert.Equal("0x3ff000", image.GetProperty("baseAddress").GetString());
        Assert.Equal(0x2102, image.GetProperty("size").GetInt32());
        Assert.Equal(["0x400000", "0x401000"], image.GetProperty("regions").EnumerateArray().Select(r => r.GetProperty("virtualAddress").GetString()));
        Assert.False(File.Exists(_dump.File("out.yaml")));
    }

    [Fact]
    public void Several_files_go_to_a_folder()
    {
        string folder = _dump.File("out");
        CliRun.Of("expand", Program("a.elf"), Program("b.elf"), "-o", folder + "/", "-q").Done();
        Assert.Equal(
            ["a.elf.bin", "a.elf.yaml", "b.elf.bin", "b.elf.yaml"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_fails_has_an_id_and_leaves_nothing()
    {
        string file = Program("a.elf");
        CliRun.Of("expand", file, "--base", "0x400001").Failed("BaseInvalid");
        CliRun.Of("expand", file, "--load-address", "0x1000").Failed("LoadAddressInvalid");
        CliRun.Of("expand", file, "--maximum-size", "4096").Failed("ImageTooLarge");
        CliRun.Of("expand", file, "--minimum-address", "0x500000").Failed("NothingToLoad");
        CliRun.Of("expand", _dump.Path, "--image", "0x400000", "--root", "0x1000", "--mode", "ia32e").Failed("ImageNotFound");
        CliRun.Of("expand", _dump.WriteText("text", "text")).Failed("ImageFormatUnknown");
        Assert.False(File.Exists(file + ".bin"));
    }

    [Fact]
    public void Limits_and_physical_addresses_are_taken()
    {
        string file = Program("a.elf");
        string output = _dump.File("out.bin");
        CliRun.Of("expand", file, "-o", output, "-q", "--address-kind", "physical").Done();
        Assert.Equal(0x1102, new FileInfo(output).Length);
        CliRun.Of("expand", file, "-o", output, "-q", "--maximum-address", "0x4000ff").Done();
        Assert.Equal(Memory().AsSpan(0, 0x100), File.ReadAllBytes(output).AsSpan());
    }

    [Fact]
    public void What_names_an_address_space_needs_an_image() => CliRun.Of("expand", "a.elf", "--root", "0x1000").Refused("--image");

    private static byte[] Bytes(params string[] args)
    {
        using var output = new MemoryStream();
        Assert.Equal(0, CommandLine.Run(args, output, TextWriter.Null));
        return output.ToArray();
    }

    /// <summary>Two pages with numbers at 0x400000 and 0x401000, of which the second has more memory; physically at 0x8000 and 0x9000.</summary>
    private string Program(string name)
    {
        byte[] file = new byte[0x2102];
        for (int i = 0x1000; i < file.Length; i++)
        {
            file[i] = (byte)((i * 3) ^ (i >> 8));
        }

        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.Executable,
            Machine = ElfMachine.X86_64,
            ProgramHeaderOffset = 64,
            ProgramHeaderCount = 2,
        });
        for (ulong i = 0; i < 2; i++)
        {
            ElfEncoder.WriteProgramHeader(file.AsSpan(64 + (56 * (int)i)), ElfClass.Elf64, ElfData.LittleEndian, new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read,
                Offset = 0x1000 + (i * 0x1000),
                VirtualAddress = 0x40_0000 + (i * 0x1000),
                PhysicalAddress = 0x8000 + (i * 0x1000),
                FileSize = i == 0 ? 0x1000UL : 0x80,
                MemorySize = i == 0 ? 0x1000UL : 0x102,
                Alignment = 0x1000,
            });
        }

        string path = _dump.File(name);
        File.WriteAllBytes(path, file);
        return path;
    }

    private static byte[] Memory()
    {
        byte[] memory = new byte[0x1102];
        for (int i = 0; i < 0x1080; i++)
        {
            memory[i] = (byte)(((i + 0x1000) * 3) ^ ((i + 0x1000) >> 8));
        }

        return memory;
    }
}
