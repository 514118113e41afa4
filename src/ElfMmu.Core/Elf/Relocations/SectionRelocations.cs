using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Relocations;

/// <summary>The tables of relocations that sections hold.</summary>
internal static class SectionRelocations
{
    public static bool Has(ElfFile file)
    {
        foreach (ElfSectionHeader section in file.SectionHeaders)
        {
            if (Format(section) != null)
            {
                return true;
            }
        }

        return false;
    }

    public static IEnumerable<RelocationTable> Read(ElfFile file)
    {
        // Tables of a sound file don't overlap, so that all of them together aren't larger than it. Thousands of sections may name the same
        // bytes in another, and reading them all would take the product of both.
        ulong left = file.Input.Length;
        var tables = new ElfSectionSymbols(file);
        Dictionary<uint, RelocationSymbols> symbols = [];
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (Format(section) is not { } format || section.Size == 0)
            {
                continue;
            }

            ulong there = section.Offset > file.Input.Length ? 0 : Math.Min(section.Size, file.Input.Length - section.Offset);
            if (there < section.Size)
            {
                file.Diagnostics.Add("OutsideFile",
                    $"Section {i} ('{file.SectionName(i)}') has 0x{section.Size:x} bytes of relocations from offset 0x{section.Offset:x} on, and the " +
                    $"file ends at 0x{file.Input.Length:x}; 0x{there:x} of them were read.", section.Offset, i);
            }

            if (there > left)
            {
                file.Diagnostics.Add("RelocationsOverlap",
                    $"The relocations up to section {i} ('{file.SectionName(i)}') have more bytes than the file, so that sections overlap; those from " +
                    "there on were left out.", section.Offset, i);
                yield break;
            }

            left -= there;
            uint entry = RelocationReader.EntrySize(format, file.Header.Class);
            if (section.Size % entry != 0)
            {
                file.Diagnostics.Add("RelocationsCut",
                    $"Section {i} ('{file.SectionName(i)}') has 0x{section.Size:x} bytes, and its relocations have {entry} each; the last one was left out.",
                    section.Offset, i);
            }

            bool hasTarget = section.Info > 0 && section.Info < (uint)file.SectionHeaders.Length;
            bool isInSection = hasTarget && file.Header.Type == ElfType.Relocatable;
            if (!symbols.TryGetValue(section.Link, out RelocationSymbols? linked))
            {
                linked = new RelocationSymbols(section.Link == 0 ? null : tables.Table((int)Math.Min(section.Link, int.MaxValue)));
                symbols.Add(section.Link, linked);
            }

            yield return new RelocationTable
            {
                Format = format,
                Start = section.Offset,
                Size = there,
                Name = file.SectionName(i),
                Index = i,
                Target = hasTarget ? (int)section.Info : null,
                TargetName = hasTarget ? file.SectionName((int)section.Info) : null,
                IsInSection = isInSection,
                TargetAddress = isInSection ? file.AddressOf(file.SectionHeaders[(int)section.Info]) : null,
                Symbols = linked,
            };
        }
    }

    private static ElfRelocationFormat? Format(in ElfSectionHeader section) => section.Type switch
    {
        ElfSectionTypes.Rel => ElfRelocationFormat.Rel,
        ElfSectionTypes.Rela => ElfRelocationFormat.Rela,
        ElfSectionTypes.Relr => ElfRelocationFormat.Relr,
        _ => null,
    };
}
