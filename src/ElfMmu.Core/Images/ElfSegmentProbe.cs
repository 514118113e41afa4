using System.Buffers.Binary;
using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>Looks whether a place holds what a segment of some type has to hold. Each look reads at most a kilobyte.</summary>
internal static class ElfSegmentProbe
{
    private const int MostBytes = 1024;

    /// <summary>Looks at a place.</summary>
    /// <param name="view">The space.</param>
    /// <param name="headers">The image.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="address">Where it would be.</param>
    public static ImageProbe Look(SpaceView view, ElfImageHeaders headers, in ElfProgramHeader segment, ulong address)
    {
        if (segment.FileSize == 0
            || segment.Type is not (ElfSegmentType.Dynamic or ElfSegmentType.Note or ElfSegmentType.Interpreter or ElfSegmentType.GnuEhFrame))
        {
            return ImageProbe.Silent;
        }

        Span<byte> bytes = stackalloc byte[MostBytes];
        bytes = bytes[..(int)Math.Min(segment.FileSize, MostBytes)];
        int there = view.Read(address, bytes);
        if (there < Math.Min(bytes.Length, 16))
        {
            return ImageProbe.Silent;
        }

        bytes = bytes[..there];
        bool? fits = segment.Type switch
        {
            ElfSegmentType.Dynamic => IsDynamic(bytes, headers.Class, headers.Data),
            ElfSegmentType.Note => IsNote(bytes, segment, headers.Data),
            ElfSegmentType.Interpreter => IsPath(bytes, segment.FileSize),
            _ => IsFrameHeader(bytes),
        };
        return fits switch
        {
            true => ImageProbe.Fits,
            false => ImageProbe.Differs,
            null => ImageProbe.Silent,
        };
    }

    /// <summary>Entries with tags that there are, up to DT_NULL (gABI, "Dynamic Section"); at least two before it.</summary>
    private static bool IsDynamic(ReadOnlySpan<byte> bytes, ElfClass elfClass, ElfData data)
    {
        int word = elfClass == ElfClass.Elf64 ? 8 : 4;
        int count = 0;
        for (; bytes.Length >= 2 * word; bytes = bytes[(2 * word)..], count++)
        {
            ulong tag = 0;
            new ElfFieldReader(bytes, elfClass, data).Native(ref tag, "d_tag");
            if (tag == 0)
            {
                break;
            }

            // DT_RELRENT is the highest of the generic tags; then come the ranges of operating systems and processors.
            if (tag is not (<= 37 or (>= 0x60000000 and <= 0x7fffffff)))
            {
                return false;
            }
        }

        return count >= 2;
    }

    /// <summary>A first note whose name is text and which doesn't leave the segment (gABI, "Note Section").</summary>
    private static bool IsNote(ReadOnlySpan<byte> bytes, in ElfProgramHeader segment, ElfData data)
    {
        uint nameSize = 0, descriptionSize = 0;
        var fields = new ElfFieldReader(bytes, ElfClass.Elf32, data);
        fields.Word(ref nameSize);
        fields.Word(ref descriptionSize);
        if (nameSize is 0 or > 64 || descriptionSize > segment.FileSize || 12UL + nameSize + descriptionSize > segment.FileSize)
        {
            return false;
        }

        ReadOnlySpan<byte> name = bytes[12..Math.Min(bytes.Length, 12 + (int)nameSize)];
        return name.Length < nameSize || (name[^1] == 0 && !name[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~'));
    }

    /// <summary>An absolute path that ends with a NUL, as far as it is there.</summary>
    private static bool IsPath(ReadOnlySpan<byte> bytes, ulong size)
    {
        int end = bytes.IndexOf((byte)0);
        return bytes[0] == '/'
            && (end < 0 ? (ulong)bytes.Length < size : !bytes[..end].ContainsAnyExceptInRange((byte)' ', (byte)'~'));
    }

    /// <summary>
    /// Version 1 and three encodings of pointers there are (LSB core, ".eh_frame_hdr section", "DWARF Exception Header Encoding").
    /// </summary>
    private static bool IsFrameHeader(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 1 && IsEncoding(bytes[1]) && IsEncoding(bytes[2]) && IsEncoding(bytes[3]) && bytes[1] != 0;

    private static bool IsEncoding(byte encoding) =>
        encoding == 0xff || ((encoding & 0x0f) is <= 4 or (>= 9 and <= 12) && (encoding & 0x70) <= 0x50);
}
