using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Lime;

/// <summary>Linux guests' memory in files of LiME and AVML that others wrote and read: the same as in QEMU's dump.</summary>
public class AcquiredGuestTests
{
    [LinuxTheory("snappy")]
    [InlineData("linux-x64-128m", "lime")]
    [InlineData("linux-x64-128m", "avml")]
    [InlineData("linux-i386-tiny-pae", "avml")]
    public void Mappings_and_memory_are_those_of_the_plain_dump(string name, string kind)
    {
        using var guest = new DumpFolder(name);
        using var folder = new TempFolder();
        Acquired.Write(guest.File("raw.bin"), folder.File("dump"), 0, kind);
        using MemoryDump plain = MemoryDump.Open(guest.File("phys.elf"));
        using MemoryDump dump = MemoryDump.Open(folder.File("dump"));
        Assert.Empty(dump.Warnings);
        AddressSpace expected = AddressSpace.Open(plain, new SpaceRequest());
        AddressSpace space = dump.Space(expected.Identity.Root, expected.Identity.Mode.Name);
        Assert.Equal(expected.All(), space.All());
        byte[] raw = File.ReadAllBytes(guest.File("raw.bin"));
        byte[] bytes = new byte[1 << 20];
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            for (ulong at = run.Start; at <= run.Last; at += (ulong)bytes.Length)
            {
                Span<byte> part = bytes.AsSpan(0, (int)Math.Min((ulong)bytes.Length, run.Last - at + 1));
                Assert.True(dump.Memory.TryRead(at, part));
                Assert.True(raw.AsSpan((int)at, part.Length).SequenceEqual(part));
            }
        }

        // What isn't there was zeros.
        ulong next = 0;
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            Assert.False(raw.AsSpan((int)next, (int)(run.Start - next)).ContainsAnyExcept((byte)0));
            next = run.Last + 1;
        }

        Assert.False(raw.AsSpan((int)next).ContainsAnyExcept((byte)0));
        Assert.All(dump.Memory.Damage, d => Assert.Equal(0, d.Count));
    }

    [LinuxTheory("volatility3")]
    [InlineData("lime")]
    [InlineData("avml")]
    public void Volatility_reads_the_same_bytes_at_the_same_addresses(string kind)
    {
        using var guest = new DumpFolder("linux-x64-tiny");
        using var folder = new TempFolder();
        string file = folder.File("dump");
        Acquired.Write(guest.File("raw.bin"), file, 0x4000_0000, kind);
        using MemoryDump dump = MemoryDump.Open(file);
        var random = new Random(8);
        ulong[] addresses =
        [
            0x3fff_fff0, 0x4000_0000, dump.Memory.Runs[^1].Last - 31, dump.Memory.Runs[^1].Last - 30,
            .. Enumerable.Range(0, 3000).Select(_ => 0x4000_0000 + ((ulong)random.Next(32 << 20) & ~31UL)),
        ];
        byte[] bytes = new byte[32];
        string[] ours = [.. addresses.Select(a => dump.Memory.TryRead(a, bytes) ? Convert.ToHexStringLower(bytes) : "absent")];
        Assert.Equal(Acquired.Read(file, kind, folder, addresses), ours);
        Assert.Contains(ours, o => o != "absent" && o.AsSpan().ContainsAnyExcept('0'));
    }
}
