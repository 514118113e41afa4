using System.Buffers.Binary;
using System.Reflection;

namespace ElfMmu.Tests.Discovery;

/// <summary>What memory holds that isn't page tables.</summary>
internal static class OtherThings
{
    /// <summary>Fills memory with a kind of thing.</summary>
    public static void Fill(byte[] bytes, string what, Random random)
    {
        bytes.AsSpan().Clear();
        switch (what)
        {
            case "noise":
                PowerPcTableImage.Fill(bytes, PowerPcFiller.Noise, random);
                break;
            case "text":
                PowerPcTableImage.Fill(bytes, PowerPcFiller.Text, random);
                break;
            case "programs":
                string assembly = Assembly.GetExecutingAssembly().GetName().Name + ".dll";
                byte[] program = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, assembly));
                byte[] native = File.ReadAllBytes(Environment.ProcessPath!);
                program.AsSpan(0, Math.Min(program.Length, bytes.Length / 2)).CopyTo(bytes);
                native.AsSpan(0, Math.Min(native.Length, bytes.Length / 2)).CopyTo(bytes.AsSpan(bytes.Length / 2));
                break;
            case "pointers":
                // Lists of a big-endian kernel: a pointer to its upper half, and a small number.
                Words(bytes, random, i => i % 2 == 0 ? 0xc000_0000 | ((uint)random.Next(1 << 22) << 2) : (uint)random.Next(16));
                break;
            case "pattern":
                // The same well-formed entry everywhere.
                Words(bytes, random, i => i % 2 == 0 ? 0x8009_a280 : 0x30_0192);
                break;
            case "frames":
                // Well-formed entries of segments that all differ, at random places of otherwise empty memory.
                for (int i = 0; i < 2000; i++)
                {
                    Span<byte> slot = bytes.AsSpan(random.Next(bytes.Length / 8) * 8);
                    BinaryPrimitives.WriteUInt32BigEndian(slot, 0x8000_0000 | (uint)random.Next());
                    BinaryPrimitives.WriteUInt32BigEndian(slot[4..], (uint)random.Next(bytes.Length >> 12) << 12 | 0x192);
                }

                break;
        }
    }

    private static void Words(byte[] bytes, Random random, Func<int, uint> word)
    {
        // Pages of zeros in between, as there are everywhere.
        for (int page = 0; page < bytes.Length; page += 4096)
        {
            bool isEmpty = random.Next(3) == 0;
            for (int i = 0; !isEmpty && i < 1024; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(page + (i * 4)), word(i));
            }
        }
    }
}
