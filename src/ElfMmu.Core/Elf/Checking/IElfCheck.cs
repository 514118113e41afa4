namespace ElfMmu.Elf.Checking;

/// <summary>Looks for contradictions of one kind in a file, such as between the segments. <see cref="ElfChecks.All"/> has them all.</summary>
internal interface IElfCheck
{
    /// <summary>
    /// Looks, and adds what it finds to <see cref="ElfFile.Diagnostics"/>. Nothing is found in what a linker, an assembler or strip made. Not
    /// quadratic in any number of the file.
    /// </summary>
    /// <param name="file">The file, opened from its bytes or as an image in memory.</param>
    /// <param name="cancellation">Ends the work, wherever it may take long.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    void Check(ElfFile file, CancellationToken cancellation);
}
