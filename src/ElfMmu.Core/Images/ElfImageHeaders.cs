using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>The ELF header and the program headers of an image, as the space has them.</summary>
internal sealed class ElfImageHeaders
{
    private const ushort ExtendedCount = ElfHeader.ExtendedProgramHeaderCount;

    private ElfImageHeaders(ElfClass elfClass, ElfData data, in ElfHeaderRecord record)
    {
        Class = elfClass;
        Data = data;
        Record = record;
    }

    public ElfClass Class { get; }

    public ElfData Data { get; }

    public ElfHeaderRecord Record { get; }

    public ElfType Type => (ElfType)Record.Type;

    public ElfMachine Machine => (ElfMachine)Record.Machine;

    /// <summary>The program headers that are there, at most <see cref="ImageFinder.MostSegments"/>.</summary>
    public ElfProgramHeader[] Segments { get; private set; } = [];

    /// <summary>Whether <see cref="Segments"/> are all there are.</summary>
    public bool IsComplete => Segments.Length == Record.ProgramHeaderCount;

    /// <summary>What contradicts itself, one sentence each.</summary>
    public List<string> Doubts { get; } = [];

    /// <summary>The highest number that an address or an offset of its class can be.</summary>
    public ulong Highest => Class == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;

    /// <summary>Reads the headers.</summary>
    /// <param name="view">The space.</param>
    /// <param name="address">Where the ELF header is.</param>
    /// <param name="buffer">Room for <see cref="ImageFinder.MostSegments"/> program headers.</param>
    /// <returns>Null if it is none (gABI, "ELF Header"): version or sizes aren't those of the class.</returns>
    public static ElfImageHeaders? Read(SpaceView view, ulong address, byte[] buffer)
    {
        Span<byte> bytes = stackalloc byte[ElfEncoder.MaxHeaderSize];
        int length = view.Read(address, bytes);
        if (length < ElfRecords.IdentSize || !ElfReader.IsElf(bytes))
        {
            return null;
        }

        (ElfClass elfClass, ElfData data) = ((ElfClass)bytes[4], (ElfData)bytes[5]);
        if (elfClass is not (ElfClass.Elf32 or ElfClass.Elf64)
            || data is not (ElfData.LittleEndian or ElfData.BigEndian)
            || bytes[6] != 1
            || length < ElfEncoder.HeaderSize(elfClass))
        {
            return null;
        }

        var record = default(ElfHeaderRecord);
        var fields = new ElfFieldReader(bytes[ElfRecords.IdentSize..], elfClass, data);
        ElfRecords.Header(ref fields, ref record);
        if (record.Version != 1
            || record.HeaderSize != ElfEncoder.HeaderSize(elfClass)
            || (record.ProgramHeaderCount > 0 && record.ProgramHeaderEntrySize != ElfEncoder.ProgramHeaderSize(elfClass)))
        {
            return null;
        }

        var headers = new ElfImageHeaders(elfClass, data, record);
        headers.ReadSegments(view, address, buffer);
        return headers;
    }

    private void ReadSegments(SpaceView view, ulong address, byte[] buffer)
    {
        if (Record.ProgramHeaderCount == 0)
        {
            return;
        }

        int size = ElfEncoder.ProgramHeaderSize(Class);
        int count = Math.Min((int)Record.ProgramHeaderCount, ImageFinder.MostSegments);
        if (Record.ProgramHeaderOffset > ulong.MaxValue - address)
        {
            Doubts.Add($"e_phoff is 0x{Record.ProgramHeaderOffset:x}, which lies outside the address space");
            return;
        }

        if (Record.ProgramHeaderCount > ImageFinder.MostSegments)
        {
            string said = Record.ProgramHeaderCount == ExtendedCount ? "65535 or more" : $"{Record.ProgramHeaderCount}";
            Doubts.Add($"e_phnum says there are {said} program headers; the first {ImageFinder.MostSegments} are used");
        }

        int there = view.Read(address + Record.ProgramHeaderOffset, buffer.AsSpan(0, count * size)) / size;
        if (there < count)
        {
            Doubts.Add($"{count - there} of {count} program headers aren't there");
        }

        var segments = new ElfProgramHeader[there];
        for (int i = 0; i < there; i++)
        {
            var record = default(ElfProgramHeaderRecord);
            var fields = new ElfFieldReader(buffer.AsSpan(i * size, size), Class, Data);
            ElfRecords.ProgramHeader(ref fields, ref record);
            segments[i] = new ElfProgramHeader(record);
        }

        Segments = segments;
    }
}
