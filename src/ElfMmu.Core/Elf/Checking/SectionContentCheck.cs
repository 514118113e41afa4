using ElfMmu.Elf.Sections;

namespace ElfMmu.Elf.Checking;

/// <summary>What the heads of groups and of compressed sections say. O(sections + members of groups).</summary>
internal sealed class SectionContentCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        ElfGroups.Read(file);
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ElfSectionHeader section = file.SectionHeaders[i];
            if ((section.Flags & ElfSectionFlags.Compressed) != 0 && ElfCompressions.Read(file, i) is { } compression
                && compression.Type is not (ElfCompression.Zlib or ElfCompression.Zstandard)
                && !compression.TypeName.Contains("LO", StringComparison.Ordinal))
            {
                file.Diagnostics.Add("CompressionUnknown",
                    $"{CheckedFile.Section(file, i)} is compressed with the algorithm 0x{compression.Type:x}, which is none there is.", section.Offset, i);
            }
        }
    }
}
