using System.Text;
using ElfMmu.Dwarf;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Dwarf;

/// <summary>ELF files with nothing but code (of zeros) and debug information, for programs that read it.</summary>
internal static class DwarfElf
{
    public const ulong TextAddress = 0x10000;
    public const uint TextSize = 0x10000;

    /// <summary>A file with the sections of a unit.</summary>
    public static byte[] Of(DwarfUnit unit, DwarfTarget target) => Of(DwarfWriter.Write(unit, target), target);

    /// <summary>A file with sections of debug information.</summary>
    public static byte[] Of(IReadOnlyList<DwarfSection> sections, DwarfTarget target)
    {
        var names = new MemoryStream();
        uint Name(string name)
        {
            uint offset = (uint)names.Length;
            names.Write(Encoding.ASCII.GetBytes(name + "\0"));
            return offset;
        }

        Name("");
        var headers = new List<ElfSectionHeader>
        {
            new()
            {
                NameOffset = Name(".text"), Type = 8, Flags = 6, Address = TextAddress, Size = TextSize, Alignment = 16, Offset = 0x1000,
            },
        };
        var body = new MemoryStream();
        int start = ElfEncoder.HeaderSize(target.Class);
        foreach (DwarfSection section in sections)
        {
            headers.Add(new ElfSectionHeader
            {
                NameOffset = Name(section.Name),
                Type = 1,
                Flags = section.Flags,
                EntrySize = section.EntrySize,
                Offset = (ulong)(start + body.Length),
                Size = (ulong)section.Content.Length,
                Alignment = 1,
            });
            body.Write(section.Content.Span);
        }

        uint own = Name(".shstrtab");
        headers.Add(new ElfSectionHeader
        {
            NameOffset = own,
            Type = 3,
            Offset = (ulong)(start + body.Length),
            Size = (ulong)names.Length,
            Alignment = 1,
        });
        names.WriteTo(body);
        body.Write(new byte[8 - ((start + body.Length) % 8)]);
        ulong table = (ulong)(start + body.Length);
        var layout = new ElfLayout
        {
            Class = target.Class,
            Data = target.Data,
            Machine = target.Machine,
            Type = ElfType.Executable,
            SectionHeaderOffset = table,
            SectionHeaderCount = (uint)headers.Count + 1,
            SectionNameIndex = (uint)headers.Count,
            Flags = target.Machine == ElfMachine.Mips && target.Class == ElfClass.Elf32 ? 0x50001000u
                : target.Machine == ElfMachine.Arm ? 0x05000000u
                : 0,
        };
        int size = ElfEncoder.SectionHeaderSize(target.Class);
        byte[] all = new byte[(int)table + ((headers.Count + 1) * size)];
        ElfEncoder.WriteHeader(all, layout);
        body.ToArray().CopyTo(all, start);
        ElfEncoder.WriteSectionZero(all.AsSpan((int)table), layout);
        for (int i = 0; i < headers.Count; i++)
        {
            ElfEncoder.WriteSectionHeader(all.AsSpan((int)table + ((i + 1) * size)), target.Class, target.Data, headers[i]);
        }

        return all;
    }
}
