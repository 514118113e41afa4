using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>Windows crash dumps of every kind that has memory: the picture is that of the plain dump.</summary>
public sealed class WindowsDumpTests : IDisposable
{
    private const ulong Rip = 0xffff_f802_1111_2222;

    private readonly TempFolder _folder = new();

    public static TheoryData<string, bool, uint, bool> Guests
    {
        get
        {
            var cases = new TheoryData<string, bool, uint, bool>();
            foreach (uint type in new uint[] { 1, 2, 5, 6, 7, 10 })
            {
                cases.Add("bare-x64", true, type, false);
            }

            cases.Add("bare-x64", true, 2, true);
            foreach (string name in new[] { "bare-pae", "bare-ia32" })
            {
                cases.Add(name, false, 1, false);
                cases.Add(name, false, 5, false);
                cases.Add(name, false, 2, true);
            }

            cases.Add("bare-a64-4k", true, 1, false);
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Guests))]
    public void MappingsAndMemoryAreThoseOfThePlainDump(string name, bool wide, uint type, bool old)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump plain = MemoryDump.Open(folder.File("machine.yaml"));
        AddressSpace expected = plain.Space();
        ulong start = plain.Memory.Runs[0].Start;
        byte[] memory = new byte[plain.Memory.Size];
        Assert.True(plain.Memory.TryRead(start, memory));
        var file = new WindowsDumpFile
        {
            Wide = wide,
            Type = type,
            OldBitmap = old,
            Machine = name == "bare-a64-4k" ? (ushort)0xaa64 : wide ? (ushort)0x8664 : (ushort)0x14c,
            Pae = name == "bare-pae",
            Root = expected.Identity.Root,
            Runs = WindowsDumpFile.Split(memory, start, 1, 159, 3, 300),
            KernelPointer = wide ? 0xffff_f802_1234_5000 : 0x8123_4000,
        };
        using MemoryDump dump = Open(file);
        Assert.Empty(dump.Warnings);
        Assert.Equal(plain.Memory.Size, dump.Memory.Size);
        byte[] bytes = new byte[memory.Length];
        Assert.True(dump.Memory.TryRead(start, bytes));
        Assert.True(memory.AsSpan().SequenceEqual(bytes));

        // The guest's halves aren't laid out as those of Windows: its registers are said here.
        SpaceRequest request = name == "bare-a64-4k" ? new SpaceRequest { Registers = plain.Machine.Cpus[0].Registers } : new SpaceRequest();
        AddressSpace space = AddressSpace.Open(dump, request);
        Assert.Equal(expected.Identity.Mode, space.Identity.Mode);
        Assert.Equal(expected.Identity.Root, space.Identity.Root);
        Assert.Equal(Plain(expected), Plain(space));
    }

    [Theory]
    [InlineData(1u, 3)]
    [InlineData(5u, 3)]
    [InlineData(6u, 3)]
    [InlineData(8u, 3)]
    [InlineData(9u, 3)]
    [InlineData(10u, 3)]
    public void RunsWithHolesBetweenThemStandOneBehindTheOther(uint type, int expected)
    {
        byte[] memory = RawDump.Pages(16);
        var file = new WindowsDumpFile
        {
            Type = type,
            Runs = [(0x100, memory[..0x1000]), (0x13f, memory[0x1000..0x5000]), (0x1000, memory[0x5000..])],
        };
        using MemoryDump dump = Open(file);
        Assert.Equal(expected, dump.Memory.Runs.Count);
        Assert.Equal([0x10_0000UL, 0x13_f000UL, 0x100_0000UL], dump.Memory.Runs.Select(r => r.Start));
        Assert.Equal([0x1000UL, 0x4000UL, 0xb000UL], dump.Memory.Runs.Select(r => r.Size));
        byte[] bytes = new byte[0x1000];
        Assert.True(dump.Memory.TryRead(0x13_f000, bytes));
        Assert.Equal(memory[0x1000..0x2000], bytes);
        Assert.True(dump.Memory.TryRead(0x100_a000, bytes));
        Assert.Equal(memory[0xf000..], bytes);
        Assert.False(dump.Memory.TryRead(0x10_1000, bytes));
        Assert.Empty(dump.Warnings);
    }

    [Fact]
    public void ABitmapMayBeginAndEndWithPages()
    {
        byte[] memory = RawDump.Pages(128);
        var file = new WindowsDumpFile { Type = 5, Runs = [(0, memory[..0x40000]), (65, memory[0x40000..])] };
        using MemoryDump dump = Open(file with { Spoil = f => BitConverter.GetBytes(129UL).CopyTo(f.AsSpan(0x2030)) });
        Assert.Equal([0UL, 0x41000UL], dump.Memory.Runs.Select(r => r.Start));
        Assert.Equal([0x40000UL, 0x40000UL], dump.Memory.Runs.Select(r => r.Size));
        Assert.Empty(dump.Warnings);
    }

    [Fact]
    public void MemoryIsReadInPlace()
    {
        using MemoryDump dump = Open(new WindowsDumpFile { Type = 5, Runs = [(1, RawDump.Pages(4))] });
        Assert.True(dump.TryLocate(0x2004, out string file, out ulong offset));
        Assert.Equal(_folder.File("dump.dmp"), file);
        Assert.Equal(0x3000UL + 0x1004, offset);
    }

    [Fact]
    public void TheHeaderSaysWhatTheSystemWas()
    {
        using MemoryDump dump = Open(new WindowsDumpFile
        {
            Runs = [(1, RawDump.Pages(4))],
            Comment = "Taken by hand",
            DebuggerData = 0xffff_f802_5555_6660,
            Processors = 4,
        });
        Assert.Equal("Windows full (DUMP64)", dump.Container);
        Assert.Equal("Windows 10.0.19045", dump.Facts.OperatingSystem);
        Assert.Equal(new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc), dump.Facts.TakenUtc);
        var details = dump.Facts.Details.ToDictionary();
        Assert.Equal("full", details["Dump type"]);
        Assert.Equal("free", details["Kernel"]);
        Assert.Equal(19045U, details["Build"]);
        Assert.Equal("server", details["Product"]);
        Assert.Equal("0x110", details["Suites"]);
        Assert.Equal(4U, details["Processors"]);
        Assert.Equal("0xd1", details["Bug check"]);
        Assert.Equal("0x1000, 0x1001, 0x1002, 0x1003", details["Bug check parameters"]);
        Assert.Equal("0x80000003 at 0x7777", details["Exception"]);
        Assert.Equal("3.04:05:06.7000000", details["Up time"]);
        Assert.Equal("Taken by hand", details["Comment"]);
        Assert.Equal("0xfffff80255556660", details["Debugger data"]);
        Assert.Equal("0xfffff80212345100", details["Loaded modules"]);

        // What Windows left as PAGE isn't shown.
        Assert.False(details.ContainsKey("Writer status"));
    }

    [Theory]
    [InlineData(2600u, "Windows 5.1.2600")]
    [InlineData(7601u, "Windows 6.1.7601")]
    [InlineData(9200u, "Windows 6.2.9200")]
    [InlineData(26100u, "Windows 10.0.26100")]
    [InlineData(1381u, "Windows, build 1381")]
    public void ABuildTellsTheVersion(uint build, string expected)
    {
        using MemoryDump dump = Open(new WindowsDumpFile { Runs = [(1, RawDump.Pages(1))], Build = build });
        Assert.Equal(expected, dump.Facts.OperatingSystem);
    }

    [Fact]
    public void RegistersOfX64ComeFromTheContextRecord()
    {
        using MemoryDump dump = Open(new WindowsDumpFile
        {
            Root = 0x1ad002,
            Runs = [(1, RawDump.Pages(1))],
            ContextRecord = WindowsDumpFile.Context64(Rip, 0xffff_8000_0000_1000, 0x1111_0000),
        });
        Cpu cpu = Assert.Single(dump.Machine.Cpus);
        Assert.Equal(0x1ad002UL, cpu["CR3"]);
        Assert.Equal(Rip, cpu["rip"]);
        Assert.Equal(0xffff_8000_0000_1000, cpu["rsp"]);
        string[] order = ["rax", "rcx", "rdx", "rbx", "", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(order[i].Length == 0 ? null : 0x1111_0000UL + (ulong)i, order[i].Length == 0 ? null : cpu[order[i]]);
        }

        Assert.Equal([0x10UL, 0x2b, 0x2b, 0x53, 0x2b, 0x18], new[] { "cs", "ds", "es", "fs", "gs", "ss" }.Select(n => cpu[n]!.Value));
        Assert.Equal(0x246UL, cpu["eflags"]);
    }

    [Fact]
    public void OnlyTheGroupsThatAreSetAreRead()
    {
        byte[] context = WindowsDumpFile.Context64(Rip, 0x1000, 0x1111_0000);
        BitConverter.GetBytes(0x0010_0001).CopyTo(context, 0x30);
        using MemoryDump dump = Open(new WindowsDumpFile { Root = 0x1000, Runs = [(1, RawDump.Pages(1))], ContextRecord = context });
        Cpu cpu = Assert.Single(dump.Machine.Cpus);
        Assert.Equal(Rip, cpu["rip"]);
        Assert.Null(cpu["rax"]);
        Assert.Null(cpu["ds"]);
    }

    [Fact]
    public void AContextThatNobodyWroteHasNoRegisters()
    {
        using MemoryDump dump = Open(new WindowsDumpFile { Root = 0x1000, Runs = [(1, RawDump.Pages(1))] });
        KeyValuePair<string, ulong> only = Assert.Single(Assert.Single(dump.Machine.Cpus).Registers);
        Assert.Equal("cr3", only.Key);
    }

    [Fact]
    public void RegistersOfX86ComeFromTheContextRecord()
    {
        byte[] context = new byte[0x2cc];
        BitConverter.GetBytes(0x0001_0007).CopyTo(context, 0);
        for (int at = 0x8c; at <= 0xc8; at += 4)
        {
            BitConverter.GetBytes(at).CopyTo(context, at);
        }

        using MemoryDump dump = Open(new WindowsDumpFile
        {
            Wide = false,
            Machine = 0x14c,
            Pae = true,
            Root = 0x18_5420,
            Runs = [(1, RawDump.Pages(1))],
            ContextRecord = context,
        });
        Assert.Equal("Windows full (DUMP32)", dump.Container);
        Assert.Equal("pae", dump.Machine.Mode);
        Cpu cpu = Assert.Single(dump.Machine.Cpus);
        (string Name, ulong Value)[] expected =
        [
            ("gs", 0x8c), ("fs", 0x90), ("es", 0x94), ("ds", 0x98), ("edi", 0x9c), ("esi", 0xa0), ("ebx", 0xa4), ("edx", 0xa8), ("ecx", 0xac),
            ("eax", 0xb0), ("ebp", 0xb4), ("eip", 0xb8), ("cs", 0xbc), ("eflags", 0xc0), ("esp", 0xc4), ("ss", 0xc8), ("cr3", 0x18_5420),
        ];
        Assert.All(expected, e => Assert.Equal(e.Value, cpu[e.Name]));
        Assert.Null(cpu["dr0"]);
    }

    [Fact]
    public void OnAArch64BothHalvesHaveTheirTable()
    {
        byte[] context = new byte[0x390];
        BitConverter.GetBytes(0x0040_0003).CopyTo(context, 0);
        for (int i = 0; i < 33; i++)
        {
            BitConverter.GetBytes(0x5000UL + (ulong)i).CopyTo(context, 8 + (8 * i));
        }

        BitConverter.GetBytes(0x6000_0005).CopyTo(context, 4);

        // One page of tables: the first half is for low addresses, the second half for high ones; each maps 1 GiB.
        byte[] memory = RawDump.Pages(4);
        memory.AsSpan(0, 0x2000).Clear();
        BitConverter.GetBytes(0x1000UL + 0x1003).CopyTo(memory, 0);
        BitConverter.GetBytes(0x1000UL + 0x1003).CopyTo(memory, 0x800 + (8 * 0xf0));
        BitConverter.GetBytes(0x0060_0000_0000_0701UL).CopyTo(memory, 0x1000);
        using MemoryDump dump = Open(new WindowsDumpFile
        {
            Machine = 0xaa64,
            Root = 0x1000,
            Runs = [(1, memory)],
            ContextRecord = context,
        });
        Cpu cpu = Assert.Single(dump.Machine.Cpus);
        Assert.Equal(0x5000UL, cpu["x0"]);
        Assert.Equal(0x5000UL + 28, cpu["x28"]);
        Assert.Equal(0x5000UL + 29, cpu["x29"]);
        Assert.Equal(0x5000UL + 30, cpu["x30"]);
        Assert.Equal(0x5000UL + 31, cpu["sp"]);
        Assert.Equal(0x5000UL + 32, cpu["pc"]);
        Assert.Equal(0x6000_0005UL, cpu["pstate"]);
        AddressSpace space = dump.Space();
        Assert.Equal("aarch64-4k", space.Identity.Mode.Name);
        Assert.Equal([0x1000UL, 0xffff_f800_0000_1000], Plain(space).Select(m => m.Item1));
    }

    [Fact]
    public void AKernelAboveFourLevelsHasFive()
    {
        using MemoryDump four = Open(new WindowsDumpFile { Root = 0x1000, Runs = [(1, RawDump.Pages(1))] });
        Assert.Equal("ia32e", four.Machine.Mode);
        using MemoryDump five = Open(
            new WindowsDumpFile { Root = 0x1000, Runs = [(1, RawDump.Pages(1))], KernelPointer = 0xff3f_0000_0000_0000 }, "five.dmp");
        Assert.Equal("la57", five.Machine.Mode);
    }

    [Fact]
    public void AMachineThatIsntKnownStillHasMemory()
    {
        using MemoryDump dump = Open(new WindowsDumpFile { Machine = 0x200, Root = 0x1000, Runs = [(1, RawDump.Pages(2))] });
        Assert.Equal(Architecture.Unknown, dump.Machine.Architecture);
        Assert.Empty(dump.Machine.Cpus);
        Assert.Equal(0x2000UL, dump.Memory.Size);
    }

    [Fact]
    public void ItMayBePacked()
    {
        string path = _folder.Write("dump.dmp.gz", SmallMachine.Pack(new WindowsDumpFile { Root = 0x1000, Runs = [(1, RawDump.Pages(4))] }.Bytes()));
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal("Windows full (DUMP64)", dump.Container);
        Assert.Equal(0x4000UL, dump.Memory.Size);
    }

    private static IEnumerable<(ulong, ulong, ulong, MappingAttributes)> Plain(AddressSpace space) =>
        space.All().Where(m => m.Kind == RegionKind.Ram).Select(m => (m.VirtualAddress, m.Size, m.PhysicalAddress, m.Attributes));

    private MemoryDump Open(WindowsDumpFile file, string name = "dump.dmp") => MemoryDump.Open(_folder.Write(name, file.Bytes()));
}
