namespace ElfMmu.Conversion;

/// <summary>What was written, and what it was made of.</summary>
public sealed record ConvertedDump
{
    /// <summary>The full path of what opens again as the dump: the file, or the machine description where the memory is in pieces.</summary>
    public required string Path { get; init; }

    /// <summary>The container that was written.</summary>
    public required DumpFormat Format { get; init; }

    /// <summary>The full paths of all files that were written.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The full path of the dump.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The container it was in, for people.</summary>
    public required string SourceContainer { get; init; }

    /// <summary>The SHA-256 of the dump's file as it is, packed or not, in lower-case hexadecimal.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>All files the dump is in, each with its SHA-256; the one that was named first.</summary>
    public required IReadOnlyList<HashedFile> Sources { get; init; }

    /// <summary>
    /// The SHA-256 of the physical memory: of all bytes there are, ascending by their addresses, and nothing between them. The same memory has
    /// the same value whatever container it is in.
    /// </summary>
    public required string MemorySha256 { get; init; }

    /// <summary>How many bytes of memory were written, those of holes included.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>How many stretches of memory that is.</summary>
    public required int Runs { get; init; }

    /// <summary>How many bytes the written files have together, holes included.</summary>
    public required ulong Length { get; init; }

    /// <summary>How many bytes were written; the rest are holes.</summary>
    public required ulong WrittenSize { get; init; }

    /// <summary>How many blocks of the dump couldn't be unpacked.</summary>
    public required int DamagedBlocks { get; init; }

    /// <summary>How many bytes of memory are left out for that; 0 where they were asked for as zeros.</summary>
    public required ulong DamagedSize { get; init; }

    /// <summary>What is lost or unusual.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
