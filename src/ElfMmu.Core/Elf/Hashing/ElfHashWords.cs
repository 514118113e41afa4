using System.Buffers.Binary;

namespace ElfMmu.Elf.Hashing;

/// <summary>Part of a hash table: words of 4 or 8 bytes, decoded when they are asked for.</summary>
internal sealed class ElfHashWords(ReadOnlyMemory<byte> bytes, int size, bool big) : IReadOnlyList<ulong>
{
    public int Count => bytes.Length / size;

    public ulong this[int index]
    {
        get
        {
            ReadOnlySpan<byte> word = bytes.Span.Slice(index * size, size);
            return (size, big) switch
            {
                (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(word),
                (4, true) => BinaryPrimitives.ReadUInt32BigEndian(word),
                (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(word),
                _ => BinaryPrimitives.ReadUInt64BigEndian(word),
            };
        }
    }

    public IEnumerator<ulong> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Words from one on, as far as they are there.</summary>
    public ElfHashWords Slice(ulong first, ulong count)
    {
        ulong start = Math.Min(first, (ulong)Count);
        ulong there = Math.Min(count, (ulong)Count - start);
        return new ElfHashWords(bytes.Slice((int)start * size, (int)there * size), size, big);
    }

    /// <summary>The same bytes as words of another size, from a byte on.</summary>
    public ElfHashWords Resize(ulong firstByte, ulong count, int newSize)
    {
        ulong start = Math.Min(firstByte, (ulong)bytes.Length);
        ulong there = Math.Min(count, ((ulong)bytes.Length - start) / (ulong)newSize);
        return new ElfHashWords(bytes.Slice((int)start, (int)there * newSize), newSize, big);
    }
}
