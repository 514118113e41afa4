using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The groups of sections (-g).</summary>
internal sealed class GroupArea : IReadelfArea
{
    private const uint GroupType = 17;

    public string Option => "-g";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        ElfSection[] sections = [.. ElfSections.Read(file)];
        bool any = false;
        foreach (ElfSection group in sections.Where(s => s.Type == GroupType))
        {
            any = true;
            byte[] content = file.Content(group.Index);
            uint flags = file.Header.Data == ElfData.BigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(content)
                : BinaryPrimitives.ReadUInt32LittleEndian(content);
            yield return new(
                $"{(flags == 1 ? "COMDAT " : "")}group section [{group.Index,5}] `{ReadelfText.Name(group.Name)}' [{group.GroupName}] " +
                $"contains {group.GroupMembers.Count} sections:",
                5);
            yield return new("   [Index]    Name");
            foreach (int member in group.GroupMembers)
            {
                yield return new($"   [{member,5}]   {ReadelfText.Name(sections[member].Name)}", 2);
                if (sections[member].Group != group.Index || sections[member].GroupName != group.GroupName)
                {
                    yield return new($"section {member} knows its group as {sections[member].Group}");
                }
            }
        }

        if (!any)
        {
            yield return new("There are no section groups in this file.");
        }
    }

    // readelf cuts the name of a section here, and only here, after 256 characters.
    public string? Excuse(string theirs, string ours) => Cut.Of(theirs, ours) ? "a section's name of more than 256 characters is cut" : null;
}
