using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>A symbol as a source gives it, before it has a place in a companion file.</summary>
public sealed record CompanionSymbol
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its virtual address, or its value where <see cref="Place"/> says that it is no address.</summary>
    public ulong Address { get; init; }

    /// <summary>How many bytes it has; null where the source doesn't say.</summary>
    public ulong? Size { get; init; }

    /// <summary>What it names; null where the rights of its section decide: code where they let it run.</summary>
    public ElfSymbolType? Type { get; init; }

    /// <summary>How far it can be seen.</summary>
    public ElfSymbolBinding Binding { get; init; } = ElfSymbolBinding.Global;

    /// <summary>What st_other says: 0 default, 1 internal, 2 hidden, 3 protected.</summary>
    public byte Visibility { get; init; }

    /// <summary>Whether it has an address.</summary>
    public SymbolPlace Place { get; init; }

    /// <summary>Whether the source takes it for code; null where it doesn't say.</summary>
    public bool? IsCode { get; init; }

    /// <summary>The name of its section; null where its address decides.</summary>
    public string? Section { get; init; }

    /// <summary>The module of the kernel it belongs to; null for the kernel's own, and elsewhere.</summary>
    public string? Module { get; init; }

    /// <summary>The file of source it is declared in, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line in <see cref="File"/>, from 1, or null.</summary>
    public int? Line { get; init; }

    /// <summary>Its type as C writes it, such as <c>struct task *</c> or <c>char[16]</c>; null where nobody said.</summary>
    public string? DataType { get; init; }

    /// <summary>What its stack frame looks like; null for what is said of all functions.</summary>
    public CompanionFrame? Frame { get; init; }
}
