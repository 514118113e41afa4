namespace ElfMmu.Images;

/// <summary>A section of a PE image (PE format, "Section Table").</summary>
/// <param name="Name">Its name, as far as it is plain text.</param>
/// <param name="VirtualSize">Its bytes in memory; linkers of old leave 0 and mean <paramref name="RawSize"/>.</param>
/// <param name="VirtualAddress">Where it is loaded, relative to the image.</param>
/// <param name="RawSize">Its bytes in the file.</param>
/// <param name="RawOffset">Its first byte in the file.</param>
/// <param name="Characteristics">What it holds, and its rights.</param>
internal readonly record struct PeSection(
    string Name, uint VirtualSize, uint VirtualAddress, uint RawSize, uint RawOffset, uint Characteristics)
{
    /// <summary>Its bytes in memory.</summary>
    public uint MemorySize => VirtualSize == 0 ? RawSize : VirtualSize;

    /// <summary>Its bytes that come from the file.</summary>
    public uint FileSize => VirtualSize == 0 ? RawSize : Math.Min(RawSize, VirtualSize);

    /// <summary>The rights it asks for: IMAGE_SCN_MEM_READ, _WRITE and _EXECUTE.</summary>
    public Rights Rights => ((Characteristics & 0x40000000) != 0 ? Rights.Read : Rights.None)
        | ((Characteristics & 0x80000000) != 0 ? Rights.Write : Rights.None)
        | ((Characteristics & 0x20000000) != 0 ? Rights.Execute : Rights.None);
}
