using System.Collections.Frozen;

namespace ElfMmu.Elf.Writing;

/// <summary>
/// Which sections are arrays of numbers, and of how wide ones: each digit is the width of a field in bytes, and the digits are repeated to the
/// end of the section. Sections that aren't here are bytes, or chains that <see cref="ElfByteOrder"/> follows.
/// </summary>
internal static class ElfFieldWidths
{
    /// <summary>The header in front of a compressed section (gABI, Elf32_Chdr and Elf64_Chdr).</summary>
    public static (string Narrow, string Wide) CompressionHeader => ("444", "4488");

    private static readonly FrozenDictionary<uint, (string Narrow, string Wide)> Widths = new Dictionary<uint, (string, string)>
    {
        [ElfSectionTypes.SymTab] = ("444112", "411288"),
        [ElfSectionTypes.DynSym] = ("444112", "411288"),
        [ElfSectionTypes.Rela] = ("444", "888"),
        [ElfSectionTypes.Rel] = ("44", "88"),
        [ElfSectionTypes.Relr] = ("4", "8"),
        [ElfSectionTypes.Dynamic] = ("44", "88"),
        [ElfSectionTypes.Hash] = ("4", "4"),
        [ElfSectionTypes.InitArray] = ("4", "8"),
        [ElfSectionTypes.FiniArray] = ("4", "8"),
        [ElfSectionTypes.PreInitArray] = ("4", "8"),
        [ElfSectionTypes.Group] = ("4", "4"),
        [ElfSectionTypes.SymTabIndices] = ("4", "4"),
        [ElfSectionTypes.SymbolVersions] = ("2", "2"),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<(ElfMachine, uint), (string Narrow, string Wide)> MachineWidths =
        new Dictionary<(ElfMachine, uint), (string, string)>
        {
            // r_sym is a word of its own, and the special symbol and three types behind it are bytes.
            [(ElfMachine.Mips, ElfSectionTypes.Rela)] = ("444", "8411118"),
            [(ElfMachine.Mips, ElfSectionTypes.Rel)] = ("44", "841111"),
            [(ElfMachine.Mips, ElfSectionTypes.MipsRegisters)] = ("4", "4"),
            [(ElfMachine.Mips, ElfSectionTypes.MipsAbiFlags)] = ("21111114444", "21111114444"),
            [(ElfMachine.Arm, ElfSectionTypes.ArmExceptionIndex)] = ("4", "4"),
        }.ToFrozenDictionary();

    /// <summary>The widths of a section's fields; null if it isn't an array of numbers.</summary>
    public static string? Find(uint type, ulong entrySize, ElfMachine machine, bool is64)
    {
        if (type == ElfSectionTypes.Hash && is64 && entrySize == 8)
        {
            // Alpha and s390x count in 8 bytes.
            return "8";
        }

        if (!MachineWidths.TryGetValue((machine.IsMips() ? ElfMachine.Mips : machine, type), out (string Narrow, string Wide) widths)
            && !Widths.TryGetValue(type, out widths))
        {
            return null;
        }

        return is64 ? widths.Wide : widths.Narrow;
    }
}
