using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The notes (-n): owner, size and type of each. What they mean is printed in words of readelf's own, and compared elsewhere.</summary>
internal sealed partial class NoteArea : IReadelfArea
{
    public string Option => "-n";

    // In files that aren't cores readelf lists the notes of sections alone, where there are any.
    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        bool core = file.Header.Type == ElfType.Core;
        bool sections = !core && file.SectionHeaders.Length > 0;
        foreach (ElfNoteItem note in ElfNoteItems.Read(file))
        {
            if (!sections || note.SectionIndex != null)
            {
                yield return new($"{(note.Owner.Length == 0 ? "(NONE)" : ReadelfText.Name(note.Owner))} 0x{note.Size:x8} {note.TypeName}", 3);
            }
        }
    }

    public string? Clean(string theirs)
    {
        Match match = Note().Match(theirs);
        return match.Success ? $"{match.Groups[1].Value.TrimEnd()} 0x{match.Groups[2].Value} {match.Groups[3].Value.TrimEnd('\t')}" : null;
    }

    // Behind the name stand words; and what readelf has no name for, it calls unknown, or by the name of another owner's type.
    public string? Excuse(string theirs, string ours)
    {
        int type = ours.LastIndexOf(' ') + 1;
        return theirs.StartsWith(ours + " (", StringComparison.Ordinal) || theirs.StartsWith(ours + "\t", StringComparison.Ordinal) ? "words behind the name of a note's type"
            : !theirs.StartsWith(ours[..type], StringComparison.Ordinal) ? null
            : theirs[type..].StartsWith("Unknown note type", StringComparison.Ordinal) ? "readelf has no name for the type of a note"
            : ours[type..].StartsWith("NT_0x", StringComparison.Ordinal) || !ours.StartsWith("GNU ", StringComparison.Ordinal) && !ours.StartsWith("CORE ", StringComparison.Ordinal)
                ? "readelf takes a note of an unknown owner for one of a core" : null;
    }

    [GeneratedRegex("^  (.*?) +0x([0-9a-f]{8})\t([^\t]*)")]
    private static partial Regex Note();
}
