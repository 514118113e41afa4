using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>A file that is read and written again is the same file.</summary>
public sealed class ElfModelIdentityTests(ITestOutputHelper output)
{
    [Fact]
    public void Real_files_come_out_byte_by_byte()
    {
        int files = 0;
        int symbols = 0;
        int relocations = 0;
        int notes = 0;
        var machines = new HashSet<string>();
        var wrong = new List<string>();
        foreach (string path in RealElfFiles.Find(150))
        {
            using ElfFile file = ElfFile.Open(path);
            byte[] expected = File.ReadAllBytes(path);
            try
            {
                ElfModel model = ElfModel.Read(file);
                if (!model.ToArray().AsSpan().SequenceEqual(expected))
                {
                    wrong.Add(path);
                }

                symbols += model.Symbols.Count;
                relocations += model.Relocations.Count;
                notes += model.Notes.Count;
                if (model.Sections.Exists(s => s.Type == ElfSectionTypes.SymTab) && model.Symbols.Count == 0)
                {
                    output.WriteLine($"{path}: its symbols stayed bytes.");
                }
            }
            catch (ElfMmuException e)
            {
                wrong.Add($"{path}: {e.Message}");
            }

            files++;
            machines.Add($"{file.Header.MachineName} {file.Header.Class} {file.Header.Data} {file.Header.TypeName}");
        }

        output.WriteLine($"{files} files, {symbols} symbols, {relocations} relocations, {notes} notes; {string.Join(", ", machines.Order())}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }

    [ToolFact("llvm-mc")]
    public void Objects_of_other_machines_come_out_byte_by_byte()
    {
        using var folder = new TempFolder();
        string source = folder.Write("a.s", """
            .section .text
            .globl f
            .type f, %function
            f:
            .long g - 4
            .long h
            .size f, 8
            .section .data,"aw"
            d: .long f
            .section .bss,"aw",%nobits
            .skip 16
            .section .note.x,"a",%note
            .long 4, 4, 1
            .ascii "GNU"
            .byte 0
            .long 7
            .section .debug_x,""
            .ascii "abc"
            """);
        int made = 0;
        foreach (string triple in new[]
        {
            "i386-linux", "x86_64-linux", "x86_64-linux-gnux32", "armv7-linux", "armebv7-linux", "aarch64-linux", "aarch64_be-linux", "mips-linux",
            "mipsel-linux", "mips64-linux", "mips64el-linux", "powerpc-linux", "powerpcle-linux", "powerpc64-linux", "powerpc64le-linux", "riscv32-linux",
            "riscv64-linux", "s390x-linux", "sparc-linux", "sparcel-linux", "sparcv9-linux", "hexagon-linux", "bpfeb", "bpfel", "lanai", "msp430", "avr",
        })
        {
            string path = folder.File(triple + ".o");
            if (Tools.Run("llvm-mc", "-filetype=obj", "-triple", triple, "-o", path, source).ExitCode != 0 || !File.Exists(path))
            {
                continue;
            }

            made++;
            byte[] expected = File.ReadAllBytes(path);
            using ElfFile file = ElfFile.Open(path);
            ElfModel model = ElfModel.Read(file);
            Assert.True(expected.AsSpan().SequenceEqual(model.ToArray()), triple);
            Assert.True(model.Symbols.Exists(s => s.Name == "f" && s.Section?.Name == ".text"), triple);
            Assert.True(model.Relocations.Exists(r => r.Section.Name == ".text" && r.Symbol?.Name == "h"), triple);
            Assert.Equal(("GNU", 1u), (Assert.Single(model.Notes).Name, model.Notes[0].Type));
            ElfData other = model.Data == ElfData.LittleEndian ? ElfData.BigEndian : ElfData.LittleEndian;
            using ElfFile turned = ElfFile.Open(new ElfMemoryInput(model.WithByteOrder(other).ToArray()), new ElfFileSource(path));
            ElfModel read = ElfModel.Read(turned);
            Assert.Equal(
                model.Relocations.Select(r => (r.Offset, r.Type, r.Addend, r.Symbol?.Name)),
                read.Relocations.Select(r => (r.Offset, r.Type, r.Addend, r.Symbol?.Name)));
            Assert.Equal(expected, read.WithByteOrder(model.Data).ToArray());
        }

        output.WriteLine($"{made} machines");
        Assert.True(made >= 10, $"{made} machines");
    }

    [ToolFact("objcopy", "strip")]
    public void What_other_tools_have_cut_comes_out_byte_by_byte()
    {
        using var folder = new TempFolder();
        string program = Environment.ProcessPath is { } dotnet && File.Exists(dotnet) ? dotnet : "/bin/sh";
        List<string> files = [program, .. RealElfFiles.Find(2)];
        int made = 0;
        foreach (string path in files)
        {
            foreach (string[] command in new string[][]
            {
                ["strip", "-o"], ["strip", "--strip-section-headers", "-o"], ["objcopy", "--only-keep-debug"], ["objcopy", "--compress-debug-sections=zlib"],
                ["objcopy", "-S", "-j", ".text"],
            })
            {
                string cut = folder.File("cut");
                File.Delete(cut);
                string[] arguments = command[0] == "strip" ? [.. command[1..], cut, path] : [.. command[1..], path, cut];
                if (Tools.Run(command[0], arguments).ExitCode != 0 || !File.Exists(cut))
                {
                    continue;
                }

                made++;
                using ElfFile file = ElfFile.Open(cut);
                Assert.True(File.ReadAllBytes(cut).AsSpan().SequenceEqual(ElfModel.Read(file).ToArray()), $"{string.Join(' ', command)} {path}");
            }
        }

        output.WriteLine($"{made} files");
        Assert.True(made > 0);
    }

    [Fact]
    public void Files_without_sections_keep_all_their_bytes()
    {
        byte[] bytes = File.ReadAllBytes(RealElfFiles.Find(1)[0]);
        bool is64 = bytes[4] == 2;

        // e_shoff, e_shnum, e_shstrndx.
        bytes.AsSpan(is64 ? 0x28 : 0x20, is64 ? 8 : 4).Clear();
        bytes.AsSpan(is64 ? 0x3c : 0x30, 4).Clear();
        Assert.True(bytes.AsSpan().SequenceEqual(Rewrite(bytes)));
    }

    [Fact]
    public void Damaged_files_are_refused_or_come_out_as_they_are()
    {
        var random = new Random(4711);
        int refused = 0;
        int kept = 0;
        byte[][] sound = [HelloWorld.Object, HelloWorld.Executable, ElfModelLayoutTests.Executable(ElfClass.Elf32, ElfData.BigEndian).ToArray()];
        for (int i = 0; i < 30_000; i++)
        {
            byte[] bytes = [.. sound[i % sound.Length]];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xff, _ => (byte)random.Next(256) };
            }

            if (random.Next(4) == 0)
            {
                Array.Resize(ref bytes, random.Next(bytes.Length + 100));
            }

            try
            {
                byte[] again = Rewrite(bytes);
                Assert.True(bytes.AsSpan().SequenceEqual(again), $"case {i}: {again.Length} bytes instead of {bytes.Length}");
                kept++;
            }
            catch (ElfMmuException)
            {
                refused++;
            }
        }

        output.WriteLine($"{kept} kept, {refused} refused");
        Assert.True(kept > 10_000 && refused > 100, $"{kept} kept, {refused} refused");
    }

