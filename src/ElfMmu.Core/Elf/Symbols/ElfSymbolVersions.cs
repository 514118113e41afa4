using System.Buffers.Binary;

namespace ElfMmu.Elf.Symbols;

/// <summary>The versions of dynamic symbols (LSB, "Symbol Versioning"): which there are, and which one each symbol has.</summary>
public sealed class ElfSymbolVersions
{
    /// <summary>The bit of an entry that hides a version (VERSYM_HIDDEN).</summary>
    public const ushort Hidden = 0x8000;

    private readonly byte[] _entries;
    private readonly bool _big;
    private readonly Dictionary<ushort, ElfVersionDefinition> _defined = [];
    private readonly Dictionary<ushort, ElfVersionNeed> _needed = [];
    private readonly Dictionary<(ushort Entry, bool Needed), ElfSymbolVersion> _versions = [];

    internal ElfSymbolVersions(
        bool big, byte[] entries, IReadOnlyList<ElfVersionDefinition> definitions, IReadOnlyList<ElfVersionNeed> needs)
    {
        _entries = entries;
        _big = big;
        Definitions = definitions;
        Needs = needs;
        foreach (ElfVersionDefinition definition in definitions)
        {
            _defined.TryAdd(definition.Index, definition);
        }

        foreach (ElfVersionNeed need in needs)
        {
            _needed.TryAdd(need.Index, need);
        }
    }

    /// <summary>The versions the file defines, in its order.</summary>
    public IReadOnlyList<ElfVersionDefinition> Definitions { get; }

    /// <summary>The versions it needs, in its order.</summary>
    public IReadOnlyList<ElfVersionNeed> Needs { get; }

    /// <summary>How many symbols have an entry in the table of versions.</summary>
    public int Count => _entries.Length / 2;

    /// <summary>What the table says of a symbol: 0 local, 1 without a version, else a version's number; 0 behind its end.</summary>
    /// <param name="symbol">The symbol's number.</param>
    public ushort Entry(int symbol)
    {
        if ((uint)symbol >= (uint)Count)
        {
            return 0;
        }

        ReadOnlySpan<byte> entry = _entries.AsSpan(symbol * 2, 2);
        return _big ? BinaryPrimitives.ReadUInt16BigEndian(entry) : BinaryPrimitives.ReadUInt16LittleEndian(entry);
    }

    /// <summary>A symbol's version; null if it has none, or one that isn't there. O(1).</summary>
    /// <param name="symbol">The symbol's number.</param>
    /// <param name="entry">The symbol.</param>
    public ElfSymbolVersion? Of(int symbol, in ElfSymbolEntry entry)
    {
        ushort number = Entry(symbol);
        ushort index = (ushort)(number & ~Hidden);
        if (index == 0)
        {
            return null;
        }

        // A defined symbol may have a needed version: the copy of a library's variable in a program.
        if (entry.IsDefined && number != (Hidden | 1) && _defined.TryGetValue(index, out ElfVersionDefinition? definition))
        {
            // The file itself is no version, and the symbol that stands for a version has none.
            return (index == 1 && definition.Flags == 1) || definition.NameOffset == entry.NameOffset
                ? null
                : Kept(number, definition.Name, null);
        }

        return _needed.TryGetValue(number, out ElfVersionNeed? need) ? Kept(number, need.Name, need.File) : null;
    }

    /// <summary>Whether a symbol names a version that the file neither defines nor needs.</summary>
    internal bool IsUnknown(int symbol) =>
        Entry(symbol) is var number && (number & ~Hidden) > 1 && !_needed.ContainsKey(number) && !_defined.ContainsKey((ushort)(number & ~Hidden));

    private ElfSymbolVersion Kept(ushort number, string name, string? file)
    {
        if (!_versions.TryGetValue((number, file != null), out ElfSymbolVersion? version))
        {
            version = new ElfSymbolVersion((ushort)(number & ~Hidden), name, file, (number & Hidden) != 0);
            _versions.Add((number, file != null), version);
        }

        return version;
    }
}
