using System.Text;

namespace ElfMmu.Elf;

/// <summary>Reads notes (gABI, "Note Section"): three words namesz, descsz and type, then both strings, each padded.</summary>
internal static class ElfNotes
{
    /// <summary>Bytes of the three words before the name; words in both classes, as every producer writes them.</summary>
    public const int HeaderSize = 12;

    /// <summary>The largest segment that is read; real ones, such as NT_FILE of huge processes, are a few megabytes.</summary>
    public const ulong MaxSegmentSize = 64 << 20;

    public static IEnumerable<ElfNote> Enumerate(IElfInput input, ElfData data, in ElfProgramHeader segment)
    {
        if (segment.Offset > input.Length || segment.FileSize > input.Length - segment.Offset)
        {
            throw Error("ElfTruncated", ErrorKind.InvalidData, input, segment.Offset,
                $"the note segment of 0x{segment.FileSize:x} bytes at 0x{segment.Offset:x} isn't wholly in the file, which " +
                $"ends at 0x{input.Length:x}; get a complete copy.");
        }

        if (segment.FileSize > MaxSegmentSize)
        {
            throw Error("ElfNotesTooLarge", ErrorKind.LimitsExceeded, input, segment.Offset,
                $"the note segment at 0x{segment.Offset:x} has 0x{segment.FileSize:x} bytes, more than the " +
                $"0x{MaxSegmentSize:x} that are handled; its size is probably damaged, read the notes of another copy.");
        }

        return Read(input, data, segment.Offset, segment.FileSize, segment.Alignment == 8 ? 8u : 4u);
    }

    private static IEnumerable<ElfNote> Read(IElfInput input, ElfData data, ulong start, ulong size, ulong alignment)
    {
        // All arithmetic is on numbers below 2^33: the segment is at most 64 MiB, namesz and descsz are words.
        var at = 0ul;
        while (size - at >= HeaderSize)
        {
            var (nameSize, descriptionSize, type) = ReadHeader(input, data, start + at);
            if ((nameSize | descriptionSize | type) == 0)
            {
                yield break;
            }

            var descriptionAt = Align(at + HeaderSize + nameSize, alignment);
            if (nameSize > size - at - HeaderSize || (descriptionAt > size && descriptionSize > 0))
            {
                throw Error("ElfInvalid", ErrorKind.InvalidData, input, start + at,
                    $"the note at 0x{start + at:x} has a name of 0x{nameSize:x} bytes, but its segment ends at " +
                    $"0x{start + size:x}; do without the notes from here on.");
            }

            descriptionAt = Math.Min(descriptionAt, size);
            var left = size - descriptionAt;

            // Some count the padding of the last description although the segment ends before it.
            if (descriptionSize > left && descriptionSize - left >= alignment)
            {
                throw Error("ElfInvalid", ErrorKind.InvalidData, input, start + at,
                    $"the note at 0x{start + at:x} has a description of 0x{descriptionSize:x} bytes, but its segment ends at " +
                    $"0x{start + size:x}; do without the notes from here on.");
            }

            var name = new byte[nameSize];
            input.Read(start + at + HeaderSize, name);
            var description = new byte[Math.Min(descriptionSize, left)];
            input.Read(start + descriptionAt, description);
            var text = Encoding.Latin1.GetString(name.AsSpan().TrimEnd((byte)0));
            yield return new ElfNote(text, type, description, start + descriptionAt);
            at = Math.Min(Align(descriptionAt + descriptionSize, alignment), size);
        }
    }

    private static (uint NameSize, uint DescriptionSize, uint Type) ReadHeader(IElfInput input, ElfData data, ulong offset)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        input.Read(offset, bytes);
        uint nameSize = 0, descriptionSize = 0, type = 0;
        var fields = new ElfFieldReader(bytes, ElfClass.Elf32, data);
        fields.Word(ref nameSize);
        fields.Word(ref descriptionSize);
        fields.Word(ref type);
        return (nameSize, descriptionSize, type);
    }

    private static ulong Align(ulong value, ulong alignment) => (value + alignment - 1) & ~(alignment - 1);

    private static ElfMmuException Error(string id, ErrorKind kind, IElfInput input, ulong offset, string text) =>
        new(id, kind, input.Name + ": " + text) { Path = input.Name, Offset = offset };
}
