using System.Buffers.Binary;

namespace ElfMmu.Tests.Conversion;

/// <summary>A LiME file, read by its layout alone.</summary>
internal static class LimeFile
{
    /// <summary>Compares stretches with their bytes.</summary>
    public static IEqualityComparer<(ulong Start, byte[] Bytes)> Comparer { get; } =
        EqualityComparer<(ulong Start, byte[] Bytes)>.Create(
            (a, b) => a.Start == b.Start && a.Bytes.AsSpan().SequenceEqual(b.Bytes), s => s.Start.GetHashCode());

    /// <summary>The stretches in the order of the file.</summary>
    public static List<(ulong Start, byte[] Bytes)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var stretches = new List<(ulong Start, byte[] Bytes)>();
        for (int at = 0; at < file.Length;)
        {
            ReadOnlySpan<byte> header = file.AsSpan(at, 32);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x4c694d45 || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != 1
                || BinaryPrimitives.ReadUInt64LittleEndian(header[24..]) != 0)
            {
                throw new InvalidDataException($"No header at {at}.");
            }

            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            int size = (int)(BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) - start + 1);
            stretches.Add((start, file[(at + 32)..(at + 32 + size)]));
            at += 32 + size;
        }

        return stretches;
    }
}
