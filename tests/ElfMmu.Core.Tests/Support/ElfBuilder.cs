using ElfMmu.Elf;

namespace ElfMmu.Tests.Support;

/// <summary>Builds ELF cores in memory, sound ones and others.</summary>
internal sealed class ElfBuilder(ElfClass elfClass, ElfData data, ElfMachine machine)
{
    private readonly List<(ElfProgramHeader Header, byte[] Content)> _segments = [];

    public ElfType Type { get; init; } = ElfType.Core;

    /// <summary>Adds a segment; offset and, unless given, the sizes are those of the content.</summary>
    public ElfBuilder Add(ElfProgramHeader header, byte[] content)
    {
        _segments.Add((header, content));
        return this;
    }

    public ElfBuilder Load(ulong physical, byte[] content, ulong? memorySize = null, ulong? virtualAddress = null) => Add(
        new ElfProgramHeader
        {
            Type = ElfSegmentType.Load,
            PhysicalAddress = physical,
            VirtualAddress = virtualAddress ?? 0,
            MemorySize = memorySize ?? (ulong)content.Length,
        },
        content);

    public ElfBuilder Notes(byte[] notes) => Add(new ElfProgramHeader { Type = ElfSegmentType.Note }, notes);

    /// <param name="spoil">Changes a program header, by its index, before it is written.</param>
    public byte[] Build(Func<int, ElfProgramHeader, ElfProgramHeader>? spoil = null)
    {
        int headerSize = ElfEncoder.HeaderSize(elfClass);
        int entrySize = ElfEncoder.ProgramHeaderSize(elfClass);
        int offset = headerSize + (entrySize * _segments.Count);
        byte[] file = new byte[offset + _segments.Sum(s => s.Content.Length)];
        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = elfClass,
            Data = data,
            Machine = machine,
            Type = Type,
            ProgramHeaderOffset = (ulong)headerSize,
            ProgramHeaderCount = (ulong)_segments.Count,
        });
        for (int i = 0; i < _segments.Count; i++)
        {
            (ElfProgramHeader header, byte[] content) = _segments[i];
            header = header with { Offset = (ulong)offset, FileSize = (ulong)content.Length };
            ElfEncoder.WriteProgramHeader(
                file.AsSpan(headerSize + (i * entrySize)), elfClass, data, spoil == null ? header : spoil(i, header));
            content.CopyTo(file, offset);
            offset += content.Length;
        }

        return file;
    }
}
