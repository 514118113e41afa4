namespace ElfMmu.Elf.Sections;

/// <summary>A segment: what a program header says, and what lies in it (gABI, "Program Header").</summary>
public sealed class ElfSegment : ElfItem
{
    private readonly ElfFile _file;
    private readonly ElfProgramHeader _header;
    private string[]? _names;

    internal ElfSegment(ElfFile file, int index, in ElfProgramHeader header)
        : base(file)
    {
        _file = file;
        _header = header;
        ulong address = header.VirtualAddress + file.LoadBias;
        VirtualAddress = file.Header.Class == ElfClass.Elf32 ? (uint)address : address;
        Index = index;
    }

    /// <summary>Its number in the table, from 0.</summary>
    public int Index { get; }

    /// <summary>What it is (p_type).</summary>
    public ElfSegmentType Type => _header.Type;

    /// <summary>The canonical name of <see cref="Type"/> on its machine, such as PT_LOAD.</summary>
    public string TypeName => ElfNames.SegmentType(Type, _file.Header.Machine);

    /// <summary>The rights and other bits (p_flags).</summary>
    public ElfSegmentFlags Flags => _header.Flags;

    /// <summary>The rights in three places, such as <c>r-x</c>.</summary>
    public string Rights => RightsFormat.Format((Rights)((uint)Flags & 7));

    /// <summary>Its first byte in the file (p_offset).</summary>
    public ulong Offset => _header.Offset;

    /// <summary>Its first virtual address: in memory, of an image that was loaded; otherwise <see cref="VirtualAddressField"/>.</summary>
    public ulong VirtualAddress { get; }

    /// <summary>The same as <see cref="VirtualAddress"/>, by the name symbols and sections have it under.</summary>
    public ulong Address => VirtualAddress;

    /// <summary>The virtual address as the file says (p_vaddr), wherever an image was loaded.</summary>
    public ulong VirtualAddressField => _header.VirtualAddress;

    /// <summary>Its first physical address (p_paddr).</summary>
    public ulong PhysicalAddress => _header.PhysicalAddress;

    /// <summary>Its bytes in the file (p_filesz).</summary>
    public ulong FileSize => _header.FileSize;

    /// <summary>Its bytes in memory (p_memsz).</summary>
    public ulong MemorySize => _header.MemorySize;

    /// <summary>The same as <see cref="MemorySize"/>, by the name other objects have it under.</summary>
    public ulong Size => MemorySize;

    /// <summary>The first virtual address behind it; 0xffffffffffffffff for one that reaches the top of the addresses.</summary>
    public ulong EndAddress => VirtualAddress + MemorySize < VirtualAddress ? ulong.MaxValue : VirtualAddress + MemorySize;

    /// <summary>The alignment in bytes of address and offset (p_align); 0 and 1 mean none.</summary>
    public ulong Alignment => _header.Alignment;

    /// <summary>The path of the interpreter; null unless it is PT_INTERP.</summary>
    public string? Interpreter { get; internal init; }

    /// <summary>The indexes of the sections that lie in it, by readelf's rule; empty in an image in memory.</summary>
    public IReadOnlyList<int> SectionIndexes { get; internal init; } = [];

    /// <summary>The names of the sections that lie in it, in the order of <see cref="SectionIndexes"/>. O(their length).</summary>
    public IReadOnlyList<string> SectionNames => _names ??= [.. SectionIndexes.Select(_file.SectionName)];

    /// <summary>Whether its memory has the byte of an address. An empty one has none.</summary>
    /// <param name="address">A virtual address; in memory, of an image that was loaded.</param>
    public bool Contains(ulong address) => address - VirtualAddress < MemorySize && address >= VirtualAddress;

    /// <inheritdoc/>
    public override string ToString() => $"{TypeName} 0x{VirtualAddress:x}-0x{EndAddress:x} {Rights}";
}
