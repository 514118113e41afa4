namespace ElfMmu.Elf;

/// <summary>An ELF file in the file system.</summary>
/// <param name="fullPath">A fully qualified path.</param>
public sealed class ElfFileSource(string fullPath) : IElfSource
{
    /// <inheritdoc/>
    public string Path => fullPath;

    /// <inheritdoc/>
    public ElfFile OpenElf(CancellationToken cancellation = default)
    {
        var input = new ElfFileInput(fullPath);
        try
        {
            return ElfFile.Open(input, this, input);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
