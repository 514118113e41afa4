using System.Text;

namespace ElfMmu.Elf.Sections;

/// <summary>
/// Finds texts in sections. In a table of strings a text goes up to its NUL, as <c>readelf -p</c> has it, without control characters in front; in other
/// sections it is a run of printable characters, as <c>strings</c> has it. Text is UTF-8; in a table whose entries have 2 or 4 bytes, UTF-16 or UTF-32
/// in the file's byte order.
/// </summary>
public static class ElfStringSearch
{
    /// <summary>The most bytes of one text that become <see cref="ElfString.Text"/>; the rest is passed over.</summary>
    public const int MostTextBytes = 1 << 20;

    private const int RunLength = 4;

    /// <summary>Lists texts, section by section, in the order of their offsets. O(size of the sections), compressed ones decompressed.</summary>
    /// <param name="file">The file; it must be open while this is enumerated.</param>
    /// <param name="options">Where to look; null for every table of strings.</param>
    /// <param name="cancellation">Ends it between two sections.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfString> Find(ElfFile file, ElfStringOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new ElfStringOptions();
        var sections = new ElfSectionOptions { Wanted = options.Wanted ?? IsTable, Content = true, Decompress = true };
        return ElfSections.Read(file, sections, cancellation).SelectMany(s => Find(file, s, options.MinimumLength));
    }

    /// <summary>Whether a section holds strings and nothing else.</summary>
    public static bool IsTable(ElfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return section.Type == ElfSectionTypes.StrTab || (section.Flags & ElfSectionFlags.Strings) != 0;
    }

    private static IEnumerable<ElfString> Find(ElfFile file, ElfSection section, int? minimumLength)
    {
        byte[] content = section.Content ?? [];
        bool isTable = IsTable(section);
        int unit = isTable && section.EntrySize is 2 or 4 && section.Type != ElfSectionTypes.StrTab ? (int)section.EntrySize : 1;
        int minimum = minimumLength ?? (isTable ? 1 : RunLength);
        Encoding encoding = EncodingOf(unit, file.Header.Data);
        int at = 0;
        while (at < content.Length)
        {
            int start = at;
            while (start < content.Length && !StartsText(content, start, unit, file.Header.Data))
            {
                start += unit;
            }

            if (start >= content.Length)
            {
                yield break;
            }

            int end = isTable ? TableEnd(content, start, unit) : RunEnd(content, start);
            ElfString? found = end - start < minimum ? null : Text(file, section, content, start, end, encoding, minimum);
            if (found != null)
            {
                yield return found;
            }

            at = end + unit;
        }
    }

    private static ElfString? Text(ElfFile file, ElfSection section, byte[] content, int start, int end, Encoding encoding, int minimum)
    {
        string text = encoding.GetString(content, start, Math.Min(end - start, MostTextBytes));
        return text.Length < minimum ? null : new ElfString(file, section, (ulong)start, end - start, text);
    }

    /// <summary>Whether a character that isn't a control character is there.</summary>
    private static bool StartsText(byte[] content, int at, int unit, ElfData data)
    {
        if (unit == 1)
        {
            return content[at] is >= 0x20 and < 0x7f || (content[at] >= 0xc2 && Sequence(content, at) > 0);
        }

        if (at + unit > content.Length)
        {
            return false;
        }

        uint value = 0;
        for (int i = 0; i < unit; i++)
        {
            value = (value << 8) | content[data == ElfData.BigEndian ? at + i : at + unit - 1 - i];
        }

        return value is >= 0x20 and not 0x7f and < 0x110000;
    }

    private static int TableEnd(byte[] content, int start, int unit)
    {
        if (unit == 1)
        {
            int length = content.AsSpan(start).IndexOf((byte)0);
            return length < 0 ? content.Length : start + length;
        }

        int at = start;
        while (at + unit <= content.Length && content.AsSpan(at, unit).ContainsAnyExcept((byte)0))
        {
            at += unit;
        }

        return at;
    }

    /// <summary>The end of a run of characters that are printable or a tab.</summary>
    private static int RunEnd(byte[] content, int start)
    {
        int at = start;
        while (at < content.Length)
        {
            int length = content[at] is (>= 0x20 and < 0x7f) or (byte)'\t' ? 1 : content[at] >= 0xc2 ? Sequence(content, at) : 0;
            if (length == 0)
            {
                break;
            }

            at += length;
        }

        return at;
    }

    /// <summary>The bytes of a well-formed UTF-8 character of more than one byte; 0 where there is none.</summary>
    private static int Sequence(byte[] content, int at) =>
        Rune.DecodeFromUtf8(content.AsSpan(at, Math.Min(4, content.Length - at)), out Rune rune, out int length) == System.Buffers.OperationStatus.Done
        && !Rune.IsControl(rune) ? length : 0;

    private static Encoding EncodingOf(int unit, ElfData data)
    {
        bool big = data == ElfData.BigEndian;
        return unit switch
        {
            2 => big ? Encoding.BigEndianUnicode : Encoding.Unicode,
            4 => new UTF32Encoding(big, byteOrderMark: false),
            _ => Encoding.UTF8,
        };
    }
}
