using System.Buffers.Binary;
using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Small files in memory, put together without the encoder, so that a mistake can't hide in both.</summary>
internal sealed class ElfSamples(ElfClass elfClass, ElfData data)
{
    private readonly List<byte> _bytes = [];

    public static IReadOnlyList<(ElfClass Class, ElfData Data)> AllFormats { get; } =
    [
        (ElfClass.Elf32, ElfData.LittleEndian),
        (ElfClass.Elf32, ElfData.BigEndian),
        (ElfClass.Elf64, ElfData.LittleEndian),
        (ElfClass.Elf64, ElfData.BigEndian),
    ];

    public static TheoryData<ElfClass, ElfData> Formats
    {
        get
        {
            var rows = new TheoryData<ElfClass, ElfData>();
            foreach (var (elfClass, data) in AllFormats)
            {
                rows.Add(elfClass, data);
            }

            return rows;
        }
    }

    public bool Is64 => elfClass == ElfClass.Elf64;

    public byte[] Bytes => [.. _bytes];

    /// <summary>An ELF header; counts and offsets as they are to stand in it.</summary>
    public ElfSamples Header(
        ushort type = 4,
        ushort machine = 243,
        ulong entry = 0,
        ulong programHeaders = 0,
        ushort programHeaderCount = 0,
        ulong sectionHeaders = 0,
        ushort sectionHeaderCount = 0,
        ushort names = 0,
        uint flags = 0)
    {
        _bytes.AddRange([0x7f, 0x45, 0x4c, 0x46, (byte)elfClass, (byte)data, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        return Half(type).Half(machine).Word(1).Native(entry).Native(programHeaders).Native(sectionHeaders).Word(flags)
            .Half(Is64 ? (ushort)64 : (ushort)52).Half(Is64 ? (ushort)56 : (ushort)32).Half(programHeaderCount)
            .Half(Is64 ? (ushort)64 : (ushort)40).Half(sectionHeaderCount).Half(names);
    }

    public ElfSamples Program(
        uint type, uint flags, ulong offset, ulong virt, ulong phys, ulong file, ulong memory, ulong align) =>
        Is64
            ? Word(type).Word(flags).Native(offset).Native(virt).Native(phys).Native(file).Native(memory).Native(align)
            : Word(type).Native(offset).Native(virt).Native(phys).Native(file).Native(memory).Word(flags).Native(align);

    public ElfSamples Section(ulong size = 0, uint link = 0, uint info = 0) =>
        Word(0).Word(0).Native(0).Native(0).Native(0).Native(size).Word(link).Word(info).Native(0).Native(0);

    public ElfSamples Note(string name, uint type, ReadOnlySpan<byte> description, int alignment = 4)
    {
        Word((uint)name.Length + 1).Word((uint)description.Length).Word(type);
        foreach (var c in name)
        {
            _bytes.Add((byte)c);
        }

        _bytes.Add(0);
        return Align(alignment).Raw(description).Align(alignment);
    }

    public ElfSamples Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public ElfSamples Align(int alignment)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    public ElfSamples Half(ushort value) => Number(value, 2);

    public ElfSamples Word(uint value) => Number(value, 4);

    public ElfSamples Native(ulong value) => Number(value, Is64 ? 8 : 4);

    /// <summary>A file with two segments of memory, one of notes with three of them, and one section header.</summary>
    public static byte[] Typical(ElfClass elfClass, ElfData data)
    {
        var notes = new ElfSamples(elfClass, data)
            .Note("CORE", 1, new byte[elfClass == ElfClass.Elf64 ? 376 : 204])
            .Note("QEMU", 0, [1, 2, 3])
            .Note("FOSSIL", 0xdeadc0de, "{}"u8)
            .Bytes;
        var sample = new ElfSamples(elfClass, data);
        var is64 = sample.Is64;
        var programs = is64 ? 64ul : 52;
        var sections = programs + (3 * (is64 ? 56ul : 32));
        var notesAt = sections + (is64 ? 64ul : 40);
        sample.Header(programHeaders: programs, programHeaderCount: 3, sectionHeaders: sections, sectionHeaderCount: 1)
            .Program(4, 0, notesAt, 0, 0, (ulong)notes.Length, (ulong)notes.Length, 4)
            .Program(1, 6, notesAt + (ulong)notes.Length, 0x80000000, 0x80000000, 16, 16, 0x1000)
            .Program(1, 5, notesAt + (ulong)notes.Length, 0x90000000, 0x90000000, 16, 16, 0x1000)
            .Section()
            .Raw(notes)
            .Raw(new byte[16]);
        return sample.Bytes;
    }

    /// <summary>Overwrites a 16-bit field.</summary>
    public static byte[] Patch(byte[] file, ElfData data, int offset, ushort value)
    {
        if (data == ElfData.BigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(offset), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        }

        return file;
    }

    public static ElfReader Open(byte[] file) => ElfReader.Open(new ElfMemoryInput(file));

    private ElfSamples Number(ulong value, int size)
    {
        for (var i = 0; i < size; i++)
        {
            _bytes.Add((byte)(value >> (8 * (data == ElfData.BigEndian ? size - 1 - i : i))));
        }

        return this;
    }
}
