using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// ELF cores of physical memory: QEMU's <c>dump-guest-memory</c> and kdump's /proc/vmcore (the physical address is p_paddr),
/// those of VirtualBox, and those with a FOSSIL note (the physical address is p_vaddr, and segments without bytes are devices); and the cores of
/// Xen domains, which have sections instead of segments.
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
            throw NoMemory(source, $"an ELF file of type {elf.Header.TypeName}, not a core of physical memory (if it is memory that starts with one, give the "
                + "physical address of its first byte: -RamBase or --ram-base)");
        }

        if (XenCore.Find(elf, source) is { } xen)
        {
            return xen.Read(opening);
        }

        ElfProgramHeader[] segments = elf.ReadProgramHeaders();
        var notes = new DumpNotes(elf, segments);
        bool fossil = notes.Fossil != null;
        ElfProgramHeader[] loads = [.. segments.Where(s => s.Type == ElfSegmentType.Load)];
        if (!fossil && !notes.IsMachineDump && IsProcessCore(loads))
        {
            throw NoMemory(source, "the core of a single process: its segments have no physical addresses");
        }

        var memory = new ElfMemory(source, elf.Header, fossil, fossil || notes.VirtualBox.IsPresent, opening.ZeroFill);
        for (int i = 0; i < loads.Length; i++)
        {
            memory.Add(loads[i], i);
        }

        if (memory.Runs.Count == 0)
        {
            throw memory.IsCut ? Truncated(source, loads) : NoMemory(source, "an ELF core without a segment that holds physical memory");
        }

        var remarks = new List<string>();
        var warnings = new List<string>();
        List<PhysicalRun> runs = OverlappingRuns.Settle(memory.Runs, IsKernels(loads, notes), remarks, warnings);
        List<PhysicalRun> zeros = memory.Zeros.Count == 0 ? [] : OverlappingRuns.Rest(memory.Zeros, runs);

        // What a raw image became knows no more of where it was than the image did.
        bool isImage = !notes.IsPlaced && runs is [{ Start: 0 }];
        bool isGiven = isImage && (opening.RamBase != null || opening.Layout != null);
        if (isGiven)
        {
            runs = Placed(runs[0], opening);
        }

        var machine = new Machine
        {
            Architecture = ArchitectureOf(elf.Header.Machine),
            ByteOrder = elf.Header.Data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little,
            WordSize = elf.Header.Machine == ElfMachine.None ? null : WordSizeOf(elf.Header),
            EncryptionMask = VmcoreInfo.Number(notes.VmcoreInfo.Span, "NUMBER(sme_mask)") ?? 0,
            Cpus = notes.Cpus,
            Devices = memory.Devices,
        };
        if (notes.VirtualBox.IsPresent)
        {
            machine = machine with { Architecture = Architecture.X86, WordSize = X86WordSize.Of(notes.Cpus, runs) };
        }

        var content = new DumpContent
        {
            Container = fossil ? "ELF core with FOSSIL note" : notes.VirtualBox.IsPresent ? "VirtualBox core" : "ELF core of physical memory",
            Runs = [.. runs, .. zeros],
            IsPlaced = !isImage || isGiven,
            IsPlacedAsGiven = isGiven,
            Loss = notes.Loss,
            Machine = fossil ? notes.Fossil!.AddTo(machine) : machine,
            VmcoreInfo = notes.VmcoreInfo,
            MissingSize = notes.Loss is { } loss && loss.Size <= ulong.MaxValue - memory.MissingSize ? memory.MissingSize + loss.Size : memory.MissingSize,
            LeftOutSize = memory.LeftOutSize,
            Facts = notes.VirtualBox.IsPresent ? notes.VirtualBox.Facts() : notes.Facts ?? KernelFacts.Of(notes.VmcoreInfo.Span),
        };
        content.Remarks.Add($"'{source.Name}' is an {content.Container}: {elf.Header.MachineName}, {Plural.Of(runs.Count, "run")} of memory, "
            + $"{Plural.Of(notes.Cpus.Count, "processor")}.");
        // Oddities of the header do no harm here (QEMU 7.2 writes an e_ehsize of 8); Get-ElfHeader is the place for them.
        content.Remarks.AddRange(elf.Header.Warnings);
        content.Warnings.AddRange(notes.Warnings);
        content.Remarks.AddRange(remarks);
        content.Warnings.AddRange([.. memory.Warnings(), .. warnings, .. (notes.Loss?.Describe() ?? []).Select(l => $"'{source.Name}': {l}")]);
        return content;
    }

    /// <summary>The pieces of an image that was in other places than it says, or in another one.</summary>
    private static List<PhysicalRun> Placed(PhysicalRun image, DumpOpening opening)
    {
        IReadOnlyList<RawPiece> pieces = opening.Layout?.Pieces ?? [new RawPiece(0, opening.RamBase!.Value)];
        return [.. pieces.Select((piece, i) => RawReader.Run(image, piece, i + 1 < pieces.Count ? pieces[i + 1].Offset : image.Size))];
    }

    /// <summary>Whether a kernel made the headers: it maps its own text elsewhere than all RAM, and lists it besides.</summary>
    private static bool IsKernels(ElfProgramHeader[] loads, DumpNotes notes) =>
        !notes.VmcoreInfo.IsEmpty && loads.Where(l => l.VirtualAddress != 0).Select(l => l.VirtualAddress - l.PhysicalAddress).Distinct().Take(2).Count() == 2;

    /// <summary>Linux writes 0 to every p_paddr of a process's core.</summary>
    private static bool IsProcessCore(ElfProgramHeader[] loads) =>
        loads.Length > 0
        && loads.All(l => l.PhysicalAddress == 0)
        && loads.Any(l => l.VirtualAddress != 0)
        && loads.Length > 1;

    private static ElfMmuException Truncated(DataSource source, ElfProgramHeader[] loads) => new(
        "DumpTruncated",
        ErrorKind.InvalidData,
        $"'{source.Name}' has 0x{source.Length:x} bytes, but its memory begins at offset 0x{loads.Where(l => l.FileSize > 0).Min(l => l.Offset):x}. Nothing of it is "
        + "left: the dump is cut off, or its headers are wrong. Fetch the whole file.")
    { Path = source.Name, Offset = source.Length };

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
