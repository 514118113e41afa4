using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>What an ELF image says of itself behind its headers: its build-id and its name.</summary>
internal static class ElfImageFacts
{
    private const uint GnuBuildId = 3;
    private const int MostBuildId = 64;
    private const int MostNoteBytes = 64 << 10;
    private const int MostNoteSegments = 16;
    private const int MostDynamicEntries = 1024;
    private const ulong TagNull = 0;
    private const ulong TagStrings = 5;
    private const ulong TagName = 14;

    /// <summary>The GNU build-id (NT_GNU_BUILD_ID) in hexadecimal, of the first note that has one; null if there is none.</summary>
    /// <param name="view">The space.</param>
    /// <param name="data">The byte order of the notes.</param>
    /// <param name="notes">The note segments.</param>
    /// <param name="locate">Where one is in the space; null where it isn't.</param>
    public static string? BuildId(
        SpaceView view, ElfData data, IEnumerable<ElfProgramHeader> notes, Func<ElfProgramHeader, ulong?> locate)
    {
        int left = MostNoteBytes;
        foreach (ElfProgramHeader segment in notes.Where(n => n.Type == ElfSegmentType.Note && n.FileSize > 0).Take(MostNoteSegments))
        {
            if (left == 0)
            {
                break;
            }

            if (locate(segment) is not { } address)
            {
                continue;
            }

            byte[] bytes = new byte[(int)Math.Min(segment.FileSize, (ulong)left)];
            int there = view.Read(address, bytes);
            left -= there;
            if (BuildId(view, bytes.AsMemory(0, there), data, segment.Alignment) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>DT_SONAME; null if there is none, or it isn't text.</summary>
    /// <param name="view">The space.</param>
    /// <param name="headers">The image.</param>
    /// <param name="dynamic">Where its dynamic section is.</param>
    /// <param name="size">The section's size in bytes.</param>
    /// <param name="locate">Where in the space that which DT_STRTAB says may be, the likeliest place first.</param>
    public static string? Name(SpaceView view, ElfImageHeaders headers, ulong dynamic, ulong size, Func<ulong, IEnumerable<ulong>> locate)
    {
        int word = headers.Class == ElfClass.Elf64 ? 8 : 4;
        Span<byte> entry = stackalloc byte[16];
        entry = entry[..(2 * word)];
        ulong? strings = null;
        ulong? name = null;
        for (int i = 0; i < MostDynamicEntries && (ulong)(i + 1) * (ulong)entry.Length <= size; i++)
        {
            if (!view.TryRead(dynamic + ((ulong)i * (ulong)entry.Length), entry))
            {
                break;
            }

            ulong tag = 0, value = 0;
            var fields = new ElfFieldReader(entry, headers.Class, headers.Data);
            fields.Native(ref tag, "d_tag");
            fields.Native(ref value, "d_val");
            if (tag == TagNull)
            {
                break;
            }

            strings = tag == TagStrings ? value : strings;
            name = tag == TagName ? value : name;
        }

        if (strings is not { } table || name is not { } offset || offset > uint.MaxValue)
        {
            return null;
        }

        Span<byte> before = stackalloc byte[1];
        foreach (ulong address in locate(table))
        {
            // DT_STRTAB starts with the empty string, so that a NUL stands before every name.
            if (offset <= ulong.MaxValue - address && offset > 0
                && view.TryRead(address, before) && before[0] == 0
                && ImageText.Read(view, address + offset) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private static string? BuildId(SpaceView view, ReadOnlyMemory<byte> bytes, ElfData data, ulong alignment)
    {
        const int NoteWork = 10;
        const int ErrorWork = 1000;
        var segment = new ElfProgramHeader { FileSize = (ulong)bytes.Length, Alignment = alignment };
        try
        {
            foreach (ElfNote note in ElfNotes.Enumerate(new ElfMemoryInput(bytes), data, segment))
            {
                view.Spend(NoteWork);
                if (note is { Name: "GNU", Type: GnuBuildId, Description.Length: > 0 and <= MostBuildId })
                {
                    return Convert.ToHexStringLower(note.Description.Span);
                }
            }
        }
        catch (ElfMmuException)
        {
            // The notes are damaged, cut off, or none: there is no build-id before that place.
            view.Spend(ErrorWork);
        }

        return null;
    }
}
