namespace ElfMmu.Elf;

/// <summary>Section types that the reader itself acts on (gABI, "Sections": sh_type).</summary>
internal static class ElfSectionTypes
{
    public const uint SymbolTable = 2;
    public const uint Hash = 5;
    public const uint Dynamic = 6;
    public const uint NoBits = 8;
    public const uint DynamicSymbols = 11;
    public const uint SymbolSections = 18;
    public const uint GnuHash = 0x6ffffff6;
    public const uint VersionDefinitions = 0x6ffffffd;
    public const uint VersionNeeds = 0x6ffffffe;
    public const uint SymbolVersions = 0x6fffffff;
}
