using System.CommandLine;
using ElfMmu.Cli.Output;
using ElfMmu.Export;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Pictures;

namespace ElfMmu.Cli.Options;

/// <summary>Every option there is, described once; a command takes the groups it needs.</summary>
internal sealed class OptionSet
{
    public Option<string?> Machine { get; } = Value.Path(
        "--machine", "YAML", "Read the machine's description beside the dump: registers, mode, devices.");

    public Option<ulong?> RamBase { get; } = Value.Address("--ram-base", "The physical address of a raw image's first byte.");

    public Option<ulong?> Root { get; } = Value.Address(
        "--root", "The physical address of the top page table, or the register that holds it; searched for where nothing names one.");

    /// <summary>The same for commands that can take several spaces of a dump.</summary>
    public Option<ulong[]?> Roots { get; } = Value.Addresses(
        "--root", "The physical address of the top page table, or the register that holds it; may be given several times.");

    public Option<ulong?> Root1 { get; } = Value.Address(
        "--root1", "The same for the upper half of the addresses, in modes with two roots (TTBR1).");

    public Option<ulong?> Tcr { get; } = Value.Address(
        "--tcr", "The register that divides the addresses: TCR_EL1, VTCR_EL2, TTBCR.");

    public Option<KeyValuePair<string, ulong>[]?> Registers { get; } = Value.Registers(
        "--register", "The value of any other register (dacr=0x55555555); may be given several times.");

    public Option<string?> Mode { get; } = Value.Mode("--mode", "The paging mode", _ => true);

    public Option<string[]?> Modes { get; } = Value.Modes(
        "--mode", "A paging mode to look for, or a family of them; may be given several times. All that fit the dump by default.");

    public Option<bool> AllRoots { get; } = Value.Flag(
        "--all-roots", "Search the dump, and list every address space that is found.");

    public Option<int?> Top { get; } = Value.Some("--top", "List at most so many roots of each dump, the best ones.");

    public Option<double?> MinimumScore { get; } = Value.Share(
        "--minimum-score", "SCORE", "List roots that score as much or more, from 0 to 1; 0.5 by default.");

    public Option<bool> All { get; } = Value.Flag("--all", "List every candidate, whatever its score.");

    public Option<ByteOrder?> ByteOrder { get; } = Value.OptionalChoice<ByteOrder>(
        "--byte-order",
        "ORDER",
        "The order of bytes in the page tables",
        "what the dump says",
        ("little", ElfMmu.ByteOrder.Little),
        ("big", ElfMmu.ByteOrder.Big));

    public Option<bool> Sum { get; } = Value.Flag("--sum", "RISC-V: let supervisor mode use user pages (SUM).");

    public Option<bool> Mxr { get; } = Value.Flag("--mxr", "RISC-V: let what can be executed be read (MXR).");

    public Option<ulong?> NestedRoot { get; } = Value.Address(
        "--nested-root", "The root of a hypervisor's tables (EPTP, VTTBR): --root is a guest's then.");

    public Option<string?> NestedMode { get; } = Value.Mode(
        "--nested-mode", "The mode of the hypervisor's tables", m => m.IsNested);

    public Option<int?> Cpu { get; } = Value.Index("--cpu", "Take root and mode from this CPU; the first that knows by default.");

    public Option<Privilege> Privilege { get; } = Value.Choice(
        "--privilege",
        "WHO",
        "Whose rights count",
        ("any", Paging.Privilege.Any),
        ("user", Paging.Privilege.User),
        ("supervisor", Paging.Privilege.Supervisor));

    public Option<MappingFilter> Rights { get; } = Value.Rights(
        "--rights", "Rights wanted: letters that must be there, ! before those that must not (rw, !x), or exactly these (r-x).");

    public Option<ulong?> MinimumAddress { get; } = Value.Address("--minimum-address", "The lowest virtual address wanted.");

    public Option<ulong?> MaximumAddress { get; } = Value.Address("--maximum-address", "The highest virtual address wanted.");

    public Option<bool> PerPage { get; } = Value.Flag("--per-page", "List every page by itself instead of runs of them.");

    public Option<bool> IncludeAbsent { get; } = Value.Flag(
        "--include-absent", "List mappings too behind which the dump knows nothing.");

    public Option<ulong?> MaximumCount { get; } = Value.Count("--maximum-count", "Stop after so many mappings of each dump.");

