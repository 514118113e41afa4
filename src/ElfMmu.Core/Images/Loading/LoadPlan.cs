using ElfMmu.Elf;

namespace ElfMmu.Images.Loading;

/// <summary>What an image's headers say of its memory, whatever its format.</summary>
internal sealed class LoadPlan
{
    /// <summary>The format.</summary>
    public required ImageKind Kind { get; init; }

    /// <summary>Where the bytes are.</summary>
    public required IElfInput Input { get; init; }

    /// <summary>The width of its addresses in bits.</summary>
    public required int Class { get; init; }

    /// <summary>The word size of the processor in bits, which isn't always the class: x32 is 32-bit ELF of a 64-bit processor.</summary>
    public required int WordSize { get; init; }

    /// <summary>The byte order.</summary>
    public required ByteOrder ByteOrder { get; init; }

    /// <summary>The processor, as its format names it.</summary>
    public required string Machine { get; init; }

    /// <summary>The processor's architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>What it is, as its format names it.</summary>
    public required string Type { get; init; }

    /// <summary>The address of the entry; null for none.</summary>
    public ulong? EntryPoint { get; init; }

    /// <summary>What was added to the addresses in the headers, modulo 2^64.</summary>
    public ulong LoadBias { get; init; }

    /// <summary>Its segments or sections in the order in which they are loaded; at least one.</summary>
    public required IReadOnlyList<LoadPiece> Pieces { get; init; }

    /// <summary>The last address it takes, where it says that itself; the last one of the pieces counts if it is higher.</summary>
    public ulong? Last { get; init; }

    /// <summary>What contradicts itself in the headers.</summary>
    public List<ElfDiagnostic> Diagnostics { get; } = [];
}
