using ElfMmu.Dumps;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using ElfMmu.Windows;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>
/// Thousands of spoiled crash dumps, the same ones in every run: opening, walking and looking for processors ends in a result or in an error of
/// ours. ELFMMU_MUTANTS multiplies their number.
/// </summary>
public sealed class WindowsMutationTests : IDisposable
{
    // Values that counts, offsets and addresses don't get along with, and signatures of tables.
    private static readonly ulong[] Evil =
    [
        0, 1, 2, 0x7f, 0xff, 43, 44, 86, 0x7fff, 0xffff, 0x1000, 0x2000, 0x3000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xff_ffff_ffff,
        0x100_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_f000, 0x4547_4150_4547_4150,
        0x504d_5544_504d_4453, 0x504d_5544_504d_4446, 0x504d_5544_504d_4452,
    ];

    // Where the header's fields are; a change elsewhere in its 8 KiB is rarely one.
    private static readonly int[] Fields64 = [0, 4, 0x10, 0x20, 0x30, 0x34, 0x80, 0x88, 0x90, 0x98, 0xa0, 0xa8, 0xb0, 0x378, 0xf98, 0xfa8, 0xfb0, 0x1030, 0x1050];
    private static readonly int[] Fields32 = [0, 4, 0x10, 0x18, 0x20, 0x24, 0x5c, 0x60, 0x64, 0x68, 0x6c, 0x70, 0x74, 0x320, 0xf88, 0xfb8, 0xfc0, 0x820, 0x8a0];

    private readonly TempFolder _folder = new();

    private static int Factor => int.TryParse(Environment.GetEnvironmentVariable("ELFMMU_MUTANTS"), out int factor) ? factor : 1;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ia32e", 1u, false)]
    [InlineData("la57", 1u, false)]
    [InlineData("ia32e", 2u, true)]
    [InlineData("ia32e", 5u, false)]
    [InlineData("ia32e", 9u, false)]
    [InlineData("ia32e", 10u, false)]
    [InlineData("ia32", 1u, false)]
    [InlineData("ia32", 2u, true)]
    [InlineData("ia32", 5u, false)]
    [InlineData("aarch64-4k", 1u, false)]
    public void WhateverIsInAFileItOpensOrIsRefused(string mode, uint type, bool old)
    {
        var kernel = new WindowsKernel(mode, 2);
        if (mode != "ia32")
        {
            kernel.Save(0, kernel.Root, WindowsDumpFile.Context64(0x1234, 0x5678, 0x9abc));
            kernel.Save(1, kernel.Root, WindowsDumpFile.Context64(0x1234, 0x5678, 0x9abc));
        }

        WindowsDumpFile file = kernel.Dump(2) with
        {
            Type = type,
            OldBitmap = old,
            Runs = [(0, kernel.Memory[..0x8000]), (8, kernel.Memory[0x8000..0x20000]), (0x20, kernel.Memory[0x20000..])],
        };
        byte[] sound = file.Bytes();
        int data = sound.Length - kernel.Memory.Length;
        int[] fields =
        [
            .. file.Wide ? Fields64 : Fields32,
            .. type == 1 ? [] : Enumerable.Range(0, 20).Select(i => file.HeaderSize + (4 * i)),

            // The kernel's structures in the memory: tables, debugger data, the block of processors, a control block.
            data + 0x1000 + (8 * 0x1f0), data + 0x5000, data + 0x8f10, data + 0x8f14,
            data + 0xa000, data + 0xa008, data + 0xc040, data + 0xc100, data + 0xc110, data + 0xc530,
            data + (40 * 4096) + 0x118, data + (40 * 4096) + 0x1bc, data + (40 * 4096) + 0x1f2, data + (40 * 4096) + 0x238,
        ];
        Mutate(sound, fields, 400 * Factor, (int)type + mode.Length);
    }

    private void Mutate(byte[] sound, int[] fields, int count, int seed)
    {
        var random = new Random(seed);
        string path = _folder.File("mutant");
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] mutant = Spoil(sound, fields, random);
            File.WriteAllBytes(path, mutant);
            try
            {
                using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { ZeroFill = i % 4 == 0 });
                opened++;
                Assert.InRange(WindowsProcessors.Of(dump).Count, 0, 2049);
                AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Cpu = i % 3 == 0 ? 1 : null });
                var some = new MappingList(1000);
                space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref some);
            }
            catch (ElfMmuException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Mutant {i} of seed {seed} with {mutant.Length} bytes", e);
            }
        }

        Assert.InRange(opened, count / 20, count);
        Assert.InRange(refused, count / 20, count);
    }

    private static byte[] Spoil(byte[] sound, int[] fields, Random random)
    {
        byte[] bytes = [.. sound];
        int changes = random.Next(1, 4);
        for (int change = 0; change < changes; change++)
        {
            int at = random.Next(4) > 0 ? fields[random.Next(fields.Length)] : random.Next(bytes.Length);
            if (at >= bytes.Length)
            {
                continue;
            }

            Span<byte> place = bytes.AsSpan(at);
            switch (random.Next(6))
            {
                case 0:
                    place[0] = (byte)random.Next(256);
                    break;
                case 1:
                    place[random.Next(Math.Min(8, place.Length))] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 or 3:
                    BitConverter.GetBytes(Evil[random.Next(Evil.Length)]).AsSpan(0, Math.Min(random.Next(2) == 0 ? 4 : 8, place.Length)).CopyTo(place);
                    break;
                case 4:
                    BitConverter.GetBytes(random.NextInt64() >> random.Next(64)).AsSpan(0, Math.Min(8, place.Length)).CopyTo(place);
                    break;
                default:
                    bytes = bytes[..Math.Max(8, random.Next(4) == 0 ? at : bytes.Length - random.Next(0x9000))];
                    break;
            }
        }

        return bytes;
    }
}
