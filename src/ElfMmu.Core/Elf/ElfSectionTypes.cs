namespace ElfMmu.Elf;

/// <summary>Section types that the reader itself acts on (gABI, "Sections": sh_type; GNU's from 0x6fffff00 on).</summary>
internal static class ElfSectionTypes
{
    public const uint Null = 0;
    public const uint ProgBits = 1;
    public const uint SymTab = 2;
    public const uint StrTab = 3;
    public const uint Rela = 4;
    public const uint Hash = 5;
    public const uint Dynamic = 6;
    public const uint Note = 7;
    public const uint NoBits = 8;
    public const uint Rel = 9;
    public const uint DynSym = 11;
    public const uint InitArray = 14;
    public const uint FiniArray = 15;
    public const uint PreinitArray = 16;
    public const uint Group = 17;
    public const uint SymTabShndx = 18;
    public const uint Relr = 19;
    public const uint GnuHash = 0x6ffffff6;
    public const uint GnuVerDef = 0x6ffffffd;
    public const uint GnuVerNeed = 0x6ffffffe;
    public const uint GnuVerSym = 0x6fffffff;
    public const uint SymbolTable = 2;
    public const uint DynamicSymbols = 11;
    public const uint SymbolSections = 18;
    public const uint VersionDefinitions = 0x6ffffffd;
    public const uint VersionNeeds = 0x6ffffffe;
    public const uint SymbolVersions = 0x6fffffff;
}
