using ElfMmu.Elf;

namespace ElfMmu.Dwarf;

/// <summary>What debug information is written for: a machine, the width of its addresses, a byte order and a version of DWARF.</summary>
public sealed class DwarfTarget
{
    /// <summary>Makes a target.</summary>
    /// <param name="machine">The processor. Any will do; frames need one of those <see cref="DwarfRegisters"/> knows.</param>
    /// <param name="elfClass">The width of addresses: 32 or 64 bits.</param>
    /// <param name="data">The byte order.</param>
    /// <param name="version">The version of DWARF: 4 or 5. Both are written in the 32-bit format, which holds 4 GiB a section.</param>
    /// <exception cref="ElfMmuException"><c>DwarfTargetInvalid</c>: no such class, byte order or version.</exception>
    public DwarfTarget(ElfMachine machine, ElfClass elfClass, ElfData data, int version = 5)
    {
        if (elfClass is not (ElfClass.Elf32 or ElfClass.Elf64))
        {
            throw Invalid($"The class of the target is {(byte)elfClass}, and debug information is written for 1 (32 bits) and 2 (64).");
        }

        if (data is not (ElfData.LittleEndian or ElfData.BigEndian))
        {
            throw Invalid($"The byte order of the target is {(byte)data}, and only 1 (little) and 2 (big) exist.");
        }

        if (version is not (4 or 5))
        {
            throw Invalid($"DWARF version {version} isn't written; take 4 or 5.");
        }

        Machine = machine;
        Class = elfClass;
        Data = data;
        Version = version;
        DataModel = elfClass == ElfClass.Elf64 ? DwarfDataModel.Lp64 : DwarfDataModel.Ilp32;
        Registers = DwarfRegisters.Of(machine, elfClass);
    }

    /// <summary>The processor.</summary>
    public ElfMachine Machine { get; }

    /// <summary>The width of addresses.</summary>
    public ElfClass Class { get; }

    /// <summary>The byte order.</summary>
    public ElfData Data { get; }

    /// <summary>The version of DWARF: 4 or 5.</summary>
    public int Version { get; }

    /// <summary>
    /// How wide the integers of C are. From the class, Unix's: <see cref="DwarfDataModel.Lp64"/> or <see cref="DwarfDataModel.Ilp32"/>;
    /// set <see cref="DwarfDataModel.Llp64"/> for 64-bit Windows.
    /// </summary>
    public DwarfDataModel DataModel { get; init; }

    /// <summary>The size of an address in bytes: 4 or 8.</summary>
    public int AddressSize => Class == ElfClass.Elf64 ? 8 : 4;

    /// <summary>The numbers of the registers frames are described with; null for a machine that isn't known.</summary>
    public DwarfRegisters? Registers { get; }

    /// <summary>The target of an ELF file.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="version">The version of DWARF: 4 or 5.</param>
    /// <exception cref="ElfMmuException"><c>DwarfTargetInvalid</c>: no such version.</exception>
    public static DwarfTarget Of(ElfHeader header, int version = 5)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new DwarfTarget(header.Machine, header.Class, header.Data, version);
    }

    private static ElfMmuException Invalid(string message) => new("DwarfTargetInvalid", ErrorKind.InvalidArgument, message);
}
