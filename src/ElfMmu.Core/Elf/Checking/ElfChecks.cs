namespace ElfMmu.Elf.Checking;

/// <summary>Checks a whole file: every contradiction that is known of is looked for.</summary>
public static class ElfChecks
{
    /// <summary>What is looked for, in order. A new check is added here.</summary>
    internal static IReadOnlyList<IElfCheck> All { get; } =
    [
        new SegmentTableCheck(),
        new SegmentPlacementCheck(),
        new EntryPointCheck(),
        new SectionHeaderCheck(),
        new SectionOverlapCheck(),
        new SectionContentCheck(),
        new SymbolTableCheck(),
        new HashTableCheck(),
        new RelocationCheck(),
        new NoteCheck(),
    ];

    /// <summary>Checks a file, and returns everything that was found wrong with it, here and before.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static IReadOnlyList<ElfFinding> Run(ElfFile file, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (IElfCheck check in All)
        {
            cancellation.ThrowIfCancellationRequested();
            check.Check(file, cancellation);
        }

        return [.. file.Diagnostics.Select(d => new ElfFinding(file, d))];
    }
}
