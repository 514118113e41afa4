using System.Collections.Concurrent;
using System.Globalization;

namespace ElfMmu.Elf.Relocations;

/// <summary>The names of relocation types (each processor's supplement to the ABI, as GNU binutils names them). Never fails.</summary>
public static class ElfRelocationTypes
{
    private static readonly ConcurrentDictionary<string, RelocationTypeTable> Tables = new(ReferenceEqualityComparer.Instance);

    /// <summary>The canonical name of a type, such as R_X86_64_GLOB_DAT; R_X86_64_0x63 where the number has none. O(1).</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="type">The number.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which tells two sets of MSP430 apart.</param>
    public static string Name(ElfMachine machine, uint type, ElfOsAbi osAbi = ElfOsAbi.None) =>
        Table(machine, osAbi) is { } table ? table[type] : Prefix(machine) + "0x" + type.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The names of a machine that are known, in the order of their numbers; empty where none are. O(names).</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="osAbi">e_ident[EI_OSABI], which tells two sets of MSP430 apart.</param>
    public static IReadOnlyList<KeyValuePair<uint, string>> Known(ElfMachine machine, ElfOsAbi osAbi = ElfOsAbi.None) =>
        Table(machine, osAbi)?.Names ?? [];

    /// <summary>The type that adds the base address, which is what SHT_RELR stands for; null where the machine has none.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="osAbi">e_ident[EI_OSABI].</param>
    internal static uint? Relative(ElfMachine machine, ElfOsAbi osAbi) => Table(machine, osAbi)?.Relative;

    private static RelocationTypeTable? Table(ElfMachine machine, ElfOsAbi osAbi) => RelocationTables.Of(machine, osAbi) is { } text
        ? Tables.GetOrAdd(text, static text => new RelocationTypeTable(text))
        : null;

    private static string Prefix(ElfMachine machine) => "R_" + ElfNames.Machine(machine)[3..] + "_";
}
