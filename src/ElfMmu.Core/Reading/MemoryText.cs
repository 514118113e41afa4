namespace ElfMmu.Reading;

/// <summary>Text that was read.</summary>
/// <param name="Address">The address of the first character.</param>
/// <param name="Text">The characters; what can't be one is U+FFFD.</param>
/// <param name="Size">How many bytes they take, without a terminator.</param>
/// <param name="End">Why it ends there.</param>
/// <param name="IsValid">Whether all bytes could be read as characters.</param>
/// <param name="Absent">What follows and isn't there, or what was filled in.</param>
public sealed record MemoryText(
    ulong Address, string Text, ulong Size, MemoryTextEnd End, bool IsValid, IReadOnlyList<AbsentRange> Absent);
