namespace ElfMmu.Inspection;

/// <summary>A file that a dump is in.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="LastWriteTimeUtc">When it was last written.</param>
/// <param name="Sha256">The SHA-256 of the file as it is, in small hexadecimal digits; null where it wasn't asked for.</param>
public sealed record DumpFile(string Path, ulong Length, DateTime LastWriteTimeUtc, string? Sha256)
{
    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
