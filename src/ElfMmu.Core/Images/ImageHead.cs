namespace ElfMmu.Images;

/// <summary>A physical page that starts as an executable does.</summary>
/// <param name="PhysicalAddress">The page's address.</param>
/// <param name="Kind">What it starts as.</param>
internal readonly record struct ImageHead(ulong PhysicalAddress, ImageKind Kind);
