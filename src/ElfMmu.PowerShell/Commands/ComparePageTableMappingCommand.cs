using System.Collections;
using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Inspection;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Compares what two address spaces map: of one dump, of two dumps, or of lists of mappings.</summary>
[Cmdlet(VerbsData.Compare, "PageTableMapping")]
[OutputType(typeof(MappingChange))]
public sealed class ComparePageTableMappingCommand : CancellableCmdlet, ISpaceParameters
{
    private readonly List<object?> _difference = [];
    private readonly HashSet<SpaceMap> _told = new(ReferenceEqualityComparer.Instance);
    private ComparisonOptions _options = new();
    private SpaceSource? _reference;
    private SpaceSource? _other;
    private AddressSpace? _referenceSpace;
    private AddressSpace? _otherSpace;

    /// <summary>The first side: a dump, a root, or mappings.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("ReferenceDump")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public object[] ReferenceObject { get; set; } = [];

    /// <summary>The second side; several dumps are compared with the first side one after the other.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Alias("DifferenceDump")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    [SupportsWildcards]
    public object[]? DifferenceObject { get; set; }

    /// <summary>The root, of both sides unless <see cref="DifferenceRoot"/> is given.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Root { get; set; }

    /// <summary>The root of the second side.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? DifferenceRoot { get; set; }

    /// <summary>The paging mode.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>A machine description beside the dumps.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public SwitchParameter ZeroFill { get; set; }

    /// <summary>The processor whose registers give root and mode.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Cpu { get; set; }

    /// <summary>The processor of the second side.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? DifferenceCpu { get; set; }

    /// <summary>The root of the upper half.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Root1 { get; set; }

    /// <summary>The register that divides the addresses.</summary>
    [Parameter]
    [AddressTransformation]
    [Alias("Ttbcr", "Vtcr")]
    public ulong? Tcr { get; set; }

    /// <summary>Other registers, by name.</summary>
    [Parameter]
    [RegisterTransformation]
    [ValidateNotNull]
    public IDictionary? Register { get; set; }

    /// <summary>The order of bytes in the page tables.</summary>
    [Parameter]
    public ByteOrder? ByteOrder { get; set; }

    /// <summary>RISC-V, SUM: supervisor mode may use user pages.</summary>
    [Parameter]
    public SwitchParameter Sum { get; set; }

    /// <summary>RISC-V, MXR: what can be executed can be read.</summary>
    [Parameter]
    public SwitchParameter Mxr { get; set; }

    /// <summary>The root of a hypervisor's tables; the root is a guest's then.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? NestedRoot { get; set; }

    /// <summary>The mode of a hypervisor's tables.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NestedModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? NestedMode { get; set; }

    /// <summary>The privilege whose rights count.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted on either side.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RightsCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Rights { get; set; }

    /// <summary>The lowest virtual address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MinimumAddress { get; set; }

    /// <summary>The highest virtual address wanted.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? MaximumAddress { get; set; }

    /// <summary>Compare page sizes, memory types and global too.</summary>
    [Parameter]
    public SwitchParameter IncludeAttribute { get; set; }

