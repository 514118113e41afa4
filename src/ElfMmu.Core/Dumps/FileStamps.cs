namespace ElfMmu.Dumps;

/// <summary>Several files as they were when a dump was opened.</summary>
/// <param name="Files">The files, in any order that stays the same.</param>
public sealed record FileStamps(IReadOnlyList<FileStamp> Files)
{
    /// <summary>No file at all.</summary>
    public static FileStamps None { get; } = new([]);

    /// <summary>The same files as they are now. O(files): the system is asked for length and time of each.</summary>
    internal FileStamps Now() => Files.Count == 0 ? this : new([.. Files.Select(f => FileStamp.Of(f.Path))]);

    /// <summary>Two are equal if their files are.</summary>
    public bool Equals(FileStamps? other) => other != null && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => Files.Aggregate(0, HashCode.Combine);

    /// <summary>The paths.</summary>
    public override string ToString() => string.Join(", ", Files);
}
