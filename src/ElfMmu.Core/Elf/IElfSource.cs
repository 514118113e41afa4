namespace ElfMmu.Elf;

/// <summary>What an ELF file can be opened from, now and again later: a file, a member of an archive, an image in an address space.</summary>
public interface IElfSource
{
    /// <summary>The file's full path; for what lies within another file, that path and where in it.</summary>
    string Path { get; }

    /// <summary>What it was read in, if it is a part: the same object for everything that was read in one file; itself if it is none.</summary>
    IElfSource Origin => this;

    /// <summary>Opens it.</summary>
    /// <param name="cancellation">Ends what may take long, such as walking page tables.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfReader.Open"/> throws, or it isn't there any more.</exception>
    ElfFile OpenElf(CancellationToken cancellation = default);

    /// <summary>
    /// Keeps open what opening needs first, such as a dump that may have to be unpacked: for as long as the result isn't disposed,
    /// opening this and others of the same place is quick.
    /// </summary>
    /// <param name="cancellation">Ends unpacking.</param>
    /// <returns>What keeps it open; null where there is nothing to gain.</returns>
    /// <exception cref="ElfMmuException">What opening that throws.</exception>
    IDisposable? KeepOpen(CancellationToken cancellation = default) => null;
}
