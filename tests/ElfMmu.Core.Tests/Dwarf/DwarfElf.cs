using ElfMmu.Dwarf;
using ElfMmu.Elf;
using ElfMmu.Elf.Writing;

namespace ElfMmu.Tests.Dwarf;

/// <summary>ELF files with nothing but a range for code and debug information, for programs that read it.</summary>
internal static class DwarfElf
{
    public const ulong TextAddress = 0x10000;
    public const uint TextSize = 0x10000;

    /// <summary>A file with the sections of a unit.</summary>
    public static byte[] Of(DwarfUnit unit, DwarfTarget target)
    {
        var model = new ElfModel
        {
            Class = target.Class,
            Data = target.Data,
            Machine = target.Machine,
            Type = ElfType.Executable,
            Flags = target.Machine == ElfMachine.Mips && target.Class == ElfClass.Elf32 ? 0x50001000u
                : target.Machine == ElfMachine.Arm ? 0x05000000u
                : 0,
        };
        model.Sections.Add(new ElfModelSection(".text", ElfSectionTypes.NoBits)
        {
            Flags = ElfSectionFlags.Alloc | ElfSectionFlags.Execute,
            Address = TextAddress,
            Size = TextSize,
            Alignment = 16,
        });
        model.Sections.AddRange(DwarfWriter.Write(unit, target).Select(s => new ElfModelSection(s.Name)
        {
            Content = s.Content,
            Flags = s.Flags,
            EntrySize = s.EntrySize,
        }));
        return model.ToArray();
    }
}
