namespace ElfMmu.Elf.Symbols;

/// <summary>The version of one symbol.</summary>
/// <param name="Index">What stands in the table of versions, without the bit that hides it.</param>
/// <param name="Name">The version's name.</param>
/// <param name="File">The library it is needed of; null for a version that the file defines.</param>
/// <param name="IsHidden">Whether it isn't the one meant by the symbol's name alone (VERSYM_HIDDEN).</param>
public sealed record ElfSymbolVersion(ushort Index, string Name, string? File, bool IsHidden)
{
    /// <summary>Whether the file defines it, and the symbol's name alone means it: <c>name@@version</c>.</summary>
    public bool IsDefault => File == null && !IsHidden;
}
