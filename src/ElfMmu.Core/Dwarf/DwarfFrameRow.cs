namespace ElfMmu.Dwarf;

/// <summary>What is true of a frame from an instruction on: the CFA is a register's value and an offset.</summary>
/// <param name="Offset">The first instruction's offset from the function's start, in bytes.</param>
/// <param name="Register">The register of the CFA: its number in DWARF.</param>
/// <param name="CfaOffset">What is added to it, in bytes, from 0.</param>
/// <param name="Saved">Where the caller's registers are; those that aren't here have the caller's value, or don't matter.</param>
public sealed record DwarfFrameRow(ulong Offset, int Register, long CfaOffset, params IReadOnlyList<DwarfSavedRegister> Saved)
{
    /// <summary>Whether the CFA is not the sum but the word in memory there.</summary>
    internal bool IsIndirect { get; init; }
}
