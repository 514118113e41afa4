using ElfMmu.Elf;

namespace ElfMmu.Dwarf;

/// <summary>
/// What a C compiler for a target decides where the language leaves it open: the processors' ABI supplements as GCC follows them.
/// </summary>
internal sealed class CAbi
{
    private CAbi()
    {
    }

    /// <summary>Whether plain char has a sign.</summary>
    public bool IsCharSigned { get; private init; } = true;

    /// <summary>The size of long in bytes.</summary>
    public int Long { get; private init; }

    /// <summary>The size of a pointer in bytes.</summary>
    public int Pointer { get; private init; }

    /// <summary>The most that a member of a basic type of 8 bytes is aligned to: 4 on i386.</summary>
    public int WideMember { get; private init; } = 8;

    /// <summary>The size of long double in bytes.</summary>
    public int LongDouble { get; private init; } = 16;

    /// <summary>The alignment of long double in bytes.</summary>
    public int LongDoubleAlignment { get; private init; } = 16;

    /// <summary>The alignment in bytes that the attribute aligned means without a number.</summary>
    public int Biggest { get; private init; } = 16;

    /// <summary>The type wchar_t is.</summary>
    public string WideCharacter { get; private init; } = "int";

    /// <summary>Whether a bit field without a name aligns its structure too.</summary>
    public bool UnnamedBitsAlign { get; private init; }

    /// <summary>Whether bit fields of types of different sizes don't share a unit, as Microsoft's compilers have it.</summary>
    public bool HasMicrosoftBitFields { get; private init; }

    public static CAbi Of(DwarfTarget target)
    {
        bool is64 = target.Class == ElfClass.Elf64;
        int pointer = target.AddressSize;
        bool isWindows = target.DataModel == DwarfDataModel.Llp64;
        int integer = target.DataModel == DwarfDataModel.Lp64 ? 8 : 4;
        return target.Machine switch
        {
            _ when isWindows => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                LongDouble = 8,
                LongDoubleAlignment = 8,
                WideCharacter = "unsigned short",
                HasMicrosoftBitFields = true,
            },
            ElfMachine.I386 => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                WideMember = 4,
                LongDouble = 12,
                LongDoubleAlignment = 4,
                WideCharacter = "long",
            },
            ElfMachine.Arm => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                IsCharSigned = false,
                LongDouble = 8,
                LongDoubleAlignment = 8,
                Biggest = 8,
                WideCharacter = "unsigned int",
                UnnamedBitsAlign = true,
            },
            ElfMachine.AArch64 => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                IsCharSigned = false,
                WideCharacter = "unsigned int",
                UnnamedBitsAlign = true,
            },
            ElfMachine.RiscV => new CAbi { Pointer = pointer, Long = integer, IsCharSigned = false },
            ElfMachine.PowerPC or ElfMachine.PowerPC64 => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                IsCharSigned = false,
                WideCharacter = is64 ? "int" : "long",
            },
            ElfMachine.Mips => new CAbi
            {
                Pointer = pointer,
                Long = integer,
                LongDouble = is64 ? 16 : 8,
                LongDoubleAlignment = is64 ? 16 : 8,
                Biggest = is64 ? 16 : 8,
                WideCharacter = is64 ? "int" : "long",
            },
            _ => new CAbi { Pointer = pointer, Long = integer },
        };
    }
}
