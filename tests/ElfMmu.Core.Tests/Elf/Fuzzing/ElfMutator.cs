using System.Buffers.Binary;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>Damages an ELF file where it hurts: in the fields of its headers, tables and records. The same number gives the same damage.</summary>
internal sealed class ElfMutator
{
    private readonly byte[] _original;
    private readonly bool _big;
    private readonly bool _wide;
    private readonly List<(int Offset, int Size)> _fields = [];
    private readonly List<(int Offset, int Length)> _pieces = [];

    public ElfMutator(byte[] original)
    {
        _original = original;
        if (!ElfReader.IsElf(original))
        {
            return;
        }

        _wide = original[4] == 2;
        _big = original[5] == 2;
        using ElfFile file = Open(original);
        AddHeader(file);
        foreach (ElfSectionHeader section in file.SectionHeaders)
        {
            if (section.Type is not (0 or 8) && section.Offset + section.Size <= (ulong)original.Length && section.Size > 0)
            {
                _pieces.Add(((int)section.Offset, (int)section.Size));
            }
        }
    }

    /// <summary>Opens bytes as a file.</summary>
    public static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes, "mutated"), new MemorySource(bytes));

    /// <summary>A damaged copy.</summary>
    /// <param name="number">Which; any.</param>
    public byte[] Mutate(int number)
    {
        var random = new Random(number);
        byte[] file = random.Next(12) == 0 ? _original[..random.Next(_original.Length)] : [.. _original];
        for (int i = 1 << random.Next(4); i > 0 && file.Length > 0; i--)
        {
            Damage(file, random);
        }

        return file;
    }

    private void Damage(byte[] file, Random random)
    {
        switch (random.Next(8))
        {
            case < 4 when _fields.Count > 0:
                (int offset, int size) = _fields[random.Next(_fields.Count)];
                if (offset + size <= file.Length)
                {
                    Put(file, offset, size, Value(file, offset, size, random));
                }

                break;
            case 4 or 5 when _pieces.Count > 0:
                (int start, int length) = _pieces[random.Next(_pieces.Count)];
                int unit = random.Next(3) switch { 0 => 2, 1 => 4, _ => 8 };
                int at = start + (random.Next(length) & ~(unit - 1));
                if (at + unit <= file.Length)
                {
                    Put(file, at, unit, Value(file, at, unit, random));
                }

                break;
            case 6 when file.Length > 16:
                int from = random.Next(file.Length);
                int to = random.Next(file.Length);
                int count = Math.Min(random.Next(1, 256), file.Length - Math.Max(from, to));
                file.AsSpan(from, count).ToArray().CopyTo(file, to);
                break;
            default:
                file[random.Next(file.Length)] = (byte)random.Next(256);
                break;
        }
    }

    // Values at the edges of types and of the file, neighbours of what was there, and what another field says.
    private ulong Value(byte[] file, int offset, int size, Random random)
    {
        ulong old = Get(file, offset, size);
        switch (random.Next(14))
        {
            case 0:
                return 0;
            case 1:
                return ulong.MaxValue;
            case 2:
                return ulong.MaxValue >> (65 - (size * 8));
            case 3:
                return 1UL << ((size * 8) - 1);
            case 4:
                return (ulong)file.Length;
            case 5:
                return (ulong)(file.Length - random.Next(1, 64));
            case 6:
                return (ulong)random.Next(file.Length);
            case 7:
                return old + (ulong)random.Next(1, 9);
            case 8:
                return old - (ulong)random.Next(1, 9);
            case 9:
                return 1UL << random.Next(size * 8);
            case 10:
                return ulong.MaxValue - (ulong)random.Next(4096);
            case 11 when _fields.Count > 0:
                (int other, int otherSize) = _fields[random.Next(_fields.Count)];
                return other + otherSize <= file.Length ? Get(file, other, otherSize) : old;
            case 12:
                return (ulong)random.Next(256);
            default:
                return (ulong)random.NextInt64();
        }
    }

    private void AddHeader(ElfFile file)
    {
        ReadOnlySpan<int> sizes = _wide ? [2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2] : [2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2];
        AddFields(16, sizes);
        AddFields(4, [1, 1, 1, 1]);
        ReadOnlySpan<int> segment = _wide ? [4, 4, 8, 8, 8, 8, 8, 8] : [4, 4, 4, 4, 4, 4, 4, 4];
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            AddFields((int)file.Header.ProgramHeaderOffset + (i * (_wide ? 56 : 32)), segment);
        }

        ReadOnlySpan<int> section = _wide ? [4, 4, 8, 8, 8, 8, 4, 4, 8, 8] : [4, 4, 4, 4, 4, 4, 4, 4, 4, 4];
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            AddFields((int)file.Header.SectionHeaderOffset + (i * (_wide ? 64 : 40)), section);
        }
    }

    private void AddFields(int offset, ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
        {
            _fields.Add((offset, size));
            offset += size;
        }
    }

    private ulong Get(byte[] file, int offset, int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)file[offset + (_big ? size - 1 - i : i)] << (8 * i);
        }

        return value;
    }

    private void Put(byte[] file, int offset, int size, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes = bytes[..size];
        if (_big)
        {
            bytes.Reverse();
        }

        bytes.CopyTo(file.AsSpan(offset));
    }
}