    /// <summary>Emit what is equal too.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>Compare mappings too that lead to nothing known.</summary>
    [Parameter]
    public SwitchParameter IncludeAbsent { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _options = new ComparisonOptions
        {
            Filter = ParseFilter(Rights, Privilege),
            MinimumAddress = MinimumAddress ?? 0,
            MaximumAddress = MaximumAddress ?? ulong.MaxValue,
            IncludeEqual = IncludeEqual,
            Attributes = IncludeAttribute,
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? item in DifferenceObject ?? [])
        {
            _difference.Add(item is PSObject wrapped ? wrapped.BaseObject : item);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Try(ReferenceObject, () =>
        {
            CheckConflicts();
            MappingSet before = Reference();
            foreach ((object? target, Func<MappingSet> after) in Differences())
            {
                Try(target, () =>
                {
                    MappingSet now = after();
                    foreach (MappingChange change in MappingComparer.Compare(before, now, Untagged(_options)))
                    {
                        Cancellation.ThrowIfCancellationRequested();
                        WriteObject(change);
                    }
                });
            }
        });
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reference?.Dispose();
        _other?.Dispose();
        (_reference, _other) = (null, null);
        base.Dispose(disposing);
    }

    /// <summary>Says of what names a root beside objects that are of one already that it couldn't count.</summary>
    private void CheckConflicts()
    {
        if (_difference.Exists(IsSpace) && this.Given(nameof(DifferenceRoot), nameof(DifferenceCpu)) is { } other)
        {
            throw Conflict($"-DifferenceObject says already which address space is meant, so {other} can't be given with it.");
        }

        if (Array.TrueForAll(ReferenceObject, IsSpace) && _difference.TrueForAll(IsSpace)
            && this.Given(nameof(Root), nameof(Root1), nameof(Mode), nameof(Cpu)) is { } both)
        {
            throw Conflict($"What is compared says already which address spaces are meant, so {both} can't be given with it.");
        }

        static bool IsSpace(object? item) =>
            (item is PSObject wrapped ? wrapped.BaseObject : item) is PageTableRoot or DumpRoot or SpaceIdentity or PageTableMapping;

        static ElfMmuException Conflict(string message) => new("RootConflict", ErrorKind.InvalidArgument, message);
    }

    private MappingSet Reference()
    {
        object[] items = Array.ConvertAll(ReferenceObject, static o => o is PSObject wrapped ? wrapped.BaseObject : o);
        if (Array.TrueForAll(items, static i => i is PageTableMapping))
        {
            return MappingSet.Of(items.Cast<PageTableMapping>());
        }

        (object? Target, Func<MappingSet> Open)[] sides = [.. items.SelectMany(i => Sides(i, isDifference: false))];
        return sides.Length == 1
            ? sides[0].Open()
            : throw new ElfMmuException(
                "ReferenceInvalid",
                ErrorKind.InvalidArgument,
                sides.Length == 0
                    ? "There is nothing to compare with: no dump is left of what -ReferenceObject names."
                    : $"-ReferenceObject names {sides.Length} dumps, or mappings beside them. Give one dump, one root, or mappings of one space; "
                        + "-DifferenceObject may name several dumps.");
    }

    /// <summary>What the first side is compared with: the mappings of each space, then each dump.</summary>
    private IEnumerable<(object? Target, Func<MappingSet> Open)> Differences()
    {
        // A pipeline may have been empty.
        if (DifferenceObject == null && !MyInvocation.ExpectingInput)
        {
            return _reference is { } source && (DifferenceRoot ?? (object?)DifferenceCpu) != null
                ? [(source.Dump.Identity, () => Walk(
                    () => source.Dump.Identity.Reopen(Cancellation), _ => Other(source.Requests[0] with { Found = null }), isDifference: true))]
                : throw new ElfMmuException(
                    "DifferenceRequired",
                    ErrorKind.InvalidArgument,
                    "There is one side only. Give another dump, root or mappings by -DifferenceObject, or another root or processor of the same "
                    + "dump by -DifferenceRoot or -DifferenceCpu.");
        }

        PageTableMapping[] mappings = [.. _difference.OfType<PageTableMapping>()];
        object?[] others = [.. _difference.Where(static d => d is not PageTableMapping)];

        // Nothing at all is a list of no mappings: what a filter left of them, for instance.
        IEnumerable<IEnumerable<PageTableMapping>> lists = mappings.Length == 0 && others.Length == 0
            ? [[]]
            : mappings.GroupBy(static m => m.Space);
        return lists.Select(l => ((object?)null, (Func<MappingSet>)(() => MappingSet.Of(l))))
            .Concat(others.SelectMany(o => Sides(o, isDifference: true)));
    }

    /// <summary>The spaces that one object means: one, or one of each file that a path with wildcards matches.</summary>
    private IEnumerable<(object? Target, Func<MappingSet> Open)> Sides(object? item, bool isDifference)
    {
        if ((item is DumpRoot named ? named.Space : item) is SpaceIdentity space)
        {
            return [Side(space, () => space.Dump.Reopen(Cancellation), _ => space.Request)];
        }

        return Argument(item) switch
        {
            { Opened: { } opened } => [Side(opened, opened.Lease)],
            { Root: { } root } => [Side(root, () => root.Dump.Reopen(Cancellation), r => Nameless(r).With(root))],
            { Identity: { } dump } => [Side(dump, () => dump.Reopen(Cancellation))],
            { File: { } file } => [Side(file, () => OpenFile(file))],
            { Path: var path } => ResolveFiles([path!], literal: false).Select(f => Side(f, () => OpenFile(f))),
        };

        (object? Target, Func<MappingSet> Open) Side(
            object target, Func<MemoryDump> open, Func<SpaceRequest, SpaceRequest>? narrow = null) =>
            (target, () => Walk(open, narrow, isDifference));
    }

    private static DumpArgument Argument(object? item)
    {
        try
        {
            return DumpArgument.From(item);
        }
        catch (PSInvalidCastException e)
        {
            throw new ElfMmuException(
                "SideInvalid",
                ErrorKind.InvalidArgument,
                $"'{item}' can't be compared. Give the path of a dump, a dump that is open, a root that Find-PageTableRoot found, or mappings "
                + "of Get-PageTableMapping.",
                e);
        }
    }

    /// <summary>
    /// The limits without tags, which mappings don't have. A space says what of them is one; where both sides are lists of mappings, nothing
    /// does, and limits are taken as they are.
    /// </summary>
    private ComparisonOptions Untagged(ComparisonOptions options) => (_referenceSpace ?? _otherSpace) is { } space
        ? options with
        {
            MinimumAddress = space.Untag(options.MinimumAddress),
            MaximumAddress = space.Untag(options.MaximumAddress),
        }
        : options;

    private MappingSet Walk(Func<MemoryDump> open, Func<SpaceRequest, SpaceRequest>? narrow, bool isDifference)
    {
        SpaceRequest request = ((ISpaceParameters)this).ToRequest();
        if (isDifference)
        {
            request = Other(request);
        }

        // The second dump of several is closed before the next one is opened; the first side stays open.
        var opener = new SpaceOpener(this);
        if (isDifference)
        {
            _other?.Dispose();
            _other = null;
        }

        SpaceSource source = opener.Choose(open(), narrow?.Invoke(request) ?? request, all: false, Cancellation);
        (_reference, _other) = isDifference ? (_reference, source) : (source, _other);
        AddressSpace space = opener.OpenSpace(source, source.Requests[0], Cancellation);
        (_referenceSpace, _otherSpace) = isDifference ? (_referenceSpace, space) : (space, _otherSpace);
        SpaceMap map = SpaceCache.Of(space.Dump).Map(space, Cancellation);
        if (_told.Add(map))
        {
            WriteVerbose(map.Remark);
            foreach (string warning in map.Warnings)
            {
                WriteWarning(warning);
            }
        }

        return MappingSet.Of(map, IncludeAbsent);
    }

    /// <summary>The request of the second side: what names a root for it counts instead of what names one for both.</summary>
    private SpaceRequest Other(SpaceRequest request) => DifferenceRoot != null
        ? request with { Root = DifferenceRoot, Cpu = DifferenceCpu ?? request.Cpu }
        : DifferenceCpu != null ? request with { Root = null, Cpu = DifferenceCpu } : request;

    /// <summary>A request without what an object that is a space says itself.</summary>
    private static SpaceRequest Nameless(SpaceRequest request) => request with { Root = null, Root1 = null, Cpu = null, Mode = null };

    private MemoryDump OpenFile(string file) => new SpaceOpener(this).Open(file, OptionsOf(this), Cancellation);
}