    [Fact]
    public void Sections_over_the_same_bytes_cost_no_time()
    {
        // 65,000 sections, each of them the whole file of 8 MiB.
        const int Many = 65_000;
        byte[] bytes = new byte[8 << 20];
        var layout = new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.Relocatable,
            Machine = ElfMachine.X86_64,
            SectionHeaderOffset = 0x1000,
            SectionHeaderCount = Many,
        };
        ElfEncoder.WriteHeader(bytes, layout);
        for (int i = 1; i < Many; i++)
        {
            ElfEncoder.WriteSectionHeader(bytes.AsSpan(0x1000 + (i * 64)), ElfClass.Elf64, ElfData.LittleEndian, new ElfSectionHeader
            {
                Type = (i % 4) switch { 0 => 2u, 1 => 4u, 2 => 7u, _ => 3u },
                Size = (ulong)bytes.Length,
                Link = (uint)(i % 7),
                Info = (uint)(i % 5),
            });
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            Assert.True(bytes.AsSpan().SequenceEqual(Rewrite(bytes)));
        }
        catch (ElfMmuException e)
        {
            output.WriteLine(e.Message);
        }

        output.WriteLine(watch.Elapsed.ToString());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), watch.Elapsed.ToString());
    }

    private static byte[] Rewrite(byte[] bytes)
    {
        using ElfFile file = ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/none"));
        return ElfModel.Read(file).ToArray();
    }
}
