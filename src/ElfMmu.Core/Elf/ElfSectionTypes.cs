namespace ElfMmu.Elf;

/// <summary>Section types that the reader itself acts on (gABI, "Sections": sh_type).</summary>
internal static class ElfSectionTypes
{
    public const uint NoBits = 8;
}
