namespace ElfMmu.Elf.Sections;

/// <summary>Reads the contents of sections, within a <see cref="ReadBudget"/>.</summary>
/// <param name="file">The file.</param>
internal sealed class ElfContents(ElfFile file)
{
    private readonly ReadBudget _budget = new(file);

    /// <summary>Reads what is wanted of a section. O(its size).</summary>
    public void Fill(ElfSection section, ElfSectionOptions options)
    {
        if ((!options.Content && !options.Entropy) || !_budget.TryTake(section.Index))
        {
            return;
        }

        byte[] bytes = file.Content(section.Index);
        if (options.Entropy && bytes.Length > 0)
        {
            section.Entropy = Shannon.Entropy(bytes);
        }

        if (options.Content)
        {
            section.Content = options.Decompress && section.Compression is { } compression
                ? ElfDecompression.Decompress(file, section.Index, compression, bytes, _budget)
                : bytes;
        }
    }
}
