namespace ElfMmu.Elf;

/// <summary>Reads the tables of program headers and of section headers, as far as they are in the file. O(entries).</summary>
internal static class ElfTables
{
    private const int ChunkSize = 64 * 1024;

    private delegate T Decoder<T>(ReadOnlySpan<byte> bytes, ElfClass elfClass, ElfData data);

    public static ElfProgramHeader[] ReadSegments(ElfFile file) => Read(
        file, "program", file.Header.ProgramHeaderOffset, file.Header.ProgramHeaderCount,
        ElfEncoder.ProgramHeaderSize(file.Header.Class),
        static (bytes, elfClass, data) =>
        {
            var record = default(ElfProgramHeaderRecord);
            var fields = new ElfFieldReader(bytes, elfClass, data);
            ElfRecords.ProgramHeader(ref fields, ref record);
            return new ElfProgramHeader(record);
        });

    public static ElfSectionHeader[] ReadSections(ElfFile file) => Read(
        file, "section", file.Header.SectionHeaderOffset, file.Header.SectionHeaderOffset == 0 ? 0 : file.Header.SectionHeaderCount,
        ElfEncoder.SectionHeaderSize(file.Header.Class),
        static (bytes, elfClass, data) =>
        {
            var record = default(ElfSectionHeaderRecord);
            var fields = new ElfFieldReader(bytes, elfClass, data);
            ElfRecords.SectionHeader(ref fields, ref record);
            return new ElfSectionHeader(record);
        });

    private static T[] Read<T>(ElfFile file, string kind, ulong start, ulong count, int size, Decoder<T> decode)
    {
        IElfInput input = file.Input;
        ulong there = start > input.Length ? 0 : Math.Min(count, (input.Length - start) / (ulong)size);
        there = Math.Min(there, ElfReader.MaxProgramHeaders);
        if (there < count)
        {
            file.Diagnostics.Add("HeaderTableCut",
                $"The table of {count} {kind} headers at 0x{start:x} isn't wholly in the file, which ends at 0x{input.Length:x}; {there} were read.",
                start);
        }

        var headers = new T[there];
        int perChunk = ChunkSize / size;
        byte[] buffer = new byte[Math.Min(perChunk, headers.Length) * size];
        for (int i = 0; i < headers.Length; i += perChunk)
        {
            Span<byte> bytes = buffer.AsSpan(0, Math.Min(perChunk, headers.Length - i) * size);
            input.Read(start + ((ulong)i * (ulong)size), bytes);
            for (int at = 0; at < bytes.Length; at += size)
            {
                headers[i + (at / size)] = decode(bytes[at..], file.Header.Class, file.Header.Data);
            }
        }

        return headers;
    }
}
