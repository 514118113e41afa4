using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ElfMmu.Elf.Symbols;

/// <summary>
/// A symbol table, as a loop over 100,000 symbols wants it: entries are decoded when they are asked for, names not before they are, and
/// nothing is allocated for either. It holds the bytes of the table and of its names, and outlives the file it came from. For one thread.
/// </summary>
public sealed class ElfSymbolTable
{
    private readonly byte[] _bytes;
    private readonly byte[] _sections;
    private readonly int _entrySize;
    private readonly bool _big;

    internal ElfSymbolTable(
        ElfFile file, string name, int? section, ulong offset, byte[] bytes, ElfStrings strings, byte[] sections, ElfSymbolVersions? versions)
    {
        File = file;
        Name = name;
        Section = section;
        Offset = offset;
        Strings = strings;
        Versions = versions;
        _bytes = bytes;
        _sections = sections;
        _entrySize = EntrySize(file.Header.Class);
        _big = file.Header.Data == ElfData.BigEndian;
        Count = bytes.Length / _entrySize;

        // From here on names of sections and addresses come out of memory, also when the file is closed.
        _ = file.SectionName(0);
        _ = file.AddressOf(0ul);
    }

    /// <summary>The name of its section, such as <c>.symtab</c>; <c>.dynsym</c> where there are no sections.</summary>
    public string Name { get; }

    /// <summary>The index of its section; null where the dynamic section says where it is.</summary>
    public int? Section { get; }

    /// <summary>Its first byte in the input.</summary>
    public ulong Offset { get; }

    /// <summary>How many symbols there are; the first one is empty.</summary>
    public int Count { get; }

    /// <summary>Whether these are the symbols for the loader, which may have versions.</summary>
    public bool IsDynamic { get; internal init; }

    /// <summary>Its names.</summary>
    public ElfStrings Strings { get; }

    /// <summary>The versions of its symbols; null if there are none.</summary>
    public ElfSymbolVersions? Versions { get; }

    internal ElfFile File { get; }

    /// <summary>The bits of an address: 32 or 64.</summary>
    internal int AddressBits => _entrySize == 24 ? 64 : 32;

    /// <summary>A symbol. O(1), and nothing is allocated.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ElfSymbolEntry this[int index]
    {
        // Worth the full effort at once: a loop over all symbols would be half done before it was found to be hot.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            var record = default(ElfSymbolRecord);
            var fields = new ElfFieldReader(
                _bytes.AsSpan(index * _entrySize, _entrySize),
                _entrySize == 24 ? ElfClass.Elf64 : ElfClass.Elf32,
                _big ? ElfData.BigEndian : ElfData.LittleEndian);
            ElfRecords.Symbol(ref fields, ref record);
            return new ElfSymbolEntry(record);
        }
    }

    /// <summary>The symbols as objects, in the order of the table.</summary>
    public IEnumerable<ElfSymbol> Symbols
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                yield return Symbol(i);
            }
        }
    }

    /// <summary>The size of a symbol in bytes: 16 or 24.</summary>
    /// <param name="elfClass">The class.</param>
    public static int EntrySize(ElfClass elfClass) => elfClass == ElfClass.Elf64 ? 24 : 16;

    /// <summary>A symbol as an object that can leave the table.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ElfSymbol Symbol(int index) => new(this, index, this[index]);

    /// <summary>The number of the section a symbol is in, also where the entry can't hold it; null if it is in none.</summary>
    /// <param name="index">The number of the symbol.</param>
    /// <param name="entry">The symbol.</param>
    public uint? SectionOf(int index, in ElfSymbolEntry entry)
    {
        if (entry.SectionField != ElfSymbolEntry.ExtendedSection)
        {
            return entry.IsInSection ? entry.SectionField : null;
        }

        if ((uint)index >= (uint)(_sections.Length / 4))
        {
            return null;
        }

        ReadOnlySpan<byte> word = _sections.AsSpan(index * 4, 4);
        return _big ? BinaryPrimitives.ReadUInt32BigEndian(word) : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    /// <summary>
    /// The bytes of a symbol's name, up to its NUL; empty if it has none. Nothing is allocated. O(their number).
    /// </summary>
    /// <param name="entry">The symbol.</param>
    public ReadOnlySpan<byte> NameBytes(in ElfSymbolEntry entry) => Strings.Bytes(entry.NameOffset);

    /// <summary>A symbol's name; a section's own if the symbol stands for it and has none.</summary>
    /// <param name="index">The number of the symbol.</param>
    /// <param name="entry">The symbol.</param>
    public string NameOf(int index, in ElfSymbolEntry entry) =>
        entry.NameOffset == 0 && entry.Type == ElfSymbolType.Section && SectionOf(index, entry) is { } section
            ? File.SectionName((int)Math.Min(section, int.MaxValue))
            : Strings[entry.NameOffset];

    /// <summary>
    /// Where a symbol is: its value, and in an image in an address space the address there (<see cref="ElfFile.AddressOf(ulong)"/>). The lowest bit of ARM's and MIPS' functions says how their
    /// instructions are encoded, and isn't counted. In a file for linking it is the address of the symbol's section, mostly 0, plus the
    /// value. Null for what isn't at an address: an undefined symbol, a common block, data of threads, a source file, and
    /// what isn't in an image that lies in memory as its file does.
    /// </summary>
    /// <param name="index">The number of the symbol.</param>
    /// <param name="entry">The symbol.</param>
    public ulong? AddressOf(int index, in ElfSymbolEntry entry)
    {
        if (!entry.IsDefined || entry.SectionField == ElfSymbolEntry.CommonSection
            || entry.Type is ElfSymbolType.ThreadLocal or ElfSymbolType.File or ElfSymbolType.Common)
        {
            return null;
        }

        ulong address = entry.Value;
        if (entry.Type is ElfSymbolType.Function or ElfSymbolType.IndirectFunction
            && (File.Header.Machine == ElfMachine.Arm || File.Header.Machine.IsMips()))
        {
            address &= ~1ul;
        }

        if (entry.SectionField == ElfSymbolEntry.AbsoluteSection)
        {
            return address;
        }

        return File.Header.Type == ElfType.Relocatable && SectionOf(index, entry) is { } section && section < (uint)File.SectionHeaders.Length
            ? File.AddressOf(File.SectionHeaders[(int)section]) + address
            : File.AddressOf(address);
    }
}
