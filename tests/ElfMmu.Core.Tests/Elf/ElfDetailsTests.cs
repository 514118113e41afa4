using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Details;
using ElfMmu.Tests.Elf.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf;

/// <summary>What a file is, in our words and in those of <c>file</c> and readelf.</summary>
public class ElfDetailsTests(ITestOutputHelper output)
{
    // Of the system's files, those that are there: programs of each way of linking, libraries, the loader, objects, debug files.
    private static readonly string[] Programs =
    [
        "/bin/bash", "/bin/ls", "/bin/true", "/usr/bin/readelf", "/usr/bin/gdb", "/usr/bin/python3", "/usr/bin/perl", "/usr/sbin/ldconfig", "/bin/busybox",
        "/usr/bin/qemu-aarch64-static",
    ];

    private static readonly string[] Folders =
        ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/arm-linux-gnueabihf/lib", "/usr/lib/debug/.build-id"];

    public static TheoryData<string, ElfKind, bool> Seeds => new()
    {
        { "x86_64-pie", ElfKind.PositionIndependentExecutable, false },
        { "i686-static", ElfKind.StaticExecutable, false },
        { "arm-versions.so", ElfKind.SharedLibrary, false },
        { "riscv64-debug.o", ElfKind.Relocatable, true },
        { "mips-exe", ElfKind.StaticExecutable, false },
        { "x86_64-zstd", ElfKind.StaticExecutable, true },
        { "i686-core", ElfKind.Core, false },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_kind_of_a_file(string name, ElfKind kind, bool hasDebugInformation)
    {
        using ElfFile file = ElfMutator.Open(ElfSeeds.All.Single(s => s.Name == name).Bytes);
        ElfDetails details = ElfDetails.Of(file);
        Assert.Equal((kind, hasDebugInformation), (details.Kind, details.HasDebugInformation));
        Assert.Equal(kind == ElfKind.Core ? null : false, details.IsStripped);
        Assert.Empty(file.Diagnostics);
    }

    [Fact]
    public void A_kernel_module_is_an_object_with_its_information()
    {
        byte[] bytes = ElfSeeds.All.Single(s => s.Name == "x86_64-debug.o").Bytes.ToArray();
        int at = bytes.AsSpan().IndexOf(".comment\0"u8);
        ".modinfo"u8.CopyTo(bytes.AsSpan(at));
        using ElfFile file = ElfMutator.Open(bytes);
        Assert.Equal((ElfKind.KernelModule, "kernel module", null), (ElfDetails.Of(file).Kind, ElfDetails.Of(file).ToString(), ElfDetails.Of(file).IsDynamic));
    }

    [ToolFact("objcopy", "strip")]
    public void A_separate_debug_file_and_what_it_was_taken_of()
    {
        using var folder = new TempFolder();
        string whole = folder.Write("whole", ElfSeeds.All.Single(s => s.Name == "x86_64-zstd").Bytes);
        string debug = folder.File("debug");
        string stripped = folder.File("stripped");
        Assert.Equal(0, Tools.Run("objcopy", "--only-keep-debug", whole, debug).ExitCode);
        Assert.Equal(0, Tools.Run("strip", "-o", stripped, whole).ExitCode);
        ElfDetails ofWhole = Details(whole);
        ElfDetails ofDebug = Details(debug);
        ElfDetails ofStripped = Details(stripped);
        Assert.Equal((ElfKind.SeparateDebugFile, true, false, null), (ofDebug.Kind, ofDebug.HasDebugInformation, ofDebug.IsStripped, ofDebug.IsDynamic));
        Assert.Equal((ElfKind.StaticExecutable, false, true, false), (ofStripped.Kind, ofStripped.HasDebugInformation, ofStripped.IsStripped, ofStripped.IsDynamic));
        Assert.NotNull(ofWhole.BuildId);
        Assert.Equal((ofWhole.BuildId, ofWhole.BuildId), (ofDebug.BuildId, ofStripped.BuildId));
    }

    [ToolFact("file")]
    public void Says_what_file_says()
    {
        using var folder = new TempFolder();
        int count = 0;
        foreach (string path in Paths(folder))
        {
            string words = Tools.Run("file", "-L", "-b", path).Output;
            ElfDetails details = Details(path);
            string where = $"{path}: {words}{details.KindDescription}";
            string kind = details.Kind switch
            {
                ElfKind.Core => "core file",
                ElfKind.Relocatable or ElfKind.KernelModule => "relocatable",
                ElfKind.Executable or ElfKind.StaticExecutable => "executable",
                ElfKind.PositionIndependentExecutable or ElfKind.StaticPositionIndependentExecutable => "pie executable",
                ElfKind.SharedLibrary => "shared object",
                _ => details.Header.Type == ElfType.Executable ? "executable" : "(pie executable|shared object|relocatable)",
            };
            Assert.True(Regex.IsMatch(words, $"[LM]SB {kind}[, ]"), where);
            count++;
            if (details.Kind == ElfKind.Core)
            {
                continue;
            }

            Assert.True(words.Contains("not stripped", StringComparison.Ordinal) == !details.IsStripped, where);
            Assert.True(words.Contains("with debug_info", StringComparison.Ordinal) == details.HasDebugInformation, where);
            Assert.True(Regex.Match(words, "BuildID\\[\\w+\\]=(\\w+)").Groups[1].Value == (details.BuildId ?? ""), where);

            // file calls libraries that need none "static-pie", and looks for the dynamic section of a debug file.
            if (details.Kind is not (ElfKind.SharedLibrary or ElfKind.SeparateDebugFile))
            {
                string linking = details.IsDynamic switch { true => "dynamically linked", false => "(statically|static-pie) linked", _ => "^(?!.* linked)" };
                Assert.True(Regex.IsMatch(words, linking), where);
                Assert.True(Regex.Match(words, "interpreter ([^,]+)").Groups[1].Value == (details.Interpreter ?? ""), where);
            }
        }

        output.WriteLine($"{count} files");
        Assert.True(count >= 30);
    }

    [ToolFact("readelf")]
    public void Needs_what_readelf_says()
    {
        using var folder = new TempFolder();
        int needed = 0;
        foreach (string path in Paths(folder))
        {
            string text = Tools.Run("readelf", "-dlW", path).Output;
            ElfDetails details = Details(path);
            needed += details.Needed.Count;
            Assert.Equal(Regex.Matches(text, @"Shared library: \[(.*)\]").Select(m => m.Groups[1].Value), details.Needed);
            Assert.Equal(Regex.Match(text, @"Library soname: \[(.*)\]").Groups[1].Value, details.SharedObjectName ?? "");
            if (details.Kind != ElfKind.SeparateDebugFile)
            {
                Assert.Equal(Regex.Match(text, @"Requesting program interpreter: (.*)\]").Groups[1].Value, details.Interpreter ?? "");
            }
        }

        Assert.True(needed > 0);
    }

    private static ElfDetails Details(string path)
    {
        using ElfFile file = ElfFile.Open(path);
        return ElfDetails.Of(file);
    }

    private static IEnumerable<string> Paths(TempFolder folder) => ElfSeeds.All.Where(s => ElfReader.IsElf(s.Bytes)).Select(s => folder.Write(s.Name, s.Bytes))
        .Concat(Programs.Where(File.Exists))
        .Concat(Folders.Where(Directory.Exists).SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories)
            .Where(f => Regex.IsMatch(Path.GetFileName(f), @"\.(so[.0-9]*|o|debug)$") && IsElf(f)).Order(StringComparer.Ordinal).Take(12)));

    private static bool IsElf(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        return file.Read(start) == 4 && ElfReader.IsElf(start);
    }
}
