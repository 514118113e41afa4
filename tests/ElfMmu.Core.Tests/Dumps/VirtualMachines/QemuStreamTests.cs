using System.Diagnostics;
using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Machines that QEMU itself saves with <c>migrate</c>: the same picture as the ELF core it writes of the same machine.</summary>
public sealed class QemuStreamTests : IDisposable
{
    private const string X64 = "qemu-system-x86_64";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory(X64)]
    [InlineData("pc", "bare-x64")]
    [InlineData("q35", "bare-pae")]
    public void TheMachineIsThatOfItsCore(string machine, string name)
    {
        using var guest = new Guest(name);
        string core = _folder.File("core");
        string saved = Save(machine, "16", guest.Memory.Where(m => m.Start is 0 or 0x10_0000), $"dump-guest-memory {core}");
        using MemoryDump plain = MemoryDump.Open(core);
        using MemoryDump dump = MemoryDump.Open(saved);
        Assert.Empty(dump.Warnings);
        Assert.Equal("QEMU migration stream", dump.Container);
        Assert.StartsWith("pc-", (string)dump.Facts.Details.Single(d => d.Key == "MachineType").Value);
        Assert.Equal(2, dump.Machine.Cpus.Count);
        string[] same = ["rax", "rdx", "rsp", "rbp", "r8", "rip", "eflags", "cr0", "cr2", "cr3", "cr4", "cs", "cs_base", "cs.flags", "idt.limit", "tr"];
        Assert.All(same, r => Assert.Equal(plain.Machine.Cpus[1][r], dump.Machine.Cpus[1][r]));
        Assert.Equal(0UL, dump.Machine.Cpus[0]["efer"]);

        // QEMU's core shows ROM from 0xc0000 to 1 MiB and below 4 GiB; the stream has it in blocks of its own.
        PhysicalRun run = Assert.Single(dump.Memory.Runs);
        Assert.Equal((0UL, 16UL << 20), (run.Start, run.Size));
        Assert.Equal(
            Guest.Read(plain).Where(p => p.Address is < 0xc_0000 or (>= 0x10_0000 and < 16 << 20)),
            Guest.Read(dump).Where(p => p.Address is < 0xc_0000 or >= 0x10_0000));
        string mode = name == "bare-x64" ? "ia32e" : "pae";
        Assert.Equal(Walk(plain, guest["cr3"], mode), Walk(dump, guest["cr3"], mode));
        Assert.NotEmpty(Walk(dump, guest["cr3"], mode));
    }

    [ToolTheory(X64)]
    [InlineData("q35", "3072", 0x8000_0000UL)]
    [InlineData("q35", "2000", 0x7d00_0000UL)]
    [InlineData("pc", "3600", 0xc000_0000UL)]
    public void TheHoleBelow4GiBIsWhereTheMachineHasIt(string machine, string megabytes, ulong below)
    {
        byte[] pages = RawDump.Pages(2);
        ulong size = ulong.Parse(megabytes, null) << 20;
        bool isCut = size > below;
        string saved = Save(machine, megabytes, [(isCut ? 1UL << 32 : 0x10_0000, pages)], "info status");
        using MemoryDump dump = MemoryDump.Open(saved);
        Assert.Equal(isCut ? [(0UL, below), (1UL << 32, size - below)] : [(0UL, size)], dump.Memory.Runs.Select(r => (r.Start, r.Size)));
        byte[] bytes = new byte[pages.Length];
        Assert.True(dump.Memory.TryRead(isCut ? 1UL << 32 : 0x10_0000, bytes));
        Assert.Equal(pages, bytes);
    }

    [ToolFact(X64)]
    public void WhatACutOffFileLacksIsAbsent()
    {
        byte[] whole = File.ReadAllBytes(Save("pc", "8", [(0x10_0000, RawDump.Pages(64))], "info status"));
        int cut = whole.Length / 3;
        string path = _folder.Write("cut", whole.AsSpan(0, cut));
        using MemoryDump all = MemoryDump.Open(_folder.Write("whole", whole));
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.NotEqual(0UL, dump.MissingSize);
        Assert.Equal((8UL << 20) - dump.Memory.Size, dump.MissingSize);
        Assert.Contains("aren't there", Assert.Single(dump.Warnings));
        Assert.Equal(Guest.Read(all).Take((int)(dump.Memory.Size / 4096)), Guest.Read(dump));
        using MemoryDump zeros = MemoryDump.Open(path, new DumpOptions { ZeroFill = true });
        Assert.Equal(8UL << 20, zeros.Memory.Size);
        Throws.Error("DumpTruncated", () => MemoryDump.Open(_folder.Write("nothing", whole.AsSpan(0, 20))));
    }

    [ToolFact(X64)]
    public void LibvirtsHeaderIsPassedOver()
    {
        byte[] stream = File.ReadAllBytes(Save("pc", "8", [(0x10_0000, RawDump.Pages(4))], "info status"));
        byte[] xml = Encoding.UTF8.GetBytes("<domain><name>mail</name><uuid>1234</uuid></domain>\0\0\0");
        using MemoryDump plain = MemoryDump.Open(_folder.Write("plain", stream));
        using MemoryDump dump = MemoryDump.Open(_folder.Write("libvirt", Libvirt(xml, stream, 0)));
        Assert.Equal("libvirt save file", dump.Container);
        Assert.Contains(new KeyValuePair<string, object>("VirtualMachine", "mail"), dump.Facts.Details);
        Assert.Equal(Guest.Read(plain), Guest.Read(dump));
        Assert.Contains("zstd", Throws.Error("DumpUnsupported", () => MemoryDump.Open(_folder.Write("packed", Libvirt(xml, stream, 5)))).Message);
        Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.Write("odd", Libvirt(xml, stream[4..], 0))));
    }

    [ToolFact(X64)]
    public void SpoiledStreamsEndInMemoryOrInAnErrorOfOurs()
    {
        byte[] whole = File.ReadAllBytes(Save("pc", "2", [(0x10_0000, RawDump.Pages(8))], "info status"));
        string path = _folder.File("mutant");
        int refused = 0;
        const int Count = 1500;
        for (int i = 0; i < Count; i++)
        {
            byte[] mutant = Fuzzing.ContainerMutator.Mutate(whole, i);
            File.WriteAllBytes(path, mutant);
            refused += Fuzzing.EveryDumpReader.Read(path, zeroFill: i % 5 == 0) ? 0 : 1;
        }

        Assert.InRange(refused, Count / 50, Count - (Count / 50));
    }

    /// <summary>
    /// The machine never ran, so its EFER isn't that of the guest whose tables it has. The ROM below 4 GiB is in QEMU's core only.
    /// </summary>
    private static List<Mapping> Walk(MemoryDump dump, ulong root, string mode) => AddressSpace.Open(
        dump, new SpaceRequest { Root = root, Mode = mode, Registers = new RegisterSet([new("efer", 0xd00)]) }).All(includeAbsent: false)
        .FindAll(m => m.PhysicalAddress is < 0xff00_0000 or >= 1UL << 32);

    private static byte[] Libvirt(byte[] xml, byte[] stream, uint compression)
    {
        byte[] header = new byte[16 + (19 * 4)];
        "LibvirtQemudSave"u8.CopyTo(header);
        BitConverter.GetBytes(2u).CopyTo(header, 16);
        BitConverter.GetBytes((uint)xml.Length).CopyTo(header, 20);
        BitConverter.GetBytes(compression).CopyTo(header, 28);
        return [.. header, .. xml, .. stream];
    }

    /// <summary>Has QEMU save a machine that never ran, with some memory loaded.</summary>
    private string Save(string machine, string megabytes, IEnumerable<(ulong Start, byte[] Bytes)> memory, string command)
    {
        string saved = _folder.File($"saved-{Guid.NewGuid():n}");
        string[] loads = [.. memory.SelectMany((m, i) => new[]
            { "-device", $"loader,file={_folder.Write($"load{i}", m.Bytes)},addr=0x{m.Start:x},force-raw=on" })];
        var start = new ProcessStartInfo(
            X64,
            [
                "-S", "-accel", "tcg", "-machine", machine, "-cpu", "qemu64", "-smp", "2", "-m", megabytes, "-nodefaults", "-display", "none", "-monitor", "stdio",
                .. loads,
            ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process qemu = Process.Start(start)!;
        Task<string> output = qemu.StandardOutput.ReadToEndAsync();
        Task<string> errors = qemu.StandardError.ReadToEndAsync();
        qemu.StandardInput.WriteLine(command);
        qemu.StandardInput.WriteLine($"migrate \"exec:cat > {saved}\"");
        qemu.StandardInput.WriteLine("quit");
        qemu.StandardInput.Flush();
        if (!qemu.WaitForExit(120_000))
        {
            qemu.Kill();
        }

        Assert.True(File.Exists(saved) && new FileInfo(saved).Length > 0, output.Result + errors.Result);
        return saved;
    }
}
