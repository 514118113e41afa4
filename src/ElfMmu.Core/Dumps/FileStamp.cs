namespace ElfMmu.Dumps;

/// <summary>A file as it was at one moment: enough to notice that it is no longer the same.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The length in bytes; 0 of one that isn't there.</param>
/// <param name="LastWriteTimeUtc">When it was last written.</param>
public readonly record struct FileStamp(string Path, ulong Length, DateTime LastWriteTimeUtc)
{
    /// <summary>A file as it is now; length and time are those of the file, not of a link to it.</summary>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(FileReading.FinalTarget(path));
        return file.Exists ? new FileStamp(path, (ulong)file.Length, file.LastWriteTimeUtc) : new FileStamp(path, 0, default);
    }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
