namespace ElfMmu.Elf;

/// <summary>
/// Reads the headers and notes of an ELF file, in either class and byte order. What is damaged but can still be read becomes a
/// warning of the header; nothing is allocated for a size that wasn't checked against the input first.
/// </summary>
public sealed class ElfReader
{
    /// <summary>The most program headers that are read at once; more than any dump needs, and under 1 GB of them.</summary>
    public const ulong MaxProgramHeaders = 1 << 24;

    /// <summary>The largest note segment that is read, in bytes.</summary>
    public const ulong MaxNoteSegmentSize = ElfNotes.MaxSegmentSize;

    private const int ChunkSize = 64 * 1024;

    private ElfReader(IElfInput input, ElfHeader header)
    {
        Input = input;
        Header = header;
    }

    /// <summary>What is read from.</summary>
    public IElfInput Input { get; }

    /// <summary>The ELF header.</summary>
    public ElfHeader Header { get; }

    /// <summary>Whether an input starts with the four bytes of an ELF file.</summary>
    /// <param name="start">The input's first bytes; fewer than four is no.</param>
    public static bool IsElf(ReadOnlySpan<byte> start) => start.StartsWith("\x7f"u8) && start[1..].StartsWith("ELF"u8);

    /// <summary>Reads and checks the ELF header.</summary>
    /// <param name="input">The file; it stays open, and the caller's.</param>
    /// <exception cref="ElfMmuException"><c>NotElf</c>: it isn't an ELF file. <c>ElfTruncated</c>: it ends within the header.
    /// <c>ElfInvalid</c>: its class or byte order isn't one there is. <c>ReadError</c>: reading failed.</exception>
    public static ElfReader Open(IElfInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ElfReader(input, ElfHeaderReader.Read(input, isStrict: true));
    }

    /// <summary>Reads the whole program header table.</summary>
    /// <exception cref="ElfMmuException"><c>ElfTruncated</c>: the table isn't wholly in the file.
    /// <c>ElfTooManyProgramHeaders</c>: there are more than <see cref="MaxProgramHeaders"/>. <c>ReadError</c>: reading failed.
    /// </exception>
    public ElfProgramHeader[] ReadProgramHeaders()
    {
        var count = Header.ProgramHeaderCount;
        if (count == 0)
        {
            return [];
        }

        // No writer makes larger entries, and no reader of note follows e_phentsize; another value is damage.
        var size = ElfEncoder.ProgramHeaderSize(Header.Class);
        CheckTable("program", Header.ProgramHeaderOffset, count, (ulong)size);
        if (count > MaxProgramHeaders)
        {
            throw Error("ElfTooManyProgramHeaders", ErrorKind.LimitsExceeded, Header.ProgramHeaderOffset,
                $"{count} program headers are more than the {MaxProgramHeaders} that are handled; merge neighbouring segments.");
        }

        var headers = new ElfProgramHeader[count];
        var perChunk = ChunkSize / size;
        var buffer = new byte[Math.Min(perChunk, headers.Length) * size];
        for (var i = 0; i < headers.Length; i += perChunk)
        {
            var bytes = buffer.AsSpan(0, Math.Min(perChunk, headers.Length - i) * size);
            Input.Read(Header.ProgramHeaderOffset + ((ulong)i * (ulong)size), bytes);
            for (var at = 0; at < bytes.Length; at += size)
            {
                var record = default(ElfProgramHeaderRecord);
                var fields = new ElfFieldReader(bytes[at..], Header.Class, Header.Data);
                ElfRecords.ProgramHeader(ref fields, ref record);
                headers[i + (at / size)] = new ElfProgramHeader(record);
            }
        }

        return headers;
    }

    /// <summary>Reads one section header.</summary>
    /// <param name="index">Which, from 0 to <see cref="ElfHeader.SectionHeaderCount"/> - 1.</param>
    /// <exception cref="ElfMmuException"><c>ElfSectionNotFound</c>: there are fewer. <c>ElfTruncated</c>: it isn't wholly in the
    /// file. <c>ReadError</c>: reading failed.</exception>
    public ElfSectionHeader ReadSectionHeader(ulong index)
    {
        if (index >= Header.SectionHeaderCount)
        {
            throw Error("ElfSectionNotFound", ErrorKind.InvalidArgument, Header.SectionHeaderOffset,
                $"there is no section {index}, the file has {Header.SectionHeaderCount}; ask for a smaller one.");
        }

        var size = (ulong)ElfEncoder.SectionHeaderSize(Header.Class);
        var start = Header.SectionHeaderOffset;
        if (start > Input.Length || index >= (Input.Length - start) / size)
        {
            throw Error("ElfTruncated", ErrorKind.InvalidData, start,
                $"section header {index} of the table at 0x{start:x} isn't in the file, which ends at 0x{Input.Length:x}; " +
                "get a complete copy.");
        }

        return ElfHeaderReader.ReadSection(Input, Header, start + (index * size));
    }

    /// <summary>
    /// Reads the notes of a segment one by one. The description of the last one may lack its padding, or count it without its
    /// being there; an all-zero note header ends the list, as padding up to a page does.
    /// </summary>
    /// <param name="segment">The segment; 8-byte alignment is used if its p_align is 8, otherwise 4-byte alignment.</param>
    /// <exception cref="ElfMmuException"><c>ElfTruncated</c>: the segment isn't wholly in the file. <c>ElfNotesTooLarge</c>: it
    /// is larger than <see cref="MaxNoteSegmentSize"/>. While enumerating, <c>ElfInvalid</c>: a note is larger than what is left
    /// of the segment; <c>ReadError</c>: reading failed.</exception>
    public IEnumerable<ElfNote> EnumerateNotes(in ElfProgramHeader segment) =>
        ElfNotes.Enumerate(Input, Header.Data, segment);

    private void CheckTable(string kind, ulong offset, ulong count, ulong size)
    {
        if (offset > Input.Length || count > (Input.Length - offset) / size)
        {
            throw Error("ElfTruncated", ErrorKind.InvalidData, offset,
                $"the table of {count} {kind} headers at 0x{offset:x} ({size} bytes each) isn't wholly in the file, which " +
                $"ends at 0x{Input.Length:x}; get a complete copy.");
        }
    }

    private ElfMmuException Error(string id, ErrorKind kind, ulong offset, string text) =>
        new(id, kind, Input.Name + ": " + text) { Path = Input.Name, Offset = offset };
}
