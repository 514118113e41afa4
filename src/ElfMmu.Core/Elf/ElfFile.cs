using System.Text;

namespace ElfMmu.Elf;

/// <summary>
/// An opened ELF file: its header, its tables of segments and sections, and what finds bytes by address or by section. Tables are read when
/// they are first asked for and kept. What is damaged is read as far as it is sound, and <see cref="Diagnostics"/> says what isn't; nothing
/// is allocated for a size that wasn't checked against the input first. For one thread.
/// </summary>
public sealed class ElfFile : IDisposable
{
    /// <summary>The most bytes that are read at once: what one array holds, and more than any table of a real file.</summary>
    public const ulong MostBytes = 1 << 30;

    private readonly IDisposable? _owned;
    private readonly ulong? _start;
    private ElfProgramHeader[]? _segments;
    private ElfSectionHeader[]? _sections;
    private ElfStrings? _sectionNames;
    private ElfAddressMap? _addresses;

    private ElfFile(IElfInput input, IElfSource source, IDisposable? owned, bool isLoaded, ulong bias, ulong loadBias, ulong? start)
    {
        _owned = owned;
        Bias = bias;
        _start = start;
        LoadBias = loadBias;
        Input = input;
        Source = source;
        IsLoaded = isLoaded;
        Diagnostics = new ElfDiagnostics(input);
        Header = ElfHeaderReader.Read(input, hasSections: !isLoaded);
        Header.Source = source;
        foreach (string warning in Header.Warnings)
        {
            Diagnostics.Add("HeaderContradiction", warning, 0);
        }
    }

    /// <summary>What is read from.</summary>
    public IElfInput Input { get; }

    /// <summary>What opens it again.</summary>
    public IElfSource Source { get; }

    /// <summary>The ELF header.</summary>
    public ElfHeader Header { get; }

    /// <summary>
    /// Whether the input is the image as it lies in memory, so that a byte is at its virtual address and not at its file offset. Sections
    /// aren't loaded: <see cref="SectionHeaders"/> is empty then.
    /// </summary>
    public bool IsLoaded { get; }

    /// <summary>
    /// What must be added to an address of the headers, modulo 2^64, to have the address in memory of an image that is loaded; 0 for a file.
    /// </summary>
    public ulong LoadBias { get; }

    /// <summary>What must be added to p_vaddr, modulo 2^64, to have a position in the input of an image that is loaded; 0 for a file.</summary>
    internal ulong Bias { get; }

    /// <summary>What has been found wrong so far, and what the input lacked; it grows with what is read.</summary>
    public ElfDiagnostics Diagnostics { get; }

    /// <summary>The segments, as far as their table is in the file.</summary>
    public ReadOnlySpan<ElfProgramHeader> ProgramHeaders => _segments ??= ElfTables.ReadSegments(this);

    /// <summary>The sections, as far as their table is in the file; the first is SHT_NULL.</summary>
    public ReadOnlySpan<ElfSectionHeader> SectionHeaders => _sections ??= IsLoaded ? [] : ElfTables.ReadSections(this);

    /// <summary>Opens a file.</summary>
    /// <param name="fullPath">A fully qualified path.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfFileInput"/> and <see cref="ElfReader.Open"/> throw.</exception>
    public static ElfFile Open(string fullPath) => new ElfFileSource(fullPath).OpenElf();

    /// <summary>Opens an input.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="source">What opens it again.</param>
    /// <param name="owned">What is to be closed with it; null for nothing.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfReader.Open"/> throws, but for <c>ElfInvalid</c>.</exception>
    public static ElfFile Open(IElfInput input, IElfSource source, IDisposable? owned = null) =>
        new(input, source, owned, isLoaded: false, 0, 0, null);

    /// <summary>Opens an image that lies in memory byte after byte as it is in its file.</summary>
    /// <param name="input">The memory from the image's header on.</param>
    /// <param name="source">What opens it again.</param>
    /// <param name="address">The address in memory of the input's first byte, for <see cref="AddressOf(ulong)"/>.</param>
    /// <param name="owned">What is to be closed with it; null for nothing.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfReader.Open"/> throws, but for <c>ElfInvalid</c>.</exception>
    public static ElfFile OpenMapped(IElfInput input, IElfSource source, ulong address, IDisposable? owned = null) =>
        new(input, source, owned, isLoaded: false, 0, 0, address);

    /// <summary>Opens an image as it lies in memory.</summary>
    /// <param name="input">The memory from the image's header on.</param>
    /// <param name="source">What opens it again.</param>
    /// <param name="bias">What must be added to p_vaddr, modulo 2^64, to have a position in the input.</param>
    /// <param name="owned">What is to be closed with it; null for nothing.</param>
    /// <param name="address">The address in memory of the input's first byte, for <see cref="AddressOf(ulong)"/>.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfReader.Open"/> throws, but for <c>ElfInvalid</c>.</exception>
    public static ElfFile OpenLoaded(IElfInput input, IElfSource source, ulong bias, IDisposable? owned = null, ulong address = 0) =>
        new(input, source, owned, isLoaded: true, bias, bias + address, address);

