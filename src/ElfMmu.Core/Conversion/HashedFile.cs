namespace ElfMmu.Conversion;

/// <summary>A file of a dump as it was when the dump was converted.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal: what <c>sha256sum</c> prints.</param>
public sealed record HashedFile(string Path, ulong Length, string Sha256);
