using ElfMmu.Elf;
using ElfMmu.Reading;

namespace ElfMmu.Images.Loading;

/// <summary>A flat image of memory that was written: its first byte is the one at <see cref="BaseAddress"/>.</summary>
public sealed class MemoryImage
{
    internal MemoryImage()
    {
    }

    /// <summary>The full path of the image.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>The same, by the name that files have it under: cmdlets that take files take this.</summary>
    public string FullName => Path;

    /// <summary>The full path of the machine description by which it opens as a dump; null where none was written.</summary>
    public string? DescriptionPath { get; internal init; }

    /// <summary>What it was made of: a file's path, or a dump's and the address of the image in it.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>The address of its first byte.</summary>
    public ulong BaseAddress { get; internal init; }

    /// <summary>The same, by the name other objects have it under.</summary>
    public ulong VirtualAddress => BaseAddress;

    /// <summary>The same, by the name it has as an argument: where the image begins in memory when it is opened as a dump.</summary>
    public ulong RamBase => BaseAddress;

    /// <summary>Its length in bytes, holes included.</summary>
    public ulong Size { get; internal init; }

    /// <summary>The first address behind it; 0xffffffffffffffff for one that reaches the top of the 64-bit address space.</summary>
    public ulong EndAddress => BaseAddress + Size < BaseAddress ? ulong.MaxValue : BaseAddress + Size;

    /// <summary>Whether its addresses are virtual or physical.</summary>
    public ImageAddressKind AddressKind { get; internal init; }

    /// <summary>The address of the entry; null where it has none.</summary>
    public ulong? EntryPoint { get; internal init; }

    /// <summary>What was added to the addresses in the headers, modulo 2^64. Relocations weren't applied for it.</summary>
    public ulong LoadBias { get; internal init; }

    /// <summary>The format of what it was made of.</summary>
    public ImageKind Kind { get; internal init; }

    /// <summary>The processor: <c>EM_X86_64</c> of ELF, <c>AMD64</c> of PE (IMAGE_FILE_MACHINE_AMD64).</summary>
    public string Machine { get; internal init; } = "";

    /// <summary>The processor's architecture; Unknown for one that has no paging mode here.</summary>
    public Architecture Architecture { get; internal init; }

    /// <summary>What it is: <c>ET_EXEC</c>, <c>ET_DYN</c>, <c>ET_CORE</c> of ELF; <c>exe</c>, <c>dll</c>, <c>driver</c> and so on of PE.</summary>
    public string Type { get; internal init; } = "";

    /// <summary>The width of its addresses in bits: 32 or 64.</summary>
    public int Class { get; internal init; }

    /// <summary>The byte order of its headers.</summary>
    public ByteOrder ByteOrder { get; internal init; }

    /// <summary>Its segments or sections, in the order of the headers.</summary>
    public IReadOnlyList<MemoryImageRegion> Regions { get; internal init; } = [];

    /// <summary>What ought to have bytes and is zeros, because the input lacks them: ascending, and at most 1,000 ranges.</summary>
    public IReadOnlyList<AbsentRange> Absent { get; internal init; } = [];

    /// <summary>How many bytes that are in all.</summary>
    public ulong AbsentBytes { get; internal init; }

    /// <summary>How many bytes were written; the rest are holes, where the file system can have them.</summary>
    public ulong WrittenBytes { get; internal init; }

    /// <summary>Whether its bytes are those of an image that was loaded, relocated as it was then.</summary>
    public bool IsFromMemory { get; internal init; }

    /// <summary>What contradicts itself in the input, or wasn't there; empty if nothing does.</summary>
    public IReadOnlyList<ElfDiagnostic> Diagnostics { get; internal init; } = [];

    /// <summary>Path and place.</summary>
    public override string ToString() => $"{Path} at 0x{BaseAddress:x}+0x{Size:x}";
}
