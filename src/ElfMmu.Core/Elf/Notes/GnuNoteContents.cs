using System.Globalization;

namespace ElfMmu.Elf.Notes;

/// <summary>Reads the descriptions of the notes whose owner is GNU.</summary>
internal static class GnuNoteContents
{
    private static readonly string[] Systems = ["Linux", "Hurd", "Solaris", "FreeBSD", "NetBSD", "Syllable", "NaCl"];

    /// <summary>The content; null where the type says nothing more.</summary>
    /// <exception cref="FormatException">It contradicts itself; the message says how.</exception>
    public static NoteContent? Read(uint type, in NoteBytes bytes, ElfHeader header) => type switch
    {
        1 => AbiTag(bytes),
        3 => BuildId(bytes),
        4 => new NoteContent(bytes.Text(0), bytes.Text(0)),
        5 => Properties(bytes, header.Machine),
        _ => null,
    };

    private static NoteContent? AbiTag(in NoteBytes b)
    {
        if (b.Length < 16)
        {
            throw new FormatException("it has less than the four numbers of a system and its version");
        }

        uint system = b.U32(0);
        string? name = system < (uint)Systems.Length ? Systems[system] : null;
        string version = string.Create(CultureInfo.InvariantCulture, $"{b.U32(4)}.{b.U32(8)}.{b.U32(12)}");
        return new NoteContent(new GnuAbiTag(name, system, version), $"{name ?? "system " + system.ToString(CultureInfo.InvariantCulture)} {version}");
    }

    private static NoteContent? BuildId(in NoteBytes b)
    {
        string text = Convert.ToHexStringLower(b.All);
        return new NoteContent(text, text);
    }

    private static NoteContent? Properties(in NoteBytes b, ElfMachine machine)
    {
        List<GnuProperty> properties = [];
        for (int at = 0; at < b.Length;)
        {
            if (b.Length - at < 8 || b.U32(at + 4) > (uint)(b.Length - at - 8))
            {
                throw new FormatException($"the property at its byte 0x{at:x} isn't wholly in its 0x{b.Length:x} bytes");
            }

            int size = b.I32(at + 4);
            properties.Add(Property(b.U32(at), new NoteBytes(b.All.Slice(at + 8, size), b.Is64 ? ElfClass.Elf64 : ElfClass.Elf32, b.Data), machine));
            at = at + 8 + size > b.Length - b.WordSize ? b.Length : at + 8 + ((size + b.WordSize - 1) & -b.WordSize);
        }

        return new NoteContent(new GnuProperties(properties.AsReadOnly()), string.Join("; ", properties.Select(p => p.Text)));
    }

    private static GnuProperty Property(uint type, in NoteBytes b, ElfMachine machine)
    {
        string name = GnuPropertyNames.Of(type, machine);
        if (b.Length == 4 && GnuPropertyNames.Bits(type, b.U32(0), machine) is var (label, words))
        {
            return new GnuProperty(type, name, b.U32(0), Array.AsReadOnly(words), $"{label}: {(words.Length == 0 ? "<None>" : string.Join(", ", words))}");
        }

        ulong? value = b.Length == 8 ? b.U64(0) : b.Length == 4 ? b.U32(0) : null;
        string text = type switch
        {
            1 when value is { } size => string.Create(CultureInfo.InvariantCulture, $"stack size: 0x{size:x}"),
            2 => "no copy on protected",
            3 => "memory seal",
            _ when value is { } number => string.Create(CultureInfo.InvariantCulture, $"{name}: 0x{number:x}"),
            _ => $"{name}: {Convert.ToHexStringLower(b.All[..Math.Min(b.Length, 32)])}",
        };
        return new GnuProperty(type, name, value, [], text);
    }
}
