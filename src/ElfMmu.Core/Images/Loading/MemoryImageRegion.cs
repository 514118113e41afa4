namespace ElfMmu.Images.Loading;

/// <summary>A segment or a section in a flat image.</summary>
/// <param name="Index">Its index in the table of headers; -1 for the headers of a PE image themselves.</param>
/// <param name="Name">The segment's type, such as <c>PT_LOAD</c>, the section's name, such as <c>.text</c>, or <c>headers</c>.</param>
/// <param name="VirtualAddress">Its first address; a physical one where the image was laid out by these.</param>
/// <param name="Size">Its bytes in memory, from 1.</param>
/// <param name="LinkedAddress">Its first address as the headers say it, before anything was added.</param>
/// <param name="Offset">Its first byte in the flat image.</param>
/// <param name="FileBytes">How many of its first bytes come from the input; the others are zeros.</param>
/// <param name="Rights">The rights the headers ask for: <c>rwx</c> with dashes for what isn't asked for.</param>
public sealed record MemoryImageRegion(
    int Index, string Name, ulong VirtualAddress, ulong Size, ulong LinkedAddress, ulong Offset, ulong FileBytes, string Rights)
{
    /// <summary>The first address behind it; 0xffffffffffffffff for one that reaches the top of the 64-bit address space.</summary>
    public ulong EndAddress => VirtualAddress + Size < VirtualAddress ? ulong.MaxValue : VirtualAddress + Size;

    /// <summary>Name, place and rights.</summary>
    public override string ToString() => $"{Name} 0x{VirtualAddress:x}+0x{Size:x} {Rights}";
}
