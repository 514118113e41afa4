namespace ElfMmu.Dumps;

/// <summary>Memory that a LiME or AVML file promises but doesn't hold.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">How many bytes are missing.</param>
/// <param name="FileOffset">Where the file ends, or stops making sense.</param>
/// <param name="Reason">What is wrong there, in words.</param>
internal readonly record struct LimeGap(ulong Start, ulong Size, ulong FileOffset, string Reason);
