namespace ElfMmu.Dwarf;

/// <summary>Where the caller's value of a register is.</summary>
/// <param name="Register">The register: its number in DWARF.</param>
/// <param name="CfaOffset">The offset from the CFA where it was saved, in bytes; a multiple of the target's
/// <see cref="DwarfRegisters.DataAlignment"/>. Usually negative.</param>
public sealed record DwarfSavedRegister(int Register, long CfaOffset);
