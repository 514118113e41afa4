using System.Globalization;
using ElfMmu.Elf;
using ElfMmu.Elf.Writing;

namespace ElfMmu.Companions;

/// <summary>Ranges of addresses as sections without content.</summary>
internal static class CompanionSections
{
    /// <summary>Makes a section of each range, in their order. One without a name gets that of its rights, and a number if others have it.</summary>
    public static ElfModelSection[] Make(IReadOnlyList<CompanionRange> ranges)
    {
        HashSet<string> names = [.. ranges.Select(r => r.Name).OfType<string>()];
        Dictionary<string, int> counts = [];
        var sections = new ElfModelSection[ranges.Count];
        for (int i = 0; i < sections.Length; i++)
        {
            CompanionRange range = ranges[i];
            sections[i] = new ElfModelSection(range.Name ?? Unused(NameOf(range.Rights)), ElfSectionTypes.NoBits)
            {
                Address = range.Addresses.Start,
                Size = range.Addresses.Size,
                Flags = ElfSectionFlags.Alloc
                    | ((range.Rights & Rights.Write) != 0 ? ElfSectionFlags.Write : 0)
                    | ((range.Rights & Rights.Execute) != 0 ? ElfSectionFlags.Execute : 0),
            };
        }

        return sections;

        string Unused(string name)
        {
            int count = counts.GetValueOrDefault(name);
            string next;
            do
            {
                next = count == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{count}");
                count++;
            }
            while (!names.Add(next));
            counts[name] = count;
            return next;
        }
    }

    /// <summary>The segment of a section.</summary>
    public static ElfModelSegment Segment(ElfModelSection section)
    {
        ElfSegmentFlags flags = ElfSegmentFlags.Read
            | ((section.Flags & ElfSectionFlags.Write) != 0 ? ElfSegmentFlags.Write : 0)
            | ((section.Flags & ElfSectionFlags.Execute) != 0 ? ElfSegmentFlags.Execute : 0);
        return new ElfModelSegment(ElfSegmentType.Load, flags, section) { Alignment = 1 };
    }

    private static string NameOf(Rights rights) => (rights & Rights.Execute) != 0 ? ".text"
        : (rights & Rights.Write) != 0 ? ".data"
        : ".rodata";
}
