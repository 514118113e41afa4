using System.Buffers.Binary;

namespace ElfMmu.Elf.Sections;

/// <summary>The groups of sections that a linker takes or leaves together (gABI, "Section Groups"). O(sections + members).</summary>
internal sealed class ElfGroups
{
    private const int EntrySize = 4;

    private static readonly ElfGroups None = new(0);

    private readonly Dictionary<int, int> _groupOf = [];
    private readonly Dictionary<int, int[]> _members = [];
    private readonly Dictionary<int, string> _names = [];
    private readonly Dictionary<(ulong Offset, ulong Size), ElfStrings> _strings = [];
    private ulong _mayRead;

    // Tables of names of a sound file don't overlap, so that all of them together aren't larger than it.
    private ElfGroups(ulong mayRead) => _mayRead = mayRead;

    /// <summary>Reads the groups of a file; members that are in two, or are no sections, become diagnostics.</summary>
    public static ElfGroups Read(ElfFile file)
    {
        ElfGroups? groups = null;

        // A section is in one group at most; groups over the same bytes would have far more members than there are sections.
        long left = 2L * file.SectionHeaders.Length;
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            if (file.SectionHeaders[i].Type == ElfSectionTypes.Group)
            {
                (groups ??= new ElfGroups(file.Input.Length)).Add(file, i, ref left);
            }
        }

        return groups ?? None;
    }

    /// <summary>The group a section is a member of; null where it is in none.</summary>
    public int? Of(int section) => _groupOf.TryGetValue(section, out int group) ? group : null;

    /// <summary>The name of the group that a section is, or is a member of.</summary>
    public string? NameOf(int section) => _names.GetValueOrDefault(_groupOf.GetValueOrDefault(section, section));

    /// <summary>The members of a group.</summary>
    public IReadOnlyList<int> MembersOf(int group) => _members.GetValueOrDefault(group) ?? [];

    private void Add(ElfFile file, int group, ref long left)
    {
        ElfSectionHeader header = file.SectionHeaders[group];
        ulong count = header.Size / EntrySize;
        if (count == 0 || count - 1 > (ulong)left)
        {
            file.Diagnostics.Add("GroupSize",
                $"Section {group} is a group of 0x{header.Size:x} bytes, which is no list of members: each section is in one group at most, " +
                $"and there are {file.SectionHeaders.Length} sections.",
                header.Offset, group);
            return;
        }

        left -= (long)count - 1;
        _names[group] = Name(file, header);
        ReadOnlySpan<byte> bytes = file.Read(header.Offset, count * EntrySize, () => $"The group in section {group}", group);
        var members = new List<int>();
        for (int at = EntrySize; at + EntrySize <= bytes.Length; at += EntrySize)
        {
            uint member = Word(file, bytes[at..]);
            if (member == 0 || member >= (uint)file.SectionHeaders.Length)
            {
                file.Diagnostics.Add("GroupMember",
                    $"Section {group} is a group with the member {member}, and there are {file.SectionHeaders.Length} sections.", header.Offset, group);
            }
            else if (!_groupOf.TryAdd((int)member, group))
            {
                file.Diagnostics.Add("GroupTwice",
                    $"Section {member} is a member of the groups {_groupOf[(int)member]} and {group}; the first holds.", header.Offset, group);
            }
            else
            {
                members.Add((int)member);
            }
        }

        _members[group] = [.. members];
    }

    /// <summary>The name of the symbol that identifies a group, or of its section where the symbol is one of a section.</summary>
    private string Name(ElfFile file, in ElfSectionHeader group)
    {
        const byte SectionSymbol = 3;
        bool is64 = file.Header.Class == ElfClass.Elf64;
        ulong size = is64 ? 24u : 16u;
        if (group.Link == 0 || group.Link >= (uint)file.SectionHeaders.Length)
        {
            return "";
        }

        ElfSectionHeader symbols = file.SectionHeaders[(int)group.Link];
        ulong offset = symbols.Offset + (group.Info * size);
        if (symbols.Type != ElfSectionTypes.SymTab || group.Info >= symbols.Size / size || offset < symbols.Offset
            || offset > file.Input.Length || size > file.Input.Length - offset || symbols.Link >= (uint)file.SectionHeaders.Length)
        {
            return "";
        }

        Span<byte> symbol = stackalloc byte[24];
        file.Input.Read(offset, symbol[..(int)size]);
        uint name = Word(file, symbol);
        if ((symbol[is64 ? 4 : 12] & 0xf) == SectionSymbol && name == 0)
        {
            ReadOnlySpan<byte> index = symbol[(is64 ? 6 : 14)..];
            return file.SectionName(
                file.Header.Data == ElfData.BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(index) : BinaryPrimitives.ReadUInt16LittleEndian(index));
        }

        return Strings(file, (int)symbols.Link)[name];
    }

    private ElfStrings Strings(ElfFile file, int section)
    {
        ElfSectionHeader header = file.SectionHeaders[section];
        if (!_strings.TryGetValue((header.Offset, header.Size), out ElfStrings? strings))
        {
            ulong there = header.Offset > file.Input.Length ? 0 : Math.Min(header.Size, file.Input.Length - header.Offset);
            strings = there <= _mayRead ? file.Strings(section) : ElfStrings.None;
            _mayRead -= Math.Min(there, _mayRead);
            _strings.Add((header.Offset, header.Size), strings);
        }

        return strings;
    }

    private static uint Word(ElfFile file, ReadOnlySpan<byte> bytes) => file.Header.Data == ElfData.BigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
