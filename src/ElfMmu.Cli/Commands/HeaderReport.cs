using System.Globalization;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Details;

namespace ElfMmu.Cli.Commands;

/// <summary>An ELF header as facts, in the order of the file.</summary>
internal static class HeaderReport
{
    /// <summary>Every field of e_ident and of the header, with the words for it and the counts it means.</summary>
    public static Report Of(string path, ElfHeader header)
    {
        byte[] ident =
        [
            0x7f, (byte)'E', (byte)'L', (byte)'F', header.ClassField, header.DataField, header.IdentVersion, (byte)header.OsAbi,
            header.AbiVersion, .. header.IdentPadding,
        ];
        string[] bytes = [.. ident.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))];
        string flags = string.Concat(header.FlagNames.Select(n => ", " + n));
        return new Report { Title = $"{path}: ELF header" }
            .Add("path", null, path)
            .Add("ident", "Magic", string.Join(' ', bytes))
            .Add("class", "Class", ElfNames.Class(header.Class), header.Class == ElfClass.Elf32 ? "ELF32" : "ELF64")
            .Add("classField", null, header.ClassField)
            .Add("data", "Data", ElfNames.Data(header.Data), "2's complement, " + Endian(header.Data))
            .Add("dataField", null, header.DataField)
            .Add("identVersion", "Version", header.IdentVersion, Version(header.IdentVersion))
            .Add("osAbi", null, (byte)header.OsAbi)
            .Add("osAbiName", "OS/ABI", header.OsAbiName, $"{header.OsAbiDescription} ({header.OsAbiName})")
            .Add("osAbiDescription", null, header.OsAbiDescription)
            .Add("abiVersion", "ABI version", header.AbiVersion)
            .Add("identPadding", null, string.Join(' ', bytes[9..]))
            .Add("type", null, (ushort)header.Type)
            .Add("typeName", "Type", header.TypeName, $"{header.TypeDescription} ({header.TypeName})")
            .Add("typeDescription", null, header.TypeDescription)
            .Add("machine", null, (ushort)header.Machine)
            .Add("machineName", "Machine", header.MachineName, $"{header.MachineDescription} ({header.MachineName})")
            .Add("machineDescription", null, header.MachineDescription)
            .Add("version", "Version", header.Version, new Hex(header.Version).ToString())
            .Add("entryPoint", "Entry point address", new Hex(header.EntryPoint))
            .AddOffset("programHeaderOffset", "Start of program headers", header.ProgramHeaderOffset)
            .AddOffset("sectionHeaderOffset", "Start of section headers", header.SectionHeaderOffset)
            .Add("flags", "Flags", new Hex(header.Flags), new Hex(header.Flags) + flags)
            .Add("flagNames", null, header.FlagNames)
            .AddSize("headerSize", "Size of this header", header.HeaderSize)
            .AddSize("programHeaderEntrySize", "Size of program headers", header.ProgramHeaderEntrySize)
            .AddField("programHeaderCount", "Number of program headers",
                header.ProgramHeaderCountField, header.ProgramHeaderCount)
            .AddSize("sectionHeaderEntrySize", "Size of section headers", header.SectionHeaderEntrySize)
            .AddField("sectionHeaderCount", "Number of section headers",
                header.SectionHeaderCountField, header.SectionHeaderCount)
            .AddField("sectionNameIndex", "Section of section names", header.SectionNameIndexField, header.SectionNameIndex)
            .Add("warnings", null, header.Warnings);
    }

    /// <summary>What the file is.</summary>
    public static Report AddDetails(this Report report, ElfDetails details) => report
        .Add("kind", null, details.Kind.ToString())
        .Add("kindDescription", "Kind", details.KindDescription)
        .Add("isDynamic", "Dynamically linked", details.IsDynamic, Word(details.IsDynamic))
        .Add("interpreter", "Interpreter", details.Interpreter)
        .Add("sharedObjectName", "Shared object name", details.SharedObjectName)
        .Add("needed", "Needed libraries", details.Needed, string.Join(", ", details.Needed))
        .Add("buildId", "Build id", details.BuildId)
        .Add("hasSymbolTable", "Symbol table", details.HasSymbolTable, Word(details.HasSymbolTable))
        .Add("hasDebugInformation", "Debugging information", details.HasDebugInformation, Word(details.HasDebugInformation))
        .Add("isStripped", "Stripped", details.IsStripped, Word(details.IsStripped));

    private static string Word(bool? value) => value switch
    {
        true => "yes",
        false => "no",
        _ => "",
    };

    private static string Endian(ElfData data) => data == ElfData.BigEndian ? "big endian" : "little endian";

    private static string Version(byte version) => version == 1 ? "1 (current)" : $"{version} (unknown)";

    private static Report AddOffset(this Report report, string name, string label, ulong offset) =>
        report.Add(name, label, new Hex(offset), $"{offset} (bytes into file)");

    private static Report AddSize(this Report report, string name, string label, ushort size) =>
        report.Add(name, label, size, $"{size} (bytes)");

    /// <summary>A 16-bit field as it is, and what section 0 says where the field can't hold it.</summary>
    private static Report AddField(this Report report, string name, string label, ushort field, ulong meant) => report
        .Add(name + "Field", null, field)
        .Add(name, label, meant, field == meant ? $"{field}" : $"{field} ({meant})");
}
