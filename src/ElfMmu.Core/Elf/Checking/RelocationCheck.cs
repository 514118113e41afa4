using ElfMmu.Elf.Relocations;

namespace ElfMmu.Elf.Checking;

/// <summary>
/// Relocations: whether their tables are in the file, and each symbol in the table of symbols; in an object file, whether each place is in the
/// section it is said to be in (gABI, "Relocation"). O(relocations).
/// </summary>
internal sealed class RelocationCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        bool isObject = file.Header.Type == ElfType.Relocatable;
        int? last = null;
        foreach (ElfRelocation relocation in ElfRelocations.ReadEntries(file))
        {
            cancellation.ThrowIfCancellationRequested();
            if (isObject && relocation.TargetSectionIndex is { } target && last != relocation.SectionIndex
                && relocation.Offset >= file.SectionHeaders[target].Size && !IsMarker(relocation))
            {
                // One for each table is enough.
                last = relocation.SectionIndex;
                file.Diagnostics.Add("RelocationOutside",
                    $"Relocation {relocation.Index} of '{relocation.Section}' changes offset 0x{relocation.Offset:x} of {CheckedFile.Section(file, target)}, which has " +
                    $"0x{file.SectionHeaders[target].Size:x} bytes. Others may, too.",
                    file.SectionHeaders[relocation.SectionIndex!.Value].Offset, relocation.SectionIndex);
            }
        }
    }

    // Some say something of the end of a section, and change nothing: alignment, relaxation, none at all.
    private static bool IsMarker(ElfRelocation relocation) => relocation.Type == 0
        || relocation.TypeName.EndsWith("_ALIGN", StringComparison.Ordinal) || relocation.TypeName.EndsWith("_RELAX", StringComparison.Ordinal);
}
