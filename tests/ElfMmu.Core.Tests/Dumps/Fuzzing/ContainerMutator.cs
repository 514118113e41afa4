using System.Buffers.Binary;

namespace ElfMmu.Tests.Dumps.Fuzzing;

/// <summary>
/// Damages a dump's file, its headers and tables above all: numbers become those at the edges of types and of the file, stretches are doubled,
/// lost or moved, the end is cut off. The same number gives the same damage.
/// </summary>
internal static class ContainerMutator
{
    private static readonly int[] Heads = [64, 512, 4096, 16384];

    /// <summary>A damaged copy.</summary>
    /// <param name="original">A file that opens.</param>
    /// <param name="number">Which; any.</param>
    public static byte[] Mutate(byte[] original, int number)
    {
        var random = new Random(number);
        byte[] file = random.Next(10) == 0 ? original[..random.Next(1, original.Length)] : [.. original];
        for (int i = 1 << random.Next(4); i > 0 && file.Length > 16; i--)
        {
            file = Damage(file, random);
        }

        return file;
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        int at = random.Next(Math.Min(file.Length, random.Next(5) == 0 ? file.Length : Heads[random.Next(Heads.Length)]));
        int length = Math.Min(random.Next(1, 128), file.Length - at);
        switch (random.Next(12))
        {
            case < 8:
                int size = 1 << random.Next(4);
                at &= ~(size - 1);
                if (at + size <= file.Length)
                {
                    Put(file.AsSpan(at, size), Value(file, at, size, random), isBig: random.Next(6) == 0);
                }

                return file;
            case 8:
                file.AsSpan(random.Next(file.Length - length + 1), length).ToArray().CopyTo(file, at);
                return file;
            case 9:
                return [.. file[..(at + length)], .. file[at..]];
            case 10:
                return [.. file[..at], .. file[(at + length)..]];
            default:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
        }
    }

    // Values at the edges of types and of the file, and neighbours of what was there.
    private static ulong Value(byte[] file, int offset, int size, Random random)
    {
        ulong old = 0;
        for (int i = size - 1; i >= 0; i--)
        {
            old = (old << 8) | file[offset + i];
        }

        return random.Next(14) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => ulong.MaxValue >> (65 - (size * 8)),
            3 => 1UL << ((size * 8) - 1),
            4 => (ulong)file.Length,
            5 => (ulong)(file.Length - random.Next(1, 64)),
            6 => (ulong)random.Next(file.Length),
            7 => old + (ulong)random.Next(1, 9),
            8 => old - (ulong)random.Next(1, 9),
            9 => 1UL << random.Next(size * 8),
            10 => ulong.MaxValue - (ulong)random.Next(4096),
            11 => old << random.Next(1, 9),
            12 => (ulong)random.Next(256),
            _ => (ulong)random.NextInt64(),
        };
    }

    private static void Put(Span<byte> field, ulong value, bool isBig)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes = bytes[..field.Length];
        if (isBig)
        {
            bytes.Reverse();
        }

        bytes.CopyTo(field);
    }
}
