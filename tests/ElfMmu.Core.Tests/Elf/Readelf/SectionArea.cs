using ElfMmu.Elf;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The sections (-S).</summary>
internal sealed class SectionArea : IReadelfArea
{
    public string Option => "-S";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        ElfHeader h = file.Header;
        int count = file.SectionHeaders.Length;
        if (count == 0)
        {
            yield return new("There are no sections in this file.");
            yield break;
        }

        yield return new(
            $"There {(count == 1 ? "is 1 section header" : $"are {count} section headers")}, starting at offset 0x{h.SectionHeaderOffset:x}:", 2);
        yield return new(count > 1 ? "Section Headers:" : "Section Header:");
        yield return new(h.Class == ElfClass.Elf64
            ? "  [Nr] Name              Type            Address          Off    Size   ES Flg Lk Inf Al"
            : "  [Nr] Name              Type            Addr     Off    Size   ES Flg Lk Inf Al");
        foreach (ElfSection s in ElfSections.Read(file))
        {
            yield return new(
                $"  [{s.Index,2}] {ReadelfText.Name(s.Name),-17} {TypeName(s),-15} {ReadelfText.Address(file, s.Address)} {ReadelfText.Hex(s.Offset, 6)} " +
                $"{ReadelfText.Hex(s.Size, 6)} {ReadelfText.Hex(s.EntrySize, 2)} {s.FlagLetters,3} {s.Link,2} {s.Info,3} {s.Alignment,2}",
                11);
        }

        yield return new("Key to Flags:");
        yield return new("  W (write), A (alloc), X (execute), M (merge), S (strings), I (info),");
        yield return new("  L (link order), O (extra OS processing required), G (group), T (TLS),");
        yield return new("  C (compressed), x (unknown), o (OS specific), E (exclude),");
        string os = h.OsAbi switch
        {
            ElfOsAbi.Gnu or ElfOsAbi.FreeBsd => "R (retain), D (mbind), ",
            ElfOsAbi.None => "D (mbind), ",
            _ => "",
        };
        string processor = h.Machine switch
        {
            ElfMachine.X86_64 => "l (large), ",
            ElfMachine.Arm => "y (purecode), ",
            ElfMachine.PowerPC => "v (VLE), ",
            _ => "",
        };
        yield return new($"  {os}{processor}p (processor specific)");
    }

    // A type that only other tools know has a number in readelf.
    public string? Excuse(string theirs, string ours)
    {
        foreach (string prefix in (string[])["LLVM_", "ANDROID_", "GNU_SFRAME", "CHECKSUM", "SUNW_", "SPARC_", "ALPHA_"])
        {
            int at = ours.IndexOf(' ' + prefix, StringComparison.Ordinal);
            if (at >= 0)
            {
                int end = ours.IndexOf(' ', at + 1);
                string[] mine = ours[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string[] other = theirs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return ours[..at].TrimEnd() == theirs[..Math.Min(theirs.Length, at)].TrimEnd() && theirs.Contains("LO", StringComparison.Ordinal)
                    && other.AsSpan().EndsWith(mine) ? "readelf has no name for the type " + ours[(at + 1)..end] : null;
            }
        }

        return null;
    }

    private static string TypeName(ElfSection section) => section.TypeName switch
    {
        "SHT_GNU_verdef" => "VERDEF",
        "SHT_GNU_verneed" => "VERNEED",
        "SHT_GNU_versym" => "VERSYM",
        "SHT_SYMTAB_SHNDX" => "SYMTAB SECTION INDICES",
        var name => ReadelfText.Without("SHT_", name),
    };
}
