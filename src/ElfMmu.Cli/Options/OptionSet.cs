using System.CommandLine;
using ElfMmu.Cli.Output;
using ElfMmu.Export;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Pictures;

namespace ElfMmu.Cli.Options;

/// <summary>
/// Every option there is, described once; a command takes the groups it needs. An option is made when it is first asked for: most runs need few.
/// </summary>
internal sealed class OptionSet
{
    public Option<string?> Machine => field ??= Value.Path(
        "--machine", "YAML", "Read the machine's description beside the dump: registers, mode, devices.");

    public Option<ulong?> RamBase => field ??= Value.Address("--ram-base", "The physical address of a raw image's first byte.");

    public Option<bool> ZeroFill => field ??= Value.Flag(
        "--zero-fill", "Read what is damaged in the dump, or was left out of it, as zeros; it is absent otherwise.");

    public Option<ulong?> Root => field ??= Value.Address(
        "--root", "The physical address of the top page table, or the register that holds it; searched for where nothing names one.");

    /// <summary>The same for commands that can take several spaces of a dump.</summary>
    public Option<ulong[]?> Roots => field ??= Value.Addresses(
        "--root", "The physical address of the top page table, or the register that holds it; may be given several times.");

    public Option<ulong?> Root1 => field ??= Value.Address(
        "--root1", "The same for the upper half of the addresses, in modes with two roots (TTBR1).");

    public Option<ulong?> Tcr => field ??= Value.Address(
        "--tcr", "The register that divides the addresses: TCR_EL1, VTCR_EL2, TTBCR.");

    public Option<KeyValuePair<string, ulong>[]?> Registers => field ??= Value.Registers(
        "--register", "The value of any other register (dacr=0x55555555); may be given several times.");

    public Option<string?> Mode => field ??= Value.Mode("--mode", "The paging mode", _ => true);

    public Option<string[]?> Modes => field ??= Value.Modes(
        "--mode", "A paging mode to look for, or a family of them; may be given several times. All that fit the dump by default.");

    public Option<bool> AllRoots => field ??= Value.Flag(
        "--all-roots", "Search the dump, and list every address space that is found.");

    public Option<int?> Top => field ??= Value.Some("--top", "List at most so many roots of each dump, the best ones.");

    public Option<double?> MinimumScore => field ??= Value.Share(
        "--minimum-score", "SCORE", "List roots that score as much or more, from 0 to 1; 0.5 by default.");

    public Option<bool> All => field ??= Value.Flag("--all", "List every candidate, whatever its score.");

    public Option<ByteOrder?> ByteOrder => field ??= Value.OptionalChoice<ByteOrder>(
        "--byte-order",
        "ORDER",
        "The order of bytes in the page tables",
        "what the dump says",
        ("little", ElfMmu.ByteOrder.Little),
        ("big", ElfMmu.ByteOrder.Big));

    public Option<bool> Sum => field ??= Value.Flag("--sum", "RISC-V: let supervisor mode use user pages (SUM).");

    public Option<bool> Mxr => field ??= Value.Flag("--mxr", "RISC-V: let what can be executed be read (MXR).");

    public Option<ulong?> NestedRoot => field ??= Value.Address(
        "--nested-root", "The root of a hypervisor's tables (EPTP, VTTBR): --root is a guest's then.");

    public Option<string?> NestedMode => field ??= Value.Mode(
        "--nested-mode", "The mode of the hypervisor's tables", m => m.IsNested);

    public Option<int?> Cpu => field ??= Value.Index("--cpu", "Take root and mode from this CPU; the first that knows by default.");

    public Option<Privilege> Privilege => field ??= Value.Choice(
        "--privilege",
        "WHO",
        "Whose rights count",
        ("any", Paging.Privilege.Any),
        ("user", Paging.Privilege.User),
        ("supervisor", Paging.Privilege.Supervisor));

    public Option<MappingFilter> Rights => field ??= Value.Rights(
        "--rights", "Rights wanted: letters that must be there, ! before those that must not (rw, !x), or exactly these (r-x).");

    public Option<ulong?> MinimumAddress => field ??= Value.Address("--minimum-address", "The lowest virtual address wanted.");

    public Option<ulong?> MaximumAddress => field ??= Value.Address("--maximum-address", "The highest virtual address wanted.");

    public Option<bool> PerPage => field ??= Value.Flag("--per-page", "List every page by itself instead of runs of them.");

    public Option<bool> IncludeAbsent => field ??= Value.Flag(
        "--include-absent", "List mappings too behind which the dump knows nothing.");

    public Option<ulong?> MaximumCount => field ??= Value.Count("--maximum-count", "Stop after so many mappings of each dump.");

    public Option<SegmentOrder> SegmentOrder => field ??= Value.Choice(
        "--segment-order",
        "ORDER",
        "How the core lists its segments",
        ("address", Export.SegmentOrder.Address),
        ("size", Export.SegmentOrder.Size));

