namespace ElfMmu.Images;

/// <summary>A segment of an ELF image or a section of a PE image, with what its space holds of it.</summary>
/// <param name="Name">The segment's type, such as <c>PT_LOAD</c>, or the section's name, such as <c>.text</c>.</param>
/// <param name="VirtualAddress">Where it is in the space; null where it isn't, or isn't known to be.</param>
/// <param name="LinkedAddress">Where the headers want it: p_vaddr of ELF, the address relative to the image's start of PE.</param>
/// <param name="Size">Its bytes in memory (p_memsz, VirtualSize).</param>
/// <param name="FileOffset">Its first byte in the file.</param>
/// <param name="FileSize">Its bytes in the file.</param>
/// <param name="Rights">The rights the headers ask for: <c>rwx</c> with dashes for what isn't asked for.</param>
/// <param name="PresentBytes">How many of its bytes are mapped and in the dump: of those in memory, or of those in the file where
/// the image lies as in its file.</param>
public sealed record ImageSegment(
    string Name, ulong? VirtualAddress, ulong LinkedAddress, ulong Size, ulong FileOffset, ulong FileSize, string Rights, ulong PresentBytes)
{
    /// <summary>Name, place and rights.</summary>
    public override string ToString() =>
        $"{Name} {(VirtualAddress is { } address ? $"0x{address:x}" : "nowhere")}+0x{Size:x} {Rights}";
}
