using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What the notes and the VMCOREINFO text of a kdump-compressed file say about the machine.</summary>
internal static class KdumpNotes
{
    // The kernel's own is one page; nobody's is larger than this.
    private const ulong MostVmcoreInfo = 1 << 20;

    /// <summary>Reads them; what is damaged is said in a warning.</summary>
    public static DumpNotes Read(KdumpFile file, List<string> warnings)
    {
        KdumpHeader header = file.Header;
        KdumpSubHeader sub = file.SubHeader;
        ElfProgramHeader[] segments = sub.NotesSize == 0
            ? []
            : [new ElfProgramHeader { Type = ElfSegmentType.Note, Offset = sub.NotesAt, FileSize = sub.NotesSize, Alignment = 4 }];
        var notes = new DumpNotes(
            new DataSourceElfInput(file.Source),
            MachineOf(header),
            header.Layout.WordSize == 64 ? ElfClass.Elf64 : ElfClass.Elf32,
            header.Layout.IsBigEndian ? ElfData.BigEndian : ElfData.LittleEndian,
            segments);
        warnings.AddRange(notes.Warnings);
        if (notes.VmcoreInfo.IsEmpty && sub.VmcoreInfoSize > 0)
        {
            if (sub.VmcoreInfoSize > MostVmcoreInfo || sub.VmcoreInfoAt > file.Source.Length || sub.VmcoreInfoSize > file.Source.Length - sub.VmcoreInfoAt)
            {
                warnings.Add($"The VMCOREINFO text of '{file.Source.Name}' ({sub.VmcoreInfoSize} bytes at offset 0x{sub.VmcoreInfoAt:x}) isn't in the file, and "
                    + "is left out.");
                return notes;
            }

            byte[] text = new byte[(int)sub.VmcoreInfoSize];
            file.Source.Read(sub.VmcoreInfoAt, text);
            notes.VmcoreInfo = text;
        }

        return notes;
    }

    /// <summary>The machine that the headers and the notes tell of.</summary>
    public static Machine MachineOf(KdumpHeader header, DumpNotes notes) => new()
    {
        Architecture = MachineNames.ParseArchitecture(header.Machine),
        ByteOrder = header.Layout.IsBigEndian ? ByteOrder.Big : ByteOrder.Little,
        WordSize = header.Layout.WordSize,
        EncryptionMask = VmcoreInfo.Number(notes.VmcoreInfo.Span, "NUMBER(sme_mask)") ?? 0,
        Cpus = notes.Cpus,
    };

    private static ElfMachine MachineOf(KdumpHeader header) =>
        MachineNumbers.Of(MachineNames.ParseArchitecture(header.Machine), header.Layout.WordSize);
}
