namespace ElfMmu.Dwarf;

/// <summary>How much room a type takes, and where it may stand.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Alignment">Its alignment in bytes.</param>
/// <param name="MemberAlignment">Its alignment as a member: less on i386 for 8 bytes.</param>
internal readonly record struct CTypeFacts(ulong Size, ulong Alignment, ulong MemberAlignment);
