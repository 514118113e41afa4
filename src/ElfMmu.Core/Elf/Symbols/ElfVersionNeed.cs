namespace ElfMmu.Elf.Symbols;

/// <summary>A version that a file needs of a library (LSB, "Version Requirements": Elfxx_Verneed and Elfxx_Vernaux).</summary>
/// <param name="File">The library (vn_file).</param>
/// <param name="Index">The number that symbols name it by (vna_other).</param>
/// <param name="Name">Its name, such as <c>GLIBC_2.2.5</c>.</param>
/// <param name="Flags">vna_flags: 2 VER_FLG_WEAK.</param>
/// <param name="Hash">The ELF hash of the name, as the file has it (vna_hash).</param>
public sealed record ElfVersionNeed(string File, ushort Index, string Name, ushort Flags, uint Hash);
