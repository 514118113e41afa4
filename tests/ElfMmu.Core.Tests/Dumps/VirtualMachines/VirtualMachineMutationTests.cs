using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Thousands of spoiled containers, the same ones in every run: each ends in memory or in an error of ours.</summary>
public sealed class VirtualMachineMutationTests : IDisposable
{
    private const int Count = 1500;

    private static readonly ulong[] Evil =
        [0, 1, 0x3f, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_f000, 0x10_0000];

    private readonly TempFolder _folder = new();

    /// <summary>How many mutants each container gets; more of them by the environment variable ELFMMU_MUTANTS.</summary>
    private static int Mutants => int.TryParse(Environment.GetEnvironmentVariable("ELFMMU_MUTANTS"), out int count) ? count : Count;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void VmwareState()
    {
        using var guest = new Guest(new SmallMachine("ia32e"));
        VmwareWriter writer = Small(guest);
        _folder.Write("m.vmem", RawDump.Pages(8));
        byte[] state = writer.Build();
        Mutate(state, "m.vmss", "m.vmem", 1, 0, state.Length);
    }

    [Fact]
    public void VmwareStateWithMemory()
    {
        using var guest = new Guest(new SmallMachine("ia32e"));
        byte[] state = Small(guest).Block("Memory", RawDump.Pages(8), 0, 0).Build();
        Mutate(state, "e.vmsn", "e.vmsn", 2, 0, state.Length - (8 * 4096));
    }

    [Fact]
    public void VmwareStateOf32Bits()
    {
        using var guest = new Guest(new SmallMachine("ia32"));
        byte[] state = new VmwareWriter { Magic = 0xbed0bed0 }.Cpu(guest, blocks: true).Regions((0, 1, 4), (4, 0x100, 4)).Block("Memory", RawDump.Pages(8), 0, 0).Build();
        Mutate(state, "n.vmss", "n.vmss", 3, 0, state.Length - (8 * 4096));
    }

    [Fact]
    public void VirtualBoxCore()
    {
        using var guest = new Guest(new SmallMachine("ia32"));
        byte[] core = VirtualBoxWriter.Build(guest, device: (0xf000_0000, 0x1000), memory: [(0x1_0000, RawDump.Pages(4)), (0x10_0000, RawDump.Pages(2))]);
        Mutate(core, "v", "v", 4, 0, 1200);
    }

    [Fact]
    public void XenCore()
    {
        using var guest = new Guest(new SmallMachine("ia32e"));
        var writer = new XenWriter();
        for (ulong i = 0; i < 64; i++)
        {
            writer.Page(i * 3 / 2, 0, new byte[4096]);
        }

        byte[] core = writer.Build(guest);

        // Headers and notes in front; the table of frames and the names behind.
        Mutate(core, "x", "x", 5, 0, 2400);
        Mutate(core, "x", "x", 6, core.Length - 700, 700);
    }

    private static VmwareWriter Small(Guest guest) => new VmwareWriter().Group("Checkpoint").Text("ProductName", "VMware", 32).Value("memSize", 4u)
        .Cpu(guest, blocks: true).Regions((0, 1, 4), (4, 0x100, 4));

    private void Mutate(byte[] sound, string name, string opened, int seed, int from, int length)
    {
        var random = new Random(seed);
        int refused = 0;
        int count = Mutants;
        for (int i = 0; i < count; i++)
        {
            byte[] mutant = Spoil(sound, random, from, length);
            _folder.Write(name, mutant);
            try
            {
                using MemoryDump dump = MemoryDump.Open(_folder.File(opened));
                byte[] page = new byte[64];
                foreach (ulong address in dump.Memory.Runs.Take(100).Select(r => r.Start))
                {
                    dump.Memory.TryRead(address, page);
                }

                if (dump.Machine.Cpus.Count > 0)
                {
                    var some = new MappingList(1000);
                    AddressSpace space = dump.Space();
                    space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref some);
                }
            }
            catch (ElfMmuException)
            {
                refused++;
            }
            catch (Exception e)
            {
                File.WriteAllBytes(Path.Combine(Path.GetTempPath(), "elfmmu-mutant-" + name), mutant);
                throw new InvalidOperationException($"Mutant {i} of seed {seed} is kept beside the temporary files.", e);
            }
        }

        Assert.InRange(refused, count / 200, count - (count / 200));
    }

    private static byte[] Spoil(byte[] sound, Random random, int from, int length)
    {
        byte[] bytes = [.. sound];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = Math.Min(from + random.Next(length), bytes.Length - 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    BitConverter.GetBytes(Evil[random.Next(Evil.Length)]).AsSpan(0, Math.Min(8, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                    break;
                case 3:
                    at &= ~3;
                    BitConverter.GetBytes((uint)Evil[random.Next(Evil.Length)]).AsSpan(0, Math.Min(4, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                    break;
                case 4 when random.Next(8) == 0:
                    bytes = bytes[..Math.Max(1, at)];
                    break;
                default:
                    int part = Math.Min(random.Next(32), bytes.Length - at);
                    bytes = random.Next(2) == 0 ? [.. bytes[..(at + part)], .. bytes[at..]] : [.. bytes[..at], .. bytes[(at + part)..]];
                    break;
            }

            if (bytes.Length == 0)
            {
                return [0];
            }
        }

        return bytes;
    }
}
