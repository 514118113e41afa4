namespace ElfMmu.Elf.Notes;

/// <summary>The system a program was made for, and the oldest version of its kernel that runs it (NT_GNU_ABI_TAG).</summary>
/// <param name="OperatingSystem">The system: Linux, Hurd, Solaris, FreeBSD, NetBSD, Syllable or NaCl; null for a number nobody registered.</param>
/// <param name="OperatingSystemId">The system's number.</param>
/// <param name="Version">The version: three numbers with points between them.</param>
public sealed record GnuAbiTag(string? OperatingSystem, uint OperatingSystemId, string Version);
