using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Support;

/// <summary>Builds files of sections in memory, sound ones and others; section 0 and the table of names are added.</summary>
internal sealed class ObjectBuilder(ElfClass elfClass, ElfData data, ElfMachine machine)
{
    private readonly List<(string Name, ElfSectionHeader Header, byte[] Content)> _sections = [];

    public ElfType Type { get; init; } = ElfType.Relocatable;

    public ElfOsAbi OsAbi { get; init; }

    /// <summary>Adds a section; its offset and its size are those of the content. The first one has index 1.</summary>
    public ObjectBuilder Add(string name, uint type, byte[] content, uint link = 0, uint info = 0, ulong address = 0)
    {
        _sections.Add((name, new ElfSectionHeader { Type = type, Link = link, Info = info, Address = address, Alignment = 1 }, content));
        return this;
    }

    /// <summary>Numbers one after the other, as wide as the class.</summary>
    public byte[] Words(params IEnumerable<ulong> words)
    {
        int size = elfClass == ElfClass.Elf64 ? 8 : 4;
        return [.. words.SelectMany(w =>
        {
            IEnumerable<byte> bytes = BitConverter.GetBytes(w).Take(size);
            return data == ElfData.BigEndian ? bytes.Reverse() : bytes;
        })];
    }

    /// <param name="spoil">Changes a section header, by its index, before it is written.</param>
    public byte[] Build(Func<int, ElfSectionHeader, ElfSectionHeader>? spoil = null)
    {
        var file = new MemoryStream();
        file.SetLength(ElfEncoder.HeaderSize(elfClass));
        file.Position = file.Length;
        var names = new MemoryStream();
        names.WriteByte(0);
        List<ElfSectionHeader> headers = [new()];
        foreach ((string name, ElfSectionHeader header, byte[] content) in
            _sections.Append((".shstrtab", new ElfSectionHeader { Type = 3, Alignment = 1 }, [])))
        {
            uint nameOffset = (uint)names.Length;
            names.Write(Encoding.UTF8.GetBytes(name + "\0"));
            byte[] bytes = name == ".shstrtab" ? names.ToArray() : content;
            file.Position = (file.Position + 7) & ~7;
            headers.Add(header with { NameOffset = nameOffset, Offset = (ulong)file.Position, Size = (ulong)bytes.Length });
            file.Write(bytes);
        }

        ulong table = ((ulong)file.Length + 7) & ~7ul;
        int size = ElfEncoder.SectionHeaderSize(elfClass);
        byte[] result = new byte[(int)table + (size * headers.Count)];
        file.ToArray().CopyTo(result, 0);
        ElfEncoder.WriteHeader(result, new ElfLayout
        {
            Class = elfClass,
            Data = data,
            OsAbi = OsAbi,
            Type = Type,
            Machine = machine,
            SectionHeaderOffset = table,
            SectionHeaderCount = (ulong)headers.Count,
            SectionNameIndex = (uint)headers.Count - 1,
        });
        for (int i = 0; i < headers.Count; i++)
        {
            ElfEncoder.WriteSectionHeader(
                result.AsSpan((int)table + (i * size)), elfClass, data, spoil == null ? headers[i] : spoil(i, headers[i]));
        }

        return result;
    }
}
