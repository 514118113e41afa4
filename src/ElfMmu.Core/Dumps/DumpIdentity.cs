namespace ElfMmu.Dumps;

/// <summary>
/// Which dump something came from, and how it was opened: enough to open it again, and to notice that it is no longer the same.
/// </summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The file's length in bytes.</param>
/// <param name="LastWriteTimeUtc">When the file was last written.</param>
/// <param name="RamBase">The physical address of a raw image's first byte, where one was given.</param>
/// <param name="MachinePath">The full path of the machine description beside the dump, where one was given.</param>
public sealed record DumpIdentity(
    string Path, ulong Length, DateTime LastWriteTimeUtc, ulong? RamBase = null, string? MachinePath = null)
{
    /// <summary>Where the pieces of a raw image were in physical memory, where it isn't one stretch; else null.</summary>
    public RawLayout? Layout { get; init; }

    /// <summary>Whether what is damaged or left out is read as zeros.</summary>
    public bool ZeroFill { get; init; }

    /// <summary>The other files that belong to it, as they were when it was opened: pieces, a machine's state, the machine description.</summary>
    public FileStamps OtherFiles { get; init; } = FileStamps.None;

    /// <summary>The identity of a file as it is now, without other files, which only opening it brings to light.</summary>
    /// <exception cref="ElfMmuException"><c>FileNotFound</c>.</exception>
    public static DumpIdentity Of(string path, DumpOptions options)
    {
        string full = System.IO.Path.GetFullPath(path);

        // Length and time are those of the file, not of a link to it.
        var file = new FileInfo(FileReading.FinalTarget(full));
        if (!file.Exists)
        {
            throw Directory.Exists(full)
                ? new ElfMmuException("FileOpenFailed", ErrorKind.InvalidArgument, $"'{path}' is a folder; give a dump file.") { Path = path }
                : new ElfMmuException("FileNotFound", ErrorKind.NotFound, $"There is no file '{path}'.") { Path = path };
        }

        return new DumpIdentity(
            full,
            (ulong)file.Length,
            file.LastWriteTimeUtc,
            options.RamBase,
            options.MachinePath is { } machine ? System.IO.Path.GetFullPath(machine) : null)
        { Layout = options.Layout, ZeroFill = options.ZeroFill };
    }

    /// <summary>Opens the dump again, or shares it while it is still open.</summary>
    /// <exception cref="ElfMmuException"><c>DumpChanged</c>: it isn't the same file any more; or what opening throws.</exception>
    public MemoryDump Reopen(CancellationToken cancellation = default)
    {
        Verify();
        return OpenDumps.TryLease(this) ?? OpenDumps.KeepBesideKept(MemoryDump.OpenImage(Path, Options, OpenDumps.TryShare(this), cancellation));
    }

    /// <summary>Makes sure that the files are still what they were. O(files): it asks the system for length and time.</summary>
    /// <exception cref="ElfMmuException"><c>DumpChanged</c>, or <c>FileNotFound</c>.</exception>
    internal void Verify()
    {
        DumpIdentity now = Of(Path, Options);
        Check(new FileStamp(Path, Length, LastWriteTimeUtc), new FileStamp(Path, now.Length, now.LastWriteTimeUtc));
        foreach (FileStamp file in OtherFiles.Files)
        {
            Check(file, FileStamp.Of(file.Path));
        }
    }

    /// <summary>Whether an open dump of this identity is what opening by another one would give now.</summary>
    internal bool Serves(DumpIdentity other) => this == other
        || (other.OtherFiles == FileStamps.None && (this with { OtherFiles = FileStamps.None }) == other && OtherFiles.Now() == OtherFiles);

    private static void Check(in FileStamp then, in FileStamp now)
    {
        if (now != then)
        {
            throw new ElfMmuException(
                "DumpChanged",
                ErrorKind.InvalidData,
                $"'{then.Path}' has changed since it was read ({then.Length} bytes of {then.LastWriteTimeUtc:u}, now {now.Length} "
                + $"bytes of {now.LastWriteTimeUtc:u}). Read it again.")
            { Path = then.Path };
        }
    }

    /// <summary>Whether another identity is of the same file, however its memory is placed.</summary>
    internal bool IsSameFile(DumpIdentity other) =>
        (Path, Length, LastWriteTimeUtc) == (other.Path, other.Length, other.LastWriteTimeUtc);

    private DumpOptions Options => new() { RamBase = RamBase, Layout = Layout, MachinePath = MachinePath, ZeroFill = ZeroFill };

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
