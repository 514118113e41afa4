using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// ELF cores of physical memory: QEMU's <c>dump-guest-memory</c> and kdump's /proc/vmcore (the physical address is p_paddr),
/// and those with a FOSSIL note (the physical address is p_vaddr, and segments without bytes are devices).
/// </summary>
internal sealed class ElfDumpReader : IDumpReader
{
    public bool Matches(ReadOnlySpan<byte> head, string path) => ElfReader.IsElf(head);

    /// <summary>
    /// Whether an ELF file starts like a core. Memory may start like another one: the flat image of an executable does, for its first segment
    /// brings the file's header along.
    /// </summary>
    public static bool IsCore(ReadOnlySpan<byte> head)
    {
        const int TypeAt = 16;
        return head.Length < TypeAt + 2
            || (ElfType)((ElfData)head[5] == ElfData.BigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(head[TypeAt..])
                : BinaryPrimitives.ReadUInt16LittleEndian(head[TypeAt..])) == ElfType.Core;
    }

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        ElfReader elf = ElfReader.Open(new DataSourceElfInput(source));
        if (elf.Header.Type != ElfType.Core)
        {
            throw NoMemory(source, $"an ELF file of type {elf.Header.TypeName}, not a core of physical memory (if it is memory that starts with one, say at which "
                + "physical address)");
        }

        ElfProgramHeader[] segments = elf.ReadProgramHeaders();
        var notes = new DumpNotes(elf, segments);
        bool fossil = notes.Fossil != null;
        ElfProgramHeader[] loads = [.. segments.Where(s => s.Type == ElfSegmentType.Load)];
        if (!fossil && !notes.IsMachineDump && IsProcessCore(loads))
        {
            throw NoMemory(source, "the core of a single process: its segments have no physical addresses");
        }

        var runs = new List<PhysicalRun>(loads.Length);
        var devices = new List<PhysicalRegion>();
        ulong withoutAddress = 0;
        for (int i = 0; i < loads.Length; i++)
        {
            ref readonly ElfProgramHeader load = ref loads[i];
            ulong address = fossil ? load.VirtualAddress : load.PhysicalAddress;
            Check(source, elf.Header, load, i, address);
            if (load.FileSize > 0 && !fossil && address == Unknown(elf.Header))
            {
                withoutAddress++;
            }
            else if (load.FileSize > 0)
            {
                runs.Add(new PhysicalRun(address, load.FileSize, source, load.Offset));
            }
            else if (fossil && load.MemorySize > 0 && load.MemorySize - 1 <= ulong.MaxValue - address)
            {
                devices.Add(new PhysicalRegion(address, load.MemorySize));
            }
        }

        if (runs.Count == 0)
        {
            throw NoMemory(source, "an ELF core without a segment that holds physical memory");
        }

        var machine = new Machine
        {
            Architecture = ArchitectureOf(elf.Header.Machine),
            ByteOrder = elf.Header.Data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little,
            WordSize = elf.Header.Machine == ElfMachine.None ? null : WordSizeOf(elf.Header),
            EncryptionMask = VmcoreInfo.Number(notes.VmcoreInfo.Span, "NUMBER(sme_mask)") ?? 0,
            Cpus = notes.Cpus,
            Devices = devices,
        };
        var content = new DumpContent
        {
            Container = fossil ? "ELF core with FOSSIL note" : "ELF core of physical memory",
            Runs = runs,
            Machine = fossil ? notes.Fossil!.AddTo(machine) : machine,
            VmcoreInfo = notes.VmcoreInfo,
            Facts = notes.Facts,
        };
        content.Remarks.Add($"'{source.Name}' is an {content.Container}: {elf.Header.MachineName}, {runs.Count} runs of memory, "
            + $"{notes.Cpus.Count} processors.");
        // Oddities of the header do no harm here (QEMU 7.2 writes an e_ehsize of 8); Get-ElfHeader is the place for them.
        content.Remarks.AddRange(elf.Header.Warnings);
        content.Warnings.AddRange(notes.Warnings);
        if (withoutAddress > 0)
        {
            content.Warnings.Add($"{withoutAddress} segments of '{source.Name}' have no physical address and are left out.");
        }

        return content;
    }

    /// <summary>A p_paddr of all ones says that the physical address isn't known, as in /proc/kcore.</summary>
    private static ulong Unknown(ElfHeader header) => header.Class == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;

    /// <summary>Linux writes 0 to every p_paddr of a process's core.</summary>
    private static bool IsProcessCore(ElfProgramHeader[] loads) =>
        loads.Length > 0
        && loads.All(l => l.PhysicalAddress == 0)
        && loads.Any(l => l.VirtualAddress != 0)
        && loads.Length > 1;

    private static void Check(DataSource source, ElfHeader header, in ElfProgramHeader load, int index, ulong address)
    {
        if (load.FileSize == 0)
        {
            return;
        }

        if (load.Offset > source.Length || load.FileSize > source.Length - load.Offset)
        {
            ulong have = load.Offset > source.Length ? 0 : source.Length - load.Offset;
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"LOAD segment {index} of '{source.Name}' (physical 0x{address:x}) asks for 0x{load.FileSize:x} bytes at offset "
                + $"0x{load.Offset:x}, but the file has only 0x{have:x} there. The dump is cut off, or its headers are wrong.")
            { Path = source.Name, Offset = load.Offset };
        }

        ulong top = header.Class == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;
        if (load.FileSize > load.MemorySize || (load.FileSize - 1 > top - address && address != Unknown(header)))
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"LOAD segment {index} of '{source.Name}' contradicts itself: address 0x{address:x}, 0x{load.FileSize:x} bytes in the "
                + $"file, 0x{load.MemorySize:x} in memory. The dump is damaged.")
            { Path = source.Name };
        }
    }

    /// <summary>The architecture of a machine; Unknown for one that has no paging mode here.</summary>
    internal static Architecture ArchitectureOf(ElfMachine machine) => machine switch
    {
        ElfMachine.I386 or ElfMachine.X86_64 => Architecture.X86,
        ElfMachine.Arm => Architecture.Arm,
        ElfMachine.AArch64 => Architecture.AArch64,
        ElfMachine.RiscV => Architecture.RiscV,
        ElfMachine.PowerPC or ElfMachine.PowerPC64 => Architecture.PowerPC,
        ElfMachine.Mips => Architecture.Mips,
        _ => Architecture.Unknown,
    };

    /// <summary>The word size of a machine; it decides before the class: QEMU writes 32-bit PCs as ELFCLASS64.</summary>
    internal static int WordSizeOf(ElfHeader header) => header.Machine switch
    {
        ElfMachine.I386 or ElfMachine.Arm or ElfMachine.PowerPC => 32,
        ElfMachine.X86_64 or ElfMachine.AArch64 or ElfMachine.PowerPC64 => 64,
        _ => header.Class == ElfClass.Elf64 ? 64 : 32,
    };

    private static ElfMmuException NoMemory(DataSource source, string what) => new(
        "NotAMemoryDump",
        ErrorKind.InvalidData,
        $"'{source.Name}' is {what}. Give a dump of a machine's physical memory.")
    { Path = source.Name };
}
