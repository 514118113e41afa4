namespace ElfMmu.Elf.Writing;

/// <summary>
/// An ELF file as it is put together: sections, the segments that hold them, symbols, relocations and notes, in either class and byte order
/// and for any machine. <see cref="Write"/> lays it out once and writes it once; what makes a file a file (the null section, the tables of
/// names, the tables of headers, every count, index and offset) is made there. <see cref="Read"/> gives the model of a file, whose parts
/// stay where they are until their offset is set to null. For one thread.
/// </summary>
public sealed class ElfModel
{
    /// <summary>The class.</summary>
    public ElfClass Class { get; set; } = ElfClass.Elf64;

    /// <summary>The byte order; <see cref="WithByteOrder"/> translates a model that has content.</summary>
    public ElfData Data { get; set; } = ElfData.LittleEndian;

    /// <summary>Whose extensions are used (e_ident[EI_OSABI]).</summary>
    public ElfOsAbi OsAbi { get; set; }

    /// <summary>The version of that ABI (e_ident[EI_ABIVERSION]).</summary>
    public byte AbiVersion { get; set; }

    /// <summary>What the file is (e_type).</summary>
    public ElfType Type { get; set; }

    /// <summary>The processor it is for (e_machine).</summary>
    public ElfMachine Machine { get; set; }

    /// <summary>The processor's flags (e_flags).</summary>
    public uint Flags { get; set; }

    /// <summary>The virtual address where it starts to run, or 0 (e_entry).</summary>
    public ulong EntryPoint { get; set; }

    /// <summary>
    /// The sections in the order of their indices, which start at 1: without the null section. A symbol table, its string table and the
    /// table of section names are added behind them where they are needed and aren't here.
    /// </summary>
    public List<ElfModelSection> Sections { get; } = [];

    /// <summary>The segments in the order of their program headers; those of type PT_LOAD in the order of their addresses.</summary>
    public List<ElfModelSegment> Segments { get; } = [];

    /// <summary>The symbols of the symbol table without its first, empty one; locals are moved to the front, all else stays in order.</summary>
    public List<ElfModelSymbol> Symbols { get; } = [];

    /// <summary>The relocations against those symbols; a section of relocations is added for each section that has some and has none.</summary>
    public List<ElfModelRelocation> Relocations { get; } = [];

    /// <summary>The notes, which are the content of the sections they name.</summary>
    public List<ElfModelNote> Notes { get; } = [];

    /// <summary>Bytes at fixed offsets that belong to nothing else.</summary>
    public List<ElfModelPiece> Pieces { get; } = [];

    /// <summary>The section of section names; null lets the layout add one.</summary>
    public ElfModelSection? SectionNames { get; set; }

    /// <summary>Where the program headers are (e_phoff); null: right behind the ELF header.</summary>
    public ulong? ProgramHeaderOffset { get; set; }

    /// <summary>Where the section headers are (e_shoff); null: at the end.</summary>
    public ulong? SectionHeaderOffset { get; set; }

    /// <summary>Whether the layout adds the tables of names and symbols that are missing; not in a model that was read.</summary>
    public bool AddsTables { get; set; } = true;

    /// <summary>Whether a name that is the end of another one shares its bytes in a table of names.</summary>
    public bool SharesNames { get; set; } = true;

    /// <summary>What the ELF header says besides; empty in a new model.</summary>
    internal ElfHeaderExtras HeaderExtras { get; set; } = new();

    /// <summary>Section 0 as it was read; empty in a new model.</summary>
    internal ElfSectionHeader NullSection { get; set; }

    /// <summary>
    /// Makes the model of a file. Contents are read when they are needed, so the file must stay open until the model has been written.
    /// Writing it unchanged gives the same bytes. O(headers, symbols and relocations).
    /// </summary>
    /// <param name="file">The file; not an image in memory.</param>
    /// <exception cref="ElfMmuException"><c>ElfNotWhole</c>: a table of headers isn't wholly in the file. <c>ElfModelCantHold</c>: the
    /// header contradicts itself in a way that no writer would write. <c>ReadFailed</c>: reading failed.</exception>
    public static ElfModel Read(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ElfModelReader(file).Read();
    }

    /// <summary>
    /// A copy of the model in a byte order. Headers, symbols, relocations, the dynamic section, hash tables, versions, groups, arrays of functions,
    /// headers of notes and of compressed sections are translated; the program's own bytes, and what debuggers read, stay as they are. Doing
    /// it twice gives the old bytes.
    /// </summary>
    /// <param name="data">The byte order wanted.</param>
    /// <exception cref="ArgumentException">There is no such byte order.</exception>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading a content failed. <c>ElfSectionTooLarge</c>: a section of numbers is
    /// larger than <see cref="ElfFile.MostBytes"/>. <c>ElfTooManySegments</c>: more than 4096 segments are of notes or dynamic entries.</exception>
    public ElfModel WithByteOrder(ElfData data) => data is ElfData.LittleEndian or ElfData.BigEndian
        ? ElfModelTranslator.Translate(this, data)
        : throw new ArgumentException($"The byte order is {(byte)data}, and only 1 and 2 exist.", nameof(data));

    /// <summary>Lays the model out and writes it: every byte once, in order, without seeking. O(bytes). The model isn't changed.</summary>
    /// <param name="destination">Receives the file.</param>
    /// <param name="cancellation">Ends the work: what was written by then stays.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a number doesn't fit a field. <c>ElfModelInvalid</c>: something refers
    /// to what isn't in the model. <c>ElfSectionsOverlap</c>: two parts want the same bytes of the file. <c>ElfSectionsOutOfOrder</c>:
    /// sections of a segment aren't in the order of their addresses. <c>ReadFailed</c>: reading a content failed.</exception>
    public long Write(Stream destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return ElfModelWriter.Write(ElfModelLayout.Make(this), destination, cancellation);
    }

    /// <summary>The file's bytes.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ElfMmuException">What <see cref="Write"/> throws.</exception>
    public byte[] ToArray(CancellationToken cancellation = default)
    {
        using var stream = new MemoryStream();
        Write(stream, cancellation);
        return stream.ToArray();
    }
}
