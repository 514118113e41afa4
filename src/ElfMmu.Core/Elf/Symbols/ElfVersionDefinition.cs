namespace ElfMmu.Elf.Symbols;

/// <summary>A version that a file defines (LSB, "Version Definitions": Elfxx_Verdef).</summary>
/// <param name="Index">The number that symbols name it by (vd_ndx); 1 is the file itself.</param>
/// <param name="Name">Its name, such as <c>GLIBC_2.2.5</c>.</param>
/// <param name="Flags">vd_flags: 1 VER_FLG_BASE, 2 VER_FLG_WEAK.</param>
/// <param name="Hash">The ELF hash of the name, as the file has it (vd_hash).</param>
/// <param name="Parents">The versions it builds on.</param>
public sealed record ElfVersionDefinition(ushort Index, string Name, ushort Flags, uint Hash, IReadOnlyList<string> Parents)
{
    internal uint NameOffset { get; init; }
}