    public Option<bool> Force => field ??= Value.Flag("--force", "Replace the file even if it is read-only.");

    public Option<bool> NoClobber => field ??= Value.Flag("--no-clobber", "Don't replace the file if it exists.");

    public Option<string?> Output => field ??= Value.RequiredPath(
        "--output", "FILE", "The file to write; it replaces a file of that name.", "-o");

    public Option<PictureFormat?> PictureFormat => field ??= Value.OptionalChoice<PictureFormat>(
        "--format",
        "FORMAT",
        "What is drawn",
        "what the name says",
        ("html", Pictures.PictureFormat.Html),
        ("svg", Pictures.PictureFormat.Svg));

    public Option<string?> Title => field ??= Value.Text("--title", "TEXT", "The title; the dumps' names by default.");

    public Option<bool> Trace => field ??= Value.Flag("--trace", "Show the way of each address through the tables, entry by entry.");

    public Option<bool> Physical => field ??= Value.Flag(
        "--physical", "The addresses are physical: list every virtual address that leads to them.");

    public Option<bool> FileOffset => field ??= Value.Flag(
        "--file-offset", "The addresses are offsets in the dump's file: list every virtual address that leads to the bytes there.");

    public Option<string?> File => field ??= Value.Path(
        "--file", "FILE", "The file the offsets are in, where a machine's memory is in several.");

    public Option<ulong?> OtherRoot => field ??= Value.Address("--other-root", "The root of the second side; that of the first by default.");

    public Option<int?> OtherCpu => field ??= Value.Index("--other-cpu", "The CPU of the second side; that of the first by default.");

    public Option<bool> IncludeAttributes => field ??= Value.Flag(
        "--include-attributes", "Compare page sizes, memory types and the global bit too.");

    public Option<bool> IncludeEqual => field ??= Value.Flag("--include-equal", "List what is equal too.");

    public Option<ImageKind?> ImageKind => field ??= Value.OptionalChoice<ImageKind>(
        "--kind",
        "KIND",
        "Which executables are listed",
        "all",
        ("elf", ElfMmu.Images.ImageKind.Elf),
        ("pe", ElfMmu.Images.ImageKind.Pe));

    public Option<bool> AllImages => field ??= Value.Flag("--all", "List executables too of which there is only a header.");

    public Option<Interval[]?> Ranges => field ??= Value.Ranges(
        "--range", "Addresses to export: 0xSTART-0xEND (without the end) or 0xSTART+SIZE; may be given several times.");

    public Option<ulong[]?> Images => field ??= Value.Addresses(
        "--image", "Export the executable whose header is at this address; may be given several times.");

    public Option<bool> Quiet => field ??= Value.Flag("--quiet", "Say nothing but errors.", "-q");

    public Option<bool> Verbose => field ??= Value.Flag("--verbose", "Say what was chosen and counted.", "-v");

    /// <summary>All formats.</summary>
    public Option<OutputFormat> Format => field ??= Value.Choice(
        "--format",
        "FORMAT",
        "How results are written",
        ("table", OutputFormat.Table),
        ("csv", OutputFormat.Csv),
        ("json", OutputFormat.Json));

    /// <summary>What a dump can't say of itself.</summary>
    public IEnumerable<Option> Dump => [Machine, RamBase, ZeroFill];

    /// <summary>Which address space, and which of its mappings.</summary>
    public IEnumerable<Option> Space =>
    [
        Root, Mode, Cpu, Root1, Tcr, Registers, ByteOrder, Sum, Mxr, NestedRoot, NestedMode,
        .. Dump, Privilege, Rights, MinimumAddress, MaximumAddress,
    ];

    /// <summary>Which address space, without a choice of its mappings.</summary>
    public IEnumerable<Option> SpaceOnly => Space.Except([Privilege, Rights, MinimumAddress, MaximumAddress]);

    /// <summary>What has no meaning where no address space is walked, because the addresses are physical.</summary>
    public IEnumerable<Option> SpaceAlone => Space.Except([.. Dump, MinimumAddress, MaximumAddress]).Append(AllRoots);

    /// <summary>What every command has beside its format.</summary>
    public IEnumerable<Option> Common => [Quiet, Verbose];

    /// <summary>Pairs of names that contradict each other, in whichever command has both.</summary>
    public static IReadOnlyList<(string One, string Other)> Contradictions { get; } =
    [
        ("--quiet", "--verbose"),
        ("--force", "--no-clobber"),
        ("--all", "--minimum-score"),
        ("--all-roots", "--root"),
        ("--all-roots", "--root1"),
        ("--all-roots", "--cpu"),
        ("--all-roots", "--nested-root"),
        ("--physical", "--file-offset"),
        ("--trace", "--physical"),
        ("--trace", "--file-offset"),
    ];
}
