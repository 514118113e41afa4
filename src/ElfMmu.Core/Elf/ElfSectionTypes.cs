namespace ElfMmu.Elf;

/// <summary>Section types that are acted on (gABI, "Sections": sh_type; GNU's from 0x6fffff00 on). A file may have any other number as well.</summary>
public static class ElfSectionTypes
{
    /// <summary>No section (SHT_NULL).</summary>
    public const uint Null = 0;

    /// <summary>The program's own bytes (SHT_PROGBITS).</summary>
    public const uint ProgBits = 1;

    /// <summary>The symbol table (SHT_SYMTAB).</summary>
    public const uint SymTab = 2;

    /// <summary>A string table (SHT_STRTAB).</summary>
    public const uint StrTab = 3;

    /// <summary>Relocations with addends (SHT_RELA).</summary>
    public const uint Rela = 4;

    /// <summary>The hash table of symbols (SHT_HASH).</summary>
    public const uint Hash = 5;

    /// <summary>What the dynamic linker needs (SHT_DYNAMIC).</summary>
    public const uint Dynamic = 6;

    /// <summary>Notes (SHT_NOTE).</summary>
    public const uint Note = 7;

    /// <summary>Memory without bytes in the file (SHT_NOBITS).</summary>
    public const uint NoBits = 8;

    /// <summary>Relocations without addends (SHT_REL).</summary>
    public const uint Rel = 9;

    /// <summary>The dynamic linker's symbols (SHT_DYNSYM).</summary>
    public const uint DynSym = 11;

    /// <summary>Addresses of functions that run first (SHT_INIT_ARRAY).</summary>
    public const uint InitArray = 14;

    /// <summary>Addresses of functions that run last (SHT_FINI_ARRAY).</summary>
    public const uint FiniArray = 15;

    /// <summary>Addresses of functions that run before all others (SHT_PREINIT_ARRAY).</summary>
    public const uint PreInitArray = 16;

    /// <summary>A group of sections (SHT_GROUP).</summary>
    public const uint Group = 17;

    /// <summary>Section indices that don't fit a symbol (SHT_SYMTAB_SHNDX).</summary>
    public const uint SymTabIndices = 18;

    /// <summary>Relative relocations as bitmaps (SHT_RELR).</summary>
    public const uint Relr = 19;

    /// <summary>The GNU hash table of symbols (SHT_GNU_HASH).</summary>
    public const uint GnuHash = 0x6ffffff6;

    /// <summary>Versions a file defines (SHT_GNU_verdef).</summary>
    public const uint VersionDefinitions = 0x6ffffffd;

    /// <summary>Versions a file needs (SHT_GNU_verneed).</summary>
    public const uint VersionNeeds = 0x6ffffffe;

    /// <summary>The version of each dynamic symbol (SHT_GNU_versym).</summary>
    public const uint SymbolVersions = 0x6fffffff;

    /// <summary>Where ARM functions' unwinding tables are (SHT_ARM_EXIDX).</summary>
    public const uint ArmExceptionIndex = 0x70000001;

    /// <summary>Build attributes of ARM files (SHT_ARM_ATTRIBUTES).</summary>
    public const uint ArmAttributes = 0x70000003;

    /// <summary>Registers a MIPS file uses (SHT_MIPS_REGINFO).</summary>
    public const uint MipsRegisters = 0x70000006;

    /// <summary>What a MIPS file needs of its processor (SHT_MIPS_ABIFLAGS).</summary>
    public const uint MipsAbiFlags = 0x7000002a;
}
