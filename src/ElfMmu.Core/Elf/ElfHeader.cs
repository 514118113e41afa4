namespace ElfMmu.Elf;

/// <summary>
/// A file's ELF header: what is written in it, the counts it means, and what is wrong with it (gABI, "ELF Header"). Numbers are
/// as they stand in the file, in its byte order, widened where its class decides the width.
/// </summary>
public sealed class ElfHeader : IElfSource
{
    /// <summary>e_phnum from which the count of program headers stands in section 0's sh_info (PN_XNUM).</summary>
    public const ushort ExtendedProgramHeaderCount = 0xffff;

    /// <summary>e_shstrndx that means the index stands in section 0's sh_link (SHN_XINDEX).</summary>
    public const ushort ExtendedSectionIndex = 0xffff;

    /// <summary>The first index a 16-bit field can't hold (SHN_LORESERVE).</summary>
    public const ushort ReservedSectionIndex = 0xff00;

    internal ElfHeader(ReadOnlySpan<byte> ident, ElfClass elfClass, ElfData data, in ElfHeaderRecord raw)
    {
        ClassField = ident[4];
        Class = elfClass;
        DataField = ident[5];
        Data = data;
        IdentVersion = ident[6];
        OsAbi = (ElfOsAbi)ident[7];
        AbiVersion = ident[8];
        IdentPadding = Array.AsReadOnly(ident[9..16].ToArray());
        Type = (ElfType)raw.Type;
        Machine = (ElfMachine)raw.Machine;
        Version = raw.Version;
        EntryPoint = raw.Entry;
        ProgramHeaderOffset = raw.ProgramHeaderOffset;
        SectionHeaderOffset = raw.SectionHeaderOffset;
        Flags = raw.Flags;
        FlagNames = ElfNames.Flags(Machine, Flags);
        HeaderSize = raw.HeaderSize;
        ProgramHeaderEntrySize = raw.ProgramHeaderEntrySize;
        ProgramHeaderCountField = raw.ProgramHeaderCount;
        SectionHeaderEntrySize = raw.SectionHeaderEntrySize;
        SectionHeaderCountField = raw.SectionHeaderCount;
        SectionNameIndexField = raw.SectionNameIndex;
        ProgramHeaderCount = raw.ProgramHeaderCount;
        SectionHeaderCount = raw.SectionHeaderCount;
        SectionNameIndex = raw.SectionNameIndex;
        Warnings = [];
    }

    /// <summary>The path of the file it was read in; empty where it was read in no file.</summary>
    public string Path => Source?.Path ?? "";

    /// <summary>What opens its file again; null where it was read in no file.</summary>
    internal IElfSource? Source { get; set; }

    /// <summary>The width of addresses and offsets the file is read with: that of <see cref="ClassField"/>, or 32 bits where there is none such.
    /// </summary>
    public ElfClass Class { get; }

    /// <summary>The raw number of the class (e_ident[4]).</summary>
    public byte ClassField { get; }

    /// <summary>The byte order the file is read with: that of <see cref="DataField"/>, or little endian where there is none such.</summary>
    public ElfData Data { get; }

    /// <summary>The raw number of the byte order (e_ident[5]).</summary>
    public byte DataField { get; }

    /// <summary>The version of the header (e_ident[6]); 1 is the only one there is.</summary>
    public byte IdentVersion { get; }

    /// <summary>Whose extensions are used (e_ident[7]).</summary>
    public ElfOsAbi OsAbi { get; }

    /// <summary>The version of that ABI (e_ident[8]).</summary>
    public byte AbiVersion { get; }

    /// <summary>The seven bytes after it (e_ident[9] to [15]), which ought to be 0.</summary>
    public IReadOnlyList<byte> IdentPadding { get; }

    /// <summary>What the file is (e_type).</summary>
    public ElfType Type { get; }

    /// <summary>The processor it is for (e_machine).</summary>
    public ElfMachine Machine { get; }

