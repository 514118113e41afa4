namespace ElfMmu.Elf;

/// <summary>Finds what contradicts itself, the specification or the file in a header that can be read.</summary>
internal static class ElfHeaderChecks
{
    public static void Check(ElfHeader h, ulong length, bool hasSections, List<string> warnings)
    {
        CheckIdentity(h, warnings);
        CheckMachine(h, warnings);
        var (segment, section) = ((ulong)ElfEncoder.ProgramHeaderSize(h.Class), (ulong)ElfEncoder.SectionHeaderSize(h.Class));
        CheckEntrySize("e_phentsize", h.ProgramHeaderEntrySize, segment, h.ProgramHeaderCount, h, warnings);
        CheckEntrySize("e_shentsize", h.SectionHeaderEntrySize, section, h.SectionHeaderCount, h, warnings);
        CheckTable("e_phoff", "program", h.ProgramHeaderOffset, h.ProgramHeaderCount, segment, h, length, warnings);
        if (hasSections)
        {
            CheckTable("e_shoff", "section", h.SectionHeaderOffset, h.SectionHeaderCount, section, h, length, warnings);
            CheckOverlap(h, segment, section, length, warnings);
        }

        if (h.ProgramHeaderOffset != 0 && h.ProgramHeaderCount == 0)
        {
            warnings.Add($"e_phoff is 0x{h.ProgramHeaderOffset:x}, but there are no program headers.");
        }

        if (h.SectionNameIndex != 0 && h.SectionNameIndex >= h.SectionHeaderCount)
        {
            warnings.Add($"e_shstrndx is {h.SectionNameIndex}, but there are only {h.SectionHeaderCount} sections.");
        }
    }

    private static void CheckIdentity(ElfHeader h, List<string> warnings)
    {
        if (h.IdentVersion != 1)
        {
            warnings.Add($"e_ident[EI_VERSION] is {h.IdentVersion}, and only 1 exists.");
        }

        if (h.Version != 1)
        {
            warnings.Add($"e_version is {h.Version}, and only 1 exists.");
        }

        for (var i = 0; i < h.IdentPadding.Count; i++)
        {
            if (h.IdentPadding[i] != 0)
            {
                warnings.Add($"e_ident[{i + 9}] is 0x{h.IdentPadding[i]:x2}, but the padding up to e_ident[15] ought to be 0.");
                break;
            }
        }

        if (h.Type is > ElfType.Core and < ElfType.OsSpecificLow)
        {
            warnings.Add($"e_type is 0x{(ushort)h.Type:x}, which is no registered type.");
        }

        var size = ElfEncoder.HeaderSize(h.Class);
        if (h.HeaderSize != size)
        {
            warnings.Add($"e_ehsize is {h.HeaderSize}, but the header of {Article(h)} file has {size} bytes.");
        }
    }

    private static void CheckMachine(ElfHeader h, List<string> warnings)
    {
        if (!ElfNames.IsKnown(h.Machine))
        {
            warnings.Add($"e_machine is 0x{(ushort)h.Machine:x}, which is no registered machine.");
            return;
        }

        var only = OnlyClass(h.Machine);
        if (only != ElfClass.None && only != h.Class)
        {
            var bits = only == ElfClass.Elf32 ? 32 : 64;
            warnings.Add($"e_machine is {h.MachineName}, a {bits}-bit machine, but the class is {ElfNames.Class(h.Class)}.");
        }

        var order = OnlyData(h.Machine);
        if (order != ElfData.None && order != h.Data)
        {
            var word = order == ElfData.LittleEndian ? "little" : "big";
            var actual = ElfNames.Data(h.Data);
            warnings.Add($"e_machine is {h.MachineName}, a {word}-endian machine, but the byte order is {actual}.");
        }
    }

    // Only machines whose psABI leaves no choice: EM_X86_64 and EM_AARCH64 have 32-bit ABIs (x32, ILP32) and aren't here.
    private static ElfClass OnlyClass(ElfMachine machine) => machine switch
    {
        ElfMachine.I386 or ElfMachine.IntelMcu or ElfMachine.Arm or ElfMachine.PowerPC or ElfMachine.Sparc
            or ElfMachine.Sparc32Plus or ElfMachine.M68K or ElfMachine.OpenRisc or ElfMachine.MicroBlaze => ElfClass.Elf32,
        ElfMachine.PowerPC64 or ElfMachine.SparcV9 or ElfMachine.Alpha or ElfMachine.Bpf => ElfClass.Elf64,
        _ => ElfClass.None,
    };

    private static ElfData OnlyData(ElfMachine machine) => machine switch
    {
        ElfMachine.I386 or ElfMachine.IntelMcu or ElfMachine.X86_64 or ElfMachine.Alpha or ElfMachine.LoongArch =>
            ElfData.LittleEndian,
        ElfMachine.S390 or ElfMachine.M68K or ElfMachine.PaRisc or ElfMachine.Sparc or ElfMachine.Sparc32Plus
            or ElfMachine.SparcV9 => ElfData.BigEndian,
        _ => ElfData.None,
    };

    private static void CheckEntrySize(
        string field, ushort actual, ulong expected, ulong count, ElfHeader h, List<string> warnings)
    {
        if (count > 0 && actual != expected)
        {
            warnings.Add($"{field} is {actual}, but an entry of {Article(h)} file has {expected} bytes; {expected} is used.");
        }
    }

    private static void CheckTable(
        string field, string kind, ulong offset, ulong count, ulong size, ElfHeader h, ulong length, List<string> warnings)
    {
        if (count == 0)
        {
            return;
        }

        if (offset == 0)
        {
            warnings.Add($"{field} is 0, but there are {count} {kind} headers.");
            return;
        }

        if (offset < (ulong)ElfEncoder.HeaderSize(h.Class))
        {
            warnings.Add($"{field} is 0x{offset:x}, so the {kind} headers overlap the ELF header.");
        }

        if (offset > length)
        {
            warnings.Add($"{field} is 0x{offset:x}, but the file ends at 0x{length:x}.");
        }
        else if (count > (length - offset) / size)
        {
            warnings.Add(
                $"{count} {kind} headers of {size} bytes at 0x{offset:x} don't fit into the file, which ends at 0x{length:x}; " +
                $"at most {(length - offset) / size} do.");
        }
    }

    private static void CheckOverlap(ElfHeader h, ulong segment, ulong section, ulong length, List<string> warnings)
    {
        // Only tables that lie in the file: the others are reported already, and their ends can't overflow then.
        if (End(h.ProgramHeaderOffset, h.ProgramHeaderCount, segment, length) is { } segmentsEnd
            && End(h.SectionHeaderOffset, h.SectionHeaderCount, section, length) is { } sectionsEnd
            && h.ProgramHeaderOffset < sectionsEnd && h.SectionHeaderOffset < segmentsEnd)
        {
            warnings.Add(
                $"the program headers (0x{h.ProgramHeaderOffset:x} to 0x{segmentsEnd:x}) and the section headers " +
                $"(0x{h.SectionHeaderOffset:x} to 0x{sectionsEnd:x}) overlap.");
        }
    }

    private static ulong? End(ulong offset, ulong count, ulong size, ulong length) =>
        count == 0 || offset > length || count > (length - offset) / size ? null : offset + (count * size);

    private static string Article(ElfHeader h) => h.Class == ElfClass.Elf32 ? "a 32-bit" : "a 64-bit";
}
