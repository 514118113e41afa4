using System.Globalization;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The ELF header (-h).</summary>
internal sealed class HeaderArea : IReadelfArea
{
    public string Option => "-h";

    public IEnumerable<ReadelfLine> Lines(ElfFile file)
    {
        ElfHeader h = file.Header;
        byte[] ident = [0x7f, .. "ELF"u8, (byte)h.Class, (byte)h.Data, h.IdentVersion, (byte)h.OsAbi, h.AbiVersion, .. h.IdentPadding];
        yield return new("ELF Header:");
        yield return new("  Magic:   " + string.Concat(ident.Select(b => b.ToString("x2", CultureInfo.InvariantCulture) + " ")), ident.Length);
        yield return Field("Class", h.Class == ElfClass.Elf64 ? "ELF64" : "ELF32");
        yield return Field("Data", "2's complement, " + (h.Data == ElfData.LittleEndian ? "little" : "big") + " endian");
        yield return Field("Version", h.IdentVersion == 1 ? "1 (current)" : $"{h.IdentVersion} <unknown>");
        yield return Field("OS/ABI", h.OsAbiDescription);
        yield return Field("ABI Version", $"{h.AbiVersion}");
        yield return Field("Type", $"{h.TypeName[3..]} ({h.TypeDescription})");
        yield return Field("Machine", h.MachineDescription);
        yield return Field("Version", $"0x{h.Version:x}");
        yield return Field("Entry point address", $"0x{h.EntryPoint:x}");
        yield return Field("Start of program headers", $"{h.ProgramHeaderOffset} (bytes into file)");
        yield return Field("Start of section headers", $"{h.SectionHeaderOffset} (bytes into file)");
        yield return Field("Flags", string.Join(", ", h.FlagNames.Prepend($"0x{h.Flags:x}")));
        yield return Field("Size of this header", $"{h.HeaderSize} (bytes)");
        yield return Field("Size of program headers", $"{h.ProgramHeaderEntrySize} (bytes)");
        yield return Field("Number of program headers", Resolved(h.ProgramHeaderCountField, h.ProgramHeaderCount));
        yield return Field("Size of section headers", $"{h.SectionHeaderEntrySize} (bytes)");
        yield return Field("Number of section headers", Resolved(h.SectionHeaderCountField, h.SectionHeaderCount));
        yield return Field("Section header string table index", Resolved(h.SectionNameIndexField, h.SectionNameIndex));
    }

    // Whether a shared object is a program stands in its dynamic section, which readelf looks into for the header's line.
    public string? Excuse(string theirs, string ours) =>
        theirs == "  Type:                              DYN (Position-Independent Executable file)"
            && ours == "  Type:                              DYN (Shared object file)"
                ? "DF_1_PIE is named with the type" : null;

    private static ReadelfLine Field(string name, string value) => new($"  {name + ":",-34} {value}", 1);

    private static string Resolved(ulong field, ulong meant) => field == meant ? $"{field}" : $"{field} ({meant})";
}