    /// <summary>The version of the format (e_version); 1 is the only one there is.</summary>
    public uint Version { get; }

    /// <summary>The virtual address where it starts to run, or 0 (e_entry).</summary>
    public ulong EntryPoint { get; }

    /// <summary>Where the program headers start in the file, or 0 (e_phoff).</summary>
    public ulong ProgramHeaderOffset { get; }

    /// <summary>Where the section headers start in the file, or 0 (e_shoff).</summary>
    public ulong SectionHeaderOffset { get; }

    /// <summary>The processor's flags (e_flags).</summary>
    public uint Flags { get; }

    /// <summary>The flags in words; empty if there are none.</summary>
    public IReadOnlyList<string> FlagNames { get; }

    /// <summary>The size of this header in bytes, as it says itself (e_ehsize); 52 or 64.</summary>
    public ushort HeaderSize { get; }

    /// <summary>The size of a program header in bytes, as the file says (e_phentsize); 32 or 56, which are used whatever it says.
    /// </summary>
    public ushort ProgramHeaderEntrySize { get; }

    /// <summary>The raw count of program headers (e_phnum); see <see cref="ProgramHeaderCount"/>.</summary>
    public ushort ProgramHeaderCountField { get; }

    /// <summary>The size of a section header in bytes, as the file says (e_shentsize); 40 or 64, which are used whatever it says.
    /// </summary>
    public ushort SectionHeaderEntrySize { get; }

    /// <summary>The raw count of section headers (e_shnum); see <see cref="SectionHeaderCount"/>.</summary>
    public ushort SectionHeaderCountField { get; }

    /// <summary>The raw index of the section of names (e_shstrndx); see <see cref="SectionNameIndex"/>.</summary>
    public ushort SectionNameIndexField { get; }

    /// <summary>How many program headers there are: e_phnum, or section 0's sh_info where that is PN_XNUM (0xffff).</summary>
    public ulong ProgramHeaderCount { get; internal set; }

    /// <summary>How many section headers there are: e_shnum, or section 0's sh_size where that is 0.</summary>
    public ulong SectionHeaderCount { get; internal set; }

    /// <summary>The section of section names: e_shstrndx, or section 0's sh_link where that is SHN_XINDEX (0xffff).</summary>
    public uint SectionNameIndex { get; internal set; }

    /// <summary>What contradicts itself or the file, one sentence each; empty for a sound header.</summary>
    public IReadOnlyList<string> Warnings { get; internal set; }

    /// <summary>The canonical name of <see cref="Type"/>, such as ET_CORE.</summary>
    public string TypeName => ElfNames.Type(Type);

    /// <summary>A description of <see cref="Type"/>, such as "Core file".</summary>
    public string TypeDescription => ElfNames.TypeDescription(Type);

    /// <summary>The canonical name of <see cref="Machine"/>, such as EM_X86_64.</summary>
    public string MachineName => ElfNames.Machine(Machine);

    /// <summary>A description of <see cref="Machine"/>, such as "Advanced Micro Devices X86-64".</summary>
    public string MachineDescription => ElfNames.MachineDescription(Machine);

    /// <summary>The canonical name of <see cref="OsAbi"/>, such as ELFOSABI_NONE.</summary>
    public string OsAbiName => ElfNames.OsAbi(OsAbi, Machine);

    /// <summary>A description of <see cref="OsAbi"/>, such as "UNIX - System V".</summary>
    public string OsAbiDescription => ElfNames.OsAbiDescription(OsAbi, Machine);

    /// <inheritdoc/>
    ElfFile IElfSource.OpenElf(CancellationToken cancellation) => Source?.OpenElf(cancellation)
        ?? throw new ElfMmuException("ElfHasNoFile", ErrorKind.InvalidArgument, "This header was read in no file; name the file it is of.");

    /// <inheritdoc/>
    IDisposable? IElfSource.KeepOpen(CancellationToken cancellation) => Source?.KeepOpen(cancellation);
}
