using System.Globalization;

namespace ElfMmu.Elf;

/// <summary>
/// Words for the numbers in a file: the canonical names of the specification (EM_X86_64), and descriptions as readelf prints
/// them (Advanced Micro Devices X86-64). Never fails: a number nobody registered is named by its value. A table is made when a name of it is
/// first asked for: together they would take longer than reading a small file.
/// </summary>
public static partial class ElfNames
{
    /// <summary>The canonical name of a class, such as ELFCLASS64.</summary>
    /// <param name="value">e_ident[EI_CLASS].</param>
    public static string Class(ElfClass value) => value switch
    {
        ElfClass.None => "ELFCLASSNONE",
        ElfClass.Elf32 => "ELFCLASS32",
        ElfClass.Elf64 => "ELFCLASS64",
        _ => Unknown("ELFCLASS", (byte)value),
    };

    /// <summary>The canonical name of a byte order, such as ELFDATA2LSB.</summary>
    /// <param name="value">e_ident[EI_DATA].</param>
    public static string Data(ElfData value) => value switch
    {
        ElfData.None => "ELFDATANONE",
        ElfData.LittleEndian => "ELFDATA2LSB",
        ElfData.BigEndian => "ELFDATA2MSB",
        _ => Unknown("ELFDATA", (byte)value),
    };

    /// <summary>The canonical name of a file type, such as ET_CORE or ET_LOOS+0x1.</summary>
    /// <param name="value">e_type.</param>
    public static string Type(ElfType value) => value switch
    {
        ElfType.None => "ET_NONE",
        ElfType.Relocatable => "ET_REL",
        ElfType.Executable => "ET_EXEC",
        ElfType.SharedObject => "ET_DYN",
        ElfType.Core => "ET_CORE",
        >= ElfType.ProcessorSpecificLow => InRange("ET_LOPROC", (ushort)value, 0xff00),
        >= ElfType.OsSpecificLow => InRange("ET_LOOS", (ushort)value, 0xfe00),
        _ => Unknown("ET_", (ushort)value),
    };

    /// <summary>A description of a file type, such as "Core file".</summary>
    /// <param name="value">e_type.</param>
    public static string TypeDescription(ElfType value) => value switch
    {
        ElfType.None => "None",
        ElfType.Relocatable => "Relocatable file",
        ElfType.Executable => "Executable file",
        ElfType.SharedObject => "Shared object file",
        ElfType.Core => "Core file",
        >= ElfType.ProcessorSpecificLow => "Processor Specific: (" + Hex((ushort)value) + ")",
        >= ElfType.OsSpecificLow => "OS Specific: (" + Hex((ushort)value) + ")",
        _ => "<unknown>: " + Hex((ushort)value),
    };

    /// <summary>The canonical name of a machine, such as EM_X86_64, or EM_0x1234 if nobody registered it.</summary>
    /// <param name="value">e_machine.</param>
    public static string Machine(ElfMachine value) =>
        Machines.TryGetValue(value, out var row) ? row.Name : Unknown("EM_", (ushort)value);

    /// <summary>A description of a machine, such as "Advanced Micro Devices X86-64".</summary>
    /// <param name="value">e_machine.</param>
    public static string MachineDescription(ElfMachine value) =>
        Machines.TryGetValue(value, out var row) ? row.Description : "<unknown>: 0x" + Hex((ushort)value);

    /// <summary>Whether the machine's number is a known one.</summary>
    /// <param name="value">e_machine.</param>
    public static bool IsKnown(ElfMachine value) => Machines.ContainsKey(value);

    /// <summary>The canonical name of an OS ABI, such as ELFOSABI_GNU.</summary>
    /// <param name="value">e_ident[EI_OSABI].</param>
    /// <param name="machine">e_machine, which owns the values from 64 to 254.</param>
    public static string OsAbi(ElfOsAbi value, ElfMachine machine) => OsAbiRow(value, machine).Name;