    /// <summary>A section's name; empty where it has none or the table of names isn't sound. O(its length).</summary>
    /// <param name="index">The index of the section.</param>
    public string SectionName(int index)
    {
        ReadOnlySpan<ElfSectionHeader> sections = SectionHeaders;
        if ((uint)index >= (uint)sections.Length)
        {
            return "";
        }

        _sectionNames ??= Header.SectionNameIndex < (uint)sections.Length && Header.SectionNameIndex != 0
            ? Strings((int)Header.SectionNameIndex)
            : ElfStrings.None;
        return _sectionNames[sections[index].NameOffset];
    }

    /// <summary>The string table in a section, as far as it is in the file.</summary>
    /// <param name="section">The index of a section; another gives an empty table and a diagnostic.</param>
    public ElfStrings Strings(int section)
    {
        if ((uint)section >= (uint)SectionHeaders.Length)
        {
            Diagnostics.Add("StringTableMissing",
                $"Names should be in section {section}, and there are {SectionHeaders.Length} sections; names are left empty.");
            return ElfStrings.None;
        }

        return new ElfStrings(Content(section), Diagnostics, section);
    }

    /// <summary>The bytes of a section as they are in the file, as far as they are there; empty for SHT_NOBITS. O(size).</summary>
    /// <param name="section">The index of a section.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public byte[] Content(int section)
    {
        ElfSectionHeader header = SectionHeaders[section];
        return header.Type is 0 or ElfSectionTypes.NoBits
            ? []
            : Read(header.Offset, header.Size, () => $"Section {section} ('{SafeName(section)}')", section);
    }

    /// <summary>Bytes of the file, as far as they are there; fewer make a diagnostic. O(size).</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="size">How many; more than <see cref="MostBytes"/> are cut.</param>
    /// <param name="what">What is read, as the subject of a message.</param>
    /// <param name="section">The section it is about, for the diagnostic.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public byte[] Read(ulong offset, ulong size, Func<string> what, int? section = null)
    {
        ulong there = offset > Input.Length ? 0 : Math.Min(size, Input.Length - offset);
        if (there < size)
        {
            Diagnostics.Add("OutsideFile",
                $"{what()} has 0x{size:x} bytes from offset 0x{offset:x} on, and the file ends at 0x{Input.Length:x}; 0x{there:x} of them were read.",
                offset, section);
        }

        if (there > MostBytes)
        {
            Diagnostics.Add("TooLarge",
                $"{what()} has 0x{there:x} bytes, more than the 0x{MostBytes:x} that are read at once; the rest was left out.", offset, section);
            there = MostBytes;
        }

        byte[] bytes = new byte[there];
        Input.Read(offset > Input.Length ? 0 : offset, bytes);
        return bytes;
    }

    /// <summary>
    /// Where the byte of a virtual address, as the headers count them, is in the input. O(log segments).
    /// </summary>
    /// <param name="address">A virtual address, as in p_vaddr and in the values of the dynamic section.</param>
    /// <param name="offset">Its position in the input.</param>
    /// <param name="available">How many bytes there are from it on in the same segment; at least 1.</param>
    /// <returns>Whether a segment has it, and the input too.</returns>
    public bool TryLocate(ulong address, out ulong offset, out ulong available) =>
        (_addresses ??= new ElfAddressMap(this, IsLoaded ? Bias : null)).TryLocate(address, out offset, out available);

    /// <summary>
    /// Where the byte of a virtual address, as the headers count them, is: in an image in an address space the address there, moved by
    /// <see cref="LoadBias"/> if it is loaded, that of the file's byte if it lies there as its file does. In a file it is the address itself.
    /// O(1), and O(log segments) for an image that lies as its file does.
    /// </summary>
    /// <param name="address">A virtual address, as in p_vaddr, sh_addr and st_value.</param>
    /// <returns>The address; null where an image that lies as its file does hasn't the byte.</returns>
    public ulong? AddressOf(ulong address)
    {
        if (_start is { } start && !IsLoaded)
        {
            return TryLocate(address, out ulong offset, out _) ? start + offset : null;
        }

        // The addresses of a 32-bit image are counted modulo 2^32, unless it lies where it can't be run.
        address += LoadBias;
        return Header.Class == ElfClass.Elf32 && _start is null or <= uint.MaxValue ? (uint)address : address;
    }

    /// <summary>
    /// Where the first byte of a section is: <see cref="AddressOf(ulong)"/> of sh_addr; in an image that lies as its file does that of the
    /// file's byte, also of what isn't loaded, and null for what isn't in the file.
    /// </summary>
    internal ulong? AddressOf(in ElfSectionHeader section) =>
        _start is not { } start || IsLoaded ? AddressOf(section.Address)
        : section.Type is 0 or ElfSectionTypes.NoBits || section.Offset >= Input.Length ? null
        : start + section.Offset;

    /// <summary>Whether a section's bytes are at an address: it is allocated, or the file itself lies in memory.</summary>
    internal bool HasAddress(in ElfSectionHeader section) => (section.Flags & ElfSectionFlags.Alloc) != 0 || (_start != null && !IsLoaded);

    /// <summary>Closes what belongs to it.</summary>
    public void Dispose() => _owned?.Dispose();

    // The table of names itself is read by this too, and would ask for its own name.
    private string SafeName(int section) => _sectionNames?[SectionHeaders[section].NameOffset] ?? "";
}
