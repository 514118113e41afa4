using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;

namespace ElfMmu.Elf.Notes;

/// <summary>Says what the description of a note means, by its owner and type.</summary>
internal static class NoteContents
{
    private const int MostShown = 32;

    /// <summary>The content; where nobody knows more, no object, and the first bytes as text. O(its size).</summary>
    /// <param name="note">The note.</param>
    /// <param name="header">The file's header.</param>
    /// <exception cref="FormatException">It contradicts itself; the message says how.</exception>
    public static NoteContent Read(ElfNote note, ElfHeader header)
    {
        var bytes = new NoteBytes(note.Description.Span, header.Class, header.Data);
        return Known(note.Name, note.Type, bytes, header) ?? new NoteContent(null, Plain(note.Description.Span));
    }

    /// <summary>Bytes as text: in hexadecimal, and how many more there are.</summary>
    public static string Plain(ReadOnlySpan<byte> bytes) => bytes.Length <= MostShown
        ? Convert.ToHexStringLower(bytes)
        : string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes: {Convert.ToHexStringLower(bytes[..(MostShown / 2)])}…");

    private static NoteContent? Known(string owner, uint type, in NoteBytes bytes, ElfHeader header) => (owner, type) switch
    {
        ("CORE" or "LINUX", _) => CoreNoteContents.Read(type, bytes, header),
        ("GNU", _) => GnuNoteContents.Read(type, bytes, header),
        (QemuCpuNote.Name, QemuCpuNote.Type) => Qemu(bytes),
        ("VMCOREINFO", 0) => Lines(bytes),
        ("FOSSIL", 0xdeadc0de) or ("ElfMmu", 0x4d4d55) or ("FDO", _) => Json(bytes),
        ("stapsdt", 3) => Probe(bytes),
        ("Go", 4) or ("Linux", 0x100) => Text(bytes),
        ("Linux", 0) when bytes.Length == 4 => LinuxVersion(bytes.U32(0)),
        ("FreeBSD", 1) or ("DragonFly", 1) or ("Android", 1) when bytes.Length >= 4 => Number(bytes.U32(0)),
        ("NetBSD", 1) when bytes.Length >= 4 => NetBsd(bytes.U32(0)),
        ("NetBSD", 5) => Text(bytes),
        ("Xen", 5 or 6 or 7 or 8 or 9 or 10) => Text(bytes),
        ("Xen", 1 or 2 or 3 or 4 or 12 or 15 or 18) when bytes.Length is 4 or 8 => Address(bytes.Length == 4 ? bytes.U32(0) : bytes.U64(0)),
        _ => null,
    };

    private static NoteContent? Qemu(in NoteBytes b)
    {
        byte[] description = b.All.ToArray();
        bool isKnown = false;
        ReadOnlyDictionary<string, ulong> registers = CoreNoteContents.InOrder(r => isKnown = QemuCpuNote.TryDecode(description, r));
        if (!isKnown)
        {
            return null;
        }

        // The note is little-endian in every file, since only x86 has it.
        uint version = BitConverter.IsLittleEndian ? BitConverter.ToUInt32(description) : new NoteBytes(description, ElfClass.Elf64, ElfData.LittleEndian).U32(0);
        return new NoteContent(
            new QemuCpuState(version, registers),
            string.Create(CultureInfo.InvariantCulture, $"rip 0x{registers["rip"]:x}, cr0 0x{registers["cr0"]:x}, cr3 0x{registers["cr3"]:x}, cr4 0x{registers["cr4"]:x}"));
    }

    private static NoteContent? Lines(in NoteBytes b)
    {
        var values = new OrderedDictionary<string, string>();
        foreach (string line in b.Text(0).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..].TrimEnd('\r');
            }
        }

        string release = values.TryGetValue("OSRELEASE", out string? known) ? $"Linux {known}, " : "";
        return new NoteContent(
            new ReadOnlyDictionary<string, string>(values), release + string.Create(CultureInfo.InvariantCulture, $"{values.Count} values"));
    }

    private static NoteContent? Json(in NoteBytes b)
    {
        string text = b.Text(0).Trim();
        return new NoteContent(NoteJson.Parse(text), OneLine(text));
    }

    private static NoteContent? Probe(in NoteBytes b)
    {
        int word = b.WordSize;
        if (b.Length < (3 * word) + 3)
        {
            throw new FormatException("it is too small for three addresses and three texts");
        }

        string[] texts = Encoding.UTF8.GetString(b.All[(3 * word)..]).Split('\0');
        if (texts.Length < 4)
        {
            throw new FormatException("its three texts aren't ended");
        }

        var probe = new SystemTapProbe(texts[0], texts[1], b.Word(0), b.Word(word), b.Word(2 * word), texts[2]);
        return new NoteContent(probe, string.Create(CultureInfo.InvariantCulture, $"{probe.Provider}:{probe.Name} at 0x{probe.Location:x}, {probe.Arguments}").TrimEnd(' ', ','));
    }

    private static NoteContent? LinuxVersion(uint number)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{number >> 16}.{number >> 8 & 0xff}.{number & 0xff}");
        return new NoteContent(text, "Linux " + text);
    }

    private static NoteContent? NetBsd(uint number)
    {
        // __NetBSD_Version__: MMmmrrpp00, from 9.99 on with the patch where the release was.
        uint patch = number / 100 % 10000;
        string text = string.Create(CultureInfo.InvariantCulture, $"{number / 100000000}.{number / 1000000 % 100}.{(patch > 100 ? patch / 100 : patch)}");
        return new NoteContent(text, "NetBSD " + text);
    }

    private static NoteContent? Number(uint number) => new NoteContent(number, number.ToString(CultureInfo.InvariantCulture));

    private static NoteContent? Address(ulong address) => new NoteContent(address, "0x" + address.ToString("x", CultureInfo.InvariantCulture));

    private static NoteContent? Text(in NoteBytes b)
    {
        string text = b.Text(0);
        return new NoteContent(text, OneLine(text));
    }

    private static string OneLine(string text)
    {
        const int Most = 200;
        string line = text.ReplaceLineEndings(" ");
        return line.Length > Most ? line[..(Most - 1)] + "…" : line;
    }
}
