using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Notes;
using ElfMmu.Elf.Sections;

namespace ElfMmu.Elf.Details;

/// <summary>What a file is, in one object: what its header, its segments, its sections, its dynamic section and its notes say together.</summary>
public sealed class ElfDetails : ElfItem
{
    private const uint GnuBuildId = 3;

    private ElfDetails(ElfFile file)
        : base(file)
    {
        Header = file.Header;
        bool isDebugFile = ElfKinds.IsDebugFile(file);
        ElfDynamicTable? dynamic = ElfDynamicTable.Of(file);
        Interpreter = isDebugFile ? null : ElfSegments.Interpreter(file);
        Kind = isDebugFile ? ElfKind.SeparateDebugFile : ElfKinds.Of(file, dynamic, Interpreter);
        Needed = dynamic == null ? [] : Array.AsReadOnly([.. Names(dynamic, ElfDynamicTags.Needed)]);
        SharedObjectName = dynamic == null ? null : Names(dynamic, ElfDynamicTags.SoName).LastOrDefault();

        // A core has thousands of notes, and none is of the file itself.
        BuildId = Kind == ElfKind.Core ? null : ReadBuildId(file);
        if (!file.IsLoaded)
        {
            HasSymbolTable = file.SectionHeaders.ToArray().Any(s => s.Type == ElfSectionTypes.SymTab);
            HasDebugInformation = ElfKinds.HasDebugInformation(file);
        }
    }

    /// <summary>The ELF header.</summary>
    public ElfHeader Header { get; }

    /// <summary>What it is.</summary>
    public ElfKind Kind { get; }

    /// <summary>What it is, in words, such as "position-independent executable".</summary>
    public string KindDescription => Kind switch
    {
        ElfKind.Relocatable => "relocatable object file",
        ElfKind.KernelModule => "kernel module",
        ElfKind.Executable => "executable",
        ElfKind.StaticExecutable => "static executable",
        ElfKind.PositionIndependentExecutable => "position-independent executable",
        ElfKind.StaticPositionIndependentExecutable => "static position-independent executable",
        ElfKind.SharedLibrary => "shared library",
        ElfKind.Core => "core",
        ElfKind.SeparateDebugFile => "separate debug file",
        _ => "unknown",
    };

    /// <summary>The width of addresses and offsets.</summary>
    public ElfClass Class => Header.Class;

    /// <summary>The byte order.</summary>
    public ElfData Data => Header.Data;

    /// <summary>The processor it is for.</summary>
    public ElfMachine Machine => Header.Machine;

    /// <summary>The canonical name of <see cref="Machine"/>, such as EM_X86_64.</summary>
    public string MachineName => Header.MachineName;

    /// <summary>Whether a loader links it with libraries when it starts; null for what neither starts nor is loaded by what does.</summary>
    public bool? IsDynamic => Kind switch
    {
        ElfKind.Executable or ElfKind.PositionIndependentExecutable or ElfKind.SharedLibrary => true,
        ElfKind.StaticExecutable or ElfKind.StaticPositionIndependentExecutable => false,
        _ => null,
    };

    /// <summary>The path of the loader (PT_INTERP); null if it asks for none.</summary>
    public string? Interpreter { get; }

    /// <summary>The name that others need it by (DT_SONAME); null if it has none.</summary>
    public string? SharedObjectName { get; }

    /// <summary>The libraries it needs (DT_NEEDED), in the order of the dynamic section.</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>GNU's identity of this build, in hexadecimal; null if it has none.</summary>
    public string? BuildId { get; }

    /// <summary>Whether it has a symbol table (SHT_SYMTAB), and not just the dynamic symbols; null for an image in memory, where none is loaded.</summary>
    public bool? HasSymbolTable { get; }

    /// <summary>Whether it has debugging information (DWARF or stabs); null for an image in memory.</summary>
    public bool? HasDebugInformation { get; }

    /// <summary>Whether both were taken away; null for an image in memory and for a core.</summary>
    public bool? IsStripped => Kind == ElfKind.Core || HasSymbolTable == null ? null : HasSymbolTable == false && HasDebugInformation == false;

    /// <summary>Reads what a file is. O(sections, dynamic entries and notes).</summary>
    /// <param name="file">The file; it needn't be open afterwards. What isn't sound becomes a diagnostic of it.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static ElfDetails Of(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ElfDetails(file);
    }

    /// <inheritdoc/>
    public override string ToString() => KindDescription;

    private static IEnumerable<string> Names(ElfDynamicTable dynamic, ulong tag)
    {
        for (int i = 0; i < dynamic.Count; i++)
        {
            (ulong found, ulong value) = dynamic[i];
            if (found == tag && value < (ulong)dynamic.Strings.Size)
            {
                yield return dynamic.Strings[(uint)value];
            }
        }
    }

    private static string? ReadBuildId(ElfFile file) =>
        ElfNoteItems.Read(file).FirstOrDefault(n => n is { Owner: "GNU", Type: GnuBuildId, Size: > 0 }) is { } note
            ? Convert.ToHexStringLower(note.Description)
            : null;
}
