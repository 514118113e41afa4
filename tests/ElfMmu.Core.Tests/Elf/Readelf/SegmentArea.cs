using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The segments (-l).</summary>
internal sealed class SegmentArea : IReadelfArea
{
    public string Option => "-l";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        ElfHeader h = file.Header;
        if (h.ProgramHeaderCount == 0)
        {
            yield return new("There are no program headers in this file.");
            yield break;
        }

        yield return new($"Elf file type is {h.TypeName[3..]} ({h.TypeDescription})", 1);
        yield return new($"Entry point 0x{h.EntryPoint:x}", 1);
        yield return new(
            $"There {(h.ProgramHeaderCount == 1 ? "is 1 program header" : $"are {h.ProgramHeaderCount} program headers")}, starting at offset {h.ProgramHeaderOffset}", 2);
        yield return new("Program Headers:");
        bool wide = h.Class == ElfClass.Elf64;
        yield return new(wide
            ? "  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align"
            : "  Type           Offset   VirtAddr   PhysAddr   FileSiz MemSiz  Flg Align");
        ElfSegment[] segments = [.. ElfSegments.Read(file)];
        int digits = wide ? 6 : 5;
        foreach (ElfSegment s in segments)
        {
            string type = TypeName(s.TypeName);
            string align = s.Alignment == 0 ? "0" : $"0x{s.Alignment:x}";
            yield return new(
                $"  {type[..Math.Min(14, type.Length)],-14} 0x{ReadelfText.Hex(s.Offset, 6)} 0x{ReadelfText.Address(file, s.VirtualAddress)} " +
                $"0x{ReadelfText.Address(file, s.PhysicalAddress)} 0x{ReadelfText.Hex(s.FileSize, digits)} 0x{ReadelfText.Hex(s.MemorySize, digits)} " +
                $"{s.Rights.Replace('-', ' ').ToUpperInvariant().Replace('X', 'E')} {align}",
                8);
            if (s.Interpreter != null)
            {
                yield return new($"      [Requesting program interpreter: {s.Interpreter}]", 1);
            }
        }

        if (file.SectionHeaders.Length == 0 || h.SectionNameIndex == 0)
        {
            yield break;
        }

        yield return new(" Section to Segment mapping:");
        yield return new("  Segment Sections...");
        foreach (ElfSegment s in segments)
        {
            yield return new($"   {s.Index:d2}     {string.Concat(s.SectionNames.Select(n => ReadelfText.Name(n) + " "))}", s.SectionNames.Count);
        }
    }

    // For ARM and MIPS readelf leaves out the processor's name too.
    private static string TypeName(string name) =>
        ReadelfText.Without("MIPS_", ReadelfText.Without(name.StartsWith("PT_ARM_EXIDX", StringComparison.Ordinal) ? "PT_ARM_" : "PT_", name));

    public string? Excuse(string theirs, string ours) =>
        theirs == "Elf file type is DYN (Position-Independent Executable file)" && ours == "Elf file type is DYN (Shared object file)"
            ? "DF_1_PIE is named with the type" : null;
}
