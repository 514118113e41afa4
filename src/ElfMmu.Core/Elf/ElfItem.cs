namespace ElfMmu.Elf;

/// <summary>Something that was read in an ELF file, as an object that can leave it and find back.</summary>
public abstract class ElfItem : IElfSource
{
    private readonly IElfSource _source;

    private protected ElfItem(ElfFile file) => _source = file.Source;

    /// <inheritdoc/>
    public string Path => _source.Path;

    /// <inheritdoc/>
    IElfSource IElfSource.Origin => _source;

    /// <inheritdoc/>
    ElfFile IElfSource.OpenElf(CancellationToken cancellation) => _source.OpenElf(cancellation);

    /// <inheritdoc/>
    IDisposable? IElfSource.KeepOpen(CancellationToken cancellation) => _source.KeepOpen(cancellation);
}
