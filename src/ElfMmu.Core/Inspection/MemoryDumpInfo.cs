using System.Collections.Specialized;
using ElfMmu.Dumps;

namespace ElfMmu.Inspection;

/// <summary>
/// What a dump is and what it knows of its machine, without anything of it being open: <see cref="DumpInspector"/> makes it. It never changes.
/// </summary>
public sealed class MemoryDumpInfo
{
    internal MemoryDumpInfo(DumpIdentity dump)
    {
        Dump = dump;
    }

    /// <summary>The full path of the file that was opened.</summary>
    public string Path => Dump.Path;

    /// <summary>The file's name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>All files the dump is in, the one that was opened first.</summary>
    public required IReadOnlyList<DumpFile> Files { get; init; }

    /// <summary>The container format.</summary>
    public required string Container { get; init; }

    /// <summary>How the memory is packed in the file; null where it isn't.</summary>
    public string? Compression { get; init; }

    /// <summary>The length of the file that was opened, in bytes.</summary>
    public ulong Length => Dump.Length;

    /// <summary>How many bytes of physical memory the dump holds.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>
    /// How many bytes of memory the container promises that its files don't hold; of a converted dump also those that were damaged when it was made,
    /// whether they were left out or are zeros.
    /// </summary>
    public ulong MissingSize { get; init; }

    /// <summary>
    /// How many bytes of memory were left out by choice when the dump was made, as far as it can be told: pages that makedumpfile filtered, and
    /// gaps that look like the zeros AVML leaves out.
    /// </summary>
    public ulong LeftOutSize { get; init; }

    /// <summary>
    /// Whether the files hold all the memory that the container promises, and nothing of it is known to be damaged. What was left out by choice
    /// (<see cref="LeftOutSize"/>) isn't promised, and doesn't count.
    /// </summary>
    public bool IsComplete => MissingSize == 0 && Damage.Count == 0;

    /// <summary>
    /// What of it is known to be damaged. Most damage comes to light only when the memory is read, so of a dump that nobody has read there is
    /// little to know.
    /// </summary>
    public IReadOnlyList<DamagedMemory> Damage { get; init; } = [];

    /// <summary>Whether something says where the memory was; a bare raw image is taken to start at 0.</summary>
    public required bool IsPlaced { get; init; }

    /// <summary>A machine description in the same folder that names the file as a piece of the machine's memory; null where there is none.</summary>
    public string? DescribedBy { get; init; }

    /// <summary>The architecture, as far as it is known.</summary>
    public Architecture Architecture { get; init; }

    /// <summary>The word size of the processor in bits; null when not known.</summary>
    public int? WordSize { get; init; }

    /// <summary>The order of bytes in numbers; null where the architecture isn't known either.</summary>
    public ByteOrder? ByteOrder { get; init; }

    /// <summary>The name of the paging mode of the address space that is taken by default, or what the dump says; null when not known.</summary>
    public string? Mode { get; init; }

    /// <summary>The root of the address space that is taken by default; null where a search would have to find one.</summary>
    public ulong? Root { get; init; }

    /// <summary>Its ASID, PCID or VMID; null when not known.</summary>
    public ulong? AddressSpaceId { get; init; }

    /// <summary>Where mode and root were taken from, or why there are none.</summary>
    public required string AddressSpace { get; init; }

    /// <summary>
    /// Whether nothing names a root to take by default, and a search may find one. <see cref="Roots"/> may hold the kernel's own all the same.
    /// </summary>
    public bool NeedsSearch { get; init; }

    /// <summary>How many bits a physical address has; null when not known.</summary>
    public int? PhysicalAddressBits { get; init; }

    /// <summary>The stretches of memory in the dump, ascending.</summary>
    public required IReadOnlyList<MemoryRange> Runs { get; init; }

    /// <summary>What lies between them.</summary>
    public required IReadOnlyList<MemoryRange> Gaps { get; init; }

    /// <summary>The highest physical address in the dump.</summary>
    public ulong? HighestAddress => Runs.Count == 0 ? null : Runs[^1].End;

    /// <summary>Memory-mapped devices, ascending.</summary>
    public IReadOnlyList<MemoryRange> Devices { get; init; } = [];

    /// <summary>The processors.</summary>
    public IReadOnlyList<DumpCpu> Cpus { get; init; } = [];

    /// <summary>The roots that the dump names, the default one first; no search is made for others.</summary>
    public IReadOnlyList<DumpRoot> Roots { get; init; } = [];

    /// <summary>The operating system and its build; null where nothing says it.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Whether the dump holds the VMCOREINFO of a Linux kernel.</summary>
    public bool VmcoreInfo { get; init; }

    /// <summary>The release of the Linux kernel (OSRELEASE); null where it isn't known.</summary>
    public string? OsRelease { get; init; }

    /// <summary>The build-id of the Linux kernel, which finds its symbols; null where it isn't known.</summary>
    public string? BuildId { get; init; }

    /// <summary>By how much the Linux kernel was moved from where it is linked to (KASLR); null where it isn't known.</summary>
    public ulong? KernelOffset { get; init; }

    /// <summary>The name of the machine; null where nothing says it.</summary>
    public string? HostName { get; init; }

    /// <summary>When the memory was taken; null where nothing says it.</summary>
    public DateTime? TakenUtc { get; init; }

    /// <summary>Whatever else the container says, by name, in its order. Read-only.</summary>
    public OrderedDictionary Details { get; init; } = new OrderedDictionary().AsReadOnly();

    /// <summary>Choices made while opening.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What is lost or doubtful.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The SHA-256 of the file that was opened; null where it wasn't asked for. The other files have theirs in <see cref="Files"/>.</summary>
    public string? Sha256 => Files[0].Sha256;

    /// <summary>Which dump it is, and how it was opened: what any command that works on a dump takes.</summary>
    public DumpIdentity Dump { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