    /// <summary>A description of an OS ABI, such as "UNIX - GNU".</summary>
    /// <param name="value">e_ident[EI_OSABI].</param>
    /// <param name="machine">e_machine, which owns the values from 64 to 254.</param>
    public static string OsAbiDescription(ElfOsAbi value, ElfMachine machine) => OsAbiRow(value, machine).Description;

    private static (string Name, string Description) OsAbiRow(ElfOsAbi value, ElfMachine machine) => (value, machine) switch
    {
        (ElfOsAbi.None, _) => ("ELFOSABI_NONE", "UNIX - System V"),
        (ElfOsAbi.HpUx, _) => ("ELFOSABI_HPUX", "UNIX - HP-UX"),
        (ElfOsAbi.NetBsd, _) => ("ELFOSABI_NETBSD", "UNIX - NetBSD"),
        (ElfOsAbi.Gnu, _) => ("ELFOSABI_GNU", "UNIX - GNU"),
        (ElfOsAbi.Solaris, _) => ("ELFOSABI_SOLARIS", "UNIX - Solaris"),
        (ElfOsAbi.Aix, _) => ("ELFOSABI_AIX", "UNIX - AIX"),
        (ElfOsAbi.Irix, _) => ("ELFOSABI_IRIX", "UNIX - IRIX"),
        (ElfOsAbi.FreeBsd, _) => ("ELFOSABI_FREEBSD", "UNIX - FreeBSD"),
        (ElfOsAbi.Tru64, _) => ("ELFOSABI_TRU64", "UNIX - TRU64"),
        (ElfOsAbi.Modesto, _) => ("ELFOSABI_MODESTO", "Novell - Modesto"),
        (ElfOsAbi.OpenBsd, _) => ("ELFOSABI_OPENBSD", "UNIX - OpenBSD"),
        (ElfOsAbi.OpenVms, _) => ("ELFOSABI_OPENVMS", "VMS - OpenVMS"),
        (ElfOsAbi.NonStopKernel, _) => ("ELFOSABI_NSK", "HP - Non-Stop Kernel"),
        (ElfOsAbi.Aros, _) => ("ELFOSABI_AROS", "AROS"),
        (ElfOsAbi.FenixOs, _) => ("ELFOSABI_FENIXOS", "FenixOS"),
        (ElfOsAbi.CloudAbi, _) => ("ELFOSABI_CLOUDABI", "Nuxi CloudABI"),
        (ElfOsAbi.OpenVos, _) => ("ELFOSABI_OPENVOS", "Stratus Technologies OpenVOS"),
        (ElfOsAbi.C6000ElfAbi, ElfMachine.TiC6000) => ("ELFOSABI_C6000_ELFABI", "Bare-metal C6000"),
        (ElfOsAbi.C6000Linux, ElfMachine.TiC6000) => ("ELFOSABI_C6000_LINUX", "Linux C6000"),
        (ElfOsAbi.AmdGpuHsa, ElfMachine.AmdGpu) => ("ELFOSABI_AMDGPU_HSA", "AMD HSA"),
        (ElfOsAbi.ArmFdpic, ElfMachine.Arm) => ("ELFOSABI_ARM_FDPIC", "ARM FDPIC"),
        (ElfOsAbi.Arm, ElfMachine.Arm) => ("ELFOSABI_ARM", "ARM"),
        (ElfOsAbi.Standalone, _) => ("ELFOSABI_STANDALONE", "Standalone App"),
        _ => (Unknown("ELFOSABI_", (byte)value), "<unknown: " + Hex((byte)value) + ">"),
    };

    private static string Unknown(string prefix, uint value) => prefix + "0x" + Hex(value);

    private static string InRange(string first, uint value, uint low) => value == low ? first : first + "+0x" + Hex(value - low);

    private static string Hex(uint value) => value.ToString("x", CultureInfo.InvariantCulture);
}
