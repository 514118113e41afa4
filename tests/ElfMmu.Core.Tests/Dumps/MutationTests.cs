using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>
/// Thousands of spoiled inputs, the same ones in every run: whatever is in a file, opening it and walking it ends in mappings or
/// in an error of ours.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private static readonly ulong[] Evil =
    [
        0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_f000, 0x10_0000,
    ];

    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Elf64() => Mutate(_machine.Elf(ElfClass.Elf64, ElfData.LittleEndian), 5000, 1, headers: 1200);

    [Fact]
    public void Elf32() => Mutate(new SmallMachine("ia32").Elf(ElfClass.Elf32, ElfData.BigEndian), 3000, 2, headers: 1000);

    [Fact]
    public void Fossil() => Mutate(_machine.Fossil(ElfClass.Elf64, padded: false), 5000, 3, headers: 900);

    [Fact]
    public void PackedElf() => Mutate(
        SmallMachine.Pack(_machine.Elf(ElfClass.Elf64, ElfData.LittleEndian)), 2000, 4, headers: 400);

    [Fact]
    public void Yaml()
    {
        _folder.Write("low.bin", _machine.Memory[..0x6000]);
        _folder.Write("high.bin", _machine.Memory[0x6000..]);
        byte[] yaml = Encoding.UTF8.GetBytes(_machine.Yaml("low.bin", "high.bin"));
        Mutate(yaml, 5000, 5, headers: yaml.Length);
    }

    /// <param name="sound">A file that opens.</param>
    /// <param name="count">How many spoiled ones are tried.</param>
    /// <param name="seed">What the spoiling depends on.</param>
    /// <param name="headers">The part of the file that is worth spoiling, from its start.</param>
    private void Mutate(byte[] sound, int count, int seed, int headers)
    {
        var random = new Random(seed);
        int opened = 0;
        int refused = 0;
        string path = _folder.File("mutant");
        for (int i = 0; i < count; i++)
        {
            byte[] mutant = Spoil(sound, random, headers);
            File.WriteAllBytes(path, mutant);
            try
            {
                using MemoryDump dump = MemoryDump.Open(path);
                opened++;
                AddressSpace space = dump.Space();
                var some = new MappingList(1000);
                space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref some);
            }
            catch (ElfMmuException)
            {
                refused++;
            }
            catch (Exception e)
            {
                string bytes = Convert.ToHexString(mutant.AsSpan(0, Math.Min(2048, mutant.Length)));
                throw new InvalidOperationException($"Mutant {i} of seed {seed}: {bytes}", e);
            }
        }

        // Both ends were reached, or the spoiling is too weak or too strong to show anything.
        Assert.InRange(opened, count / 100, count);
        Assert.InRange(refused, count / 100, count);
    }

    private static byte[] Spoil(byte[] sound, Random random, int headers)
    {
        byte[] bytes = [.. sound];
        int changes = random.Next(1, 4);
        for (int change = 0; change < changes; change++)
        {
            int at = random.Next(Math.Min(headers, bytes.Length));
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    BitConverter.GetBytes(Evil[random.Next(Evil.Length)]).AsSpan(0, Math.Min(8, bytes.Length - at))
                        .CopyTo(bytes.AsSpan(at));
                    break;
                case 3:
                    at &= ~3;
                    BitConverter.GetBytes((uint)Evil[random.Next(Evil.Length)]).AsSpan(0, Math.Min(4, bytes.Length - at))
                        .CopyTo(bytes.AsSpan(at));
                    break;
                case 4:
                    bytes = bytes[..Math.Max(1, random.Next(4) == 0 ? at : bytes.Length - random.Next(16))];
                    break;
                case 5:
                    // A stretch of the file comes twice, or is gone.
                    int length = Math.Min(random.Next(64), bytes.Length - at);
                    bytes = random.Next(2) == 0
                        ? [.. bytes[..(at + length)], .. bytes[at..]]
                        : [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                default:
                    "{}[]:,&*!|>'\"%@`#-?\n\t \\"u8.Slice(random.Next(20), 1).CopyTo(bytes.AsSpan(at));
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