    public Option<SegmentOrder> SegmentOrder { get; } = Value.Choice(
        "--segment-order",
        "ORDER",
        "How the core lists its segments",
        ("address", Export.SegmentOrder.Address),
        ("size", Export.SegmentOrder.Size));

    public Option<bool> Force { get; } = Value.Flag("--force", "Replace the file even if it is read-only.");

    public Option<bool> NoClobber { get; } = Value.Flag("--no-clobber", "Don't replace the file if it exists.");

    public Option<string?> Output { get; } = Value.RequiredPath(
        "--output", "FILE", "The file to write; it replaces a file of that name.", "-o");

    public Option<PictureFormat?> PictureFormat { get; } = Value.OptionalChoice<PictureFormat>(
        "--format",
        "FORMAT",
        "What is drawn",
        "what the name says",
        ("html", Pictures.PictureFormat.Html),
        ("svg", Pictures.PictureFormat.Svg));

    public Option<string?> Title { get; } = Value.Text("--title", "TEXT", "The title; the dumps' names by default.");

    public Option<bool> Trace { get; } = Value.Flag("--trace", "Show the way of each address through the tables, entry by entry.");

    public Option<bool> Physical { get; } = Value.Flag(
        "--physical", "The addresses are physical: list every virtual address that leads to them.");

    public Option<bool> FileOffset { get; } = Value.Flag(
        "--file-offset", "The addresses are offsets in the dump's file: list every virtual address that leads to the bytes there.");

    public Option<string?> File { get; } = Value.Path(
        "--file", "FILE", "The file the offsets are in, where a machine's memory is in several.");

    public Option<ulong?> OtherRoot { get; } = Value.Address("--other-root", "The root of the second side; that of the first by default.");

    public Option<int?> OtherCpu { get; } = Value.Index("--other-cpu", "The CPU of the second side; that of the first by default.");

    public Option<bool> IncludeAttributes { get; } = Value.Flag(
        "--include-attributes", "Compare page sizes, memory types and the global bit too.");

    public Option<bool> IncludeEqual { get; } = Value.Flag("--include-equal", "List what is equal too.");

    public Option<ImageKind?> ImageKind { get; } = Value.OptionalChoice<ImageKind>(
        "--kind",
        "KIND",
        "Which executables are listed",
        "all",
        ("elf", ElfMmu.Images.ImageKind.Elf),
        ("pe", ElfMmu.Images.ImageKind.Pe));

    public Option<bool> AllImages { get; } = Value.Flag("--all", "List executables too of which there is only a header.");

    public Option<Interval[]?> Ranges { get; } = Value.Ranges(
        "--range", "Addresses to export: 0xSTART-0xEND (without the end) or 0xSTART+SIZE; may be given several times.");

    public Option<ulong[]?> Images { get; } = Value.Addresses(
        "--image", "Export the executable whose header is at this address; may be given several times.");

    public Option<bool> Quiet { get; } = Value.Flag("--quiet", "Say nothing but errors.", "-q");

    public Option<bool> Verbose { get; } = Value.Flag("--verbose", "Say what was chosen and counted.", "-v");

    /// <summary>All formats.</summary>
    public Option<OutputFormat> Format { get; } = Value.Choice(
        "--format",
        "FORMAT",
        "How results are written",
        ("table", OutputFormat.Table),
        ("csv", OutputFormat.Csv),
        ("json", OutputFormat.Json));

    /// <summary>The formats of what isn't flat.</summary>
    public Option<OutputFormat> NestedFormat { get; } = Value.Choice(
        "--format",
        "FORMAT",
        "How results are written",
        ("table", OutputFormat.Table),
        ("json", OutputFormat.Json));

    /// <summary>What a dump can't say of itself.</summary>
    public IEnumerable<Option> Dump => [Machine, RamBase];

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

    /// <summary>Pairs that contradict each other.</summary>
    public IEnumerable<(Option One, Option Other)> Contradictions =>
    [
        (Quiet, Verbose), (Force, NoClobber), (All, MinimumScore), (AllRoots, Root), (AllRoots, Roots), (AllRoots, Root1), (AllRoots, Cpu),
        (AllRoots, NestedRoot),
        (Physical, FileOffset),
        (Trace, Physical),
        (Trace, FileOffset),
    ];
}
