using System.Collections;
using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Images;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Writes address spaces as ELF cores.</summary>
[Cmdlet(VerbsData.Export, "ElfCore", DefaultParameterSetName = "Mapping", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportElfCoreCommand : CancellableCmdlet, ISpaceParameters
{
    // Cores to write at the end, by full path, in the order in which they came up.
    private readonly OrderedDictionary<string, PendingCore> _pending = [];
    private readonly OrderedDictionary<string, PendingImages> _pendingImages = [];
    private readonly OrderedDictionary<string, DumpArgument> _pendingDumps = [];
    private string? _lastPath;
    private PendingCore? _lastPending;

    /// <summary>The core to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Mappings to export.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Mapping")]
    public PageTableMapping? InputObject { get; set; }

    /// <summary>Images to export.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Image")]
    [ValidateNotNullOrEmpty]
    public MappedImage[] Image { get; set; } = [];

    /// <summary>The dumps to export from, or roots found in them; each needs a path of its own.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Dump")]
    [ValidateNotNullOrEmpty]
    public DumpArgument[] Dump { get; set; } = [];

    /// <summary>The root.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? Root { get; set; }

    /// <summary>The paging mode.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter(ParameterSetName = "Dump")]
    public SwitchParameter ZeroFill { get; set; }

    /// <summary>The processor whose registers give root and mode.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [ValidateRange(0, int.MaxValue)]
    public int? Cpu { get; set; }

    /// <summary>The root of the upper half.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? Root1 { get; set; }

    /// <summary>The register that divides the addresses.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    [Alias("Ttbcr", "Vtcr")]
    public ulong? Tcr { get; set; }

    /// <summary>Other registers, by name.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [RegisterTransformation]
    [ValidateNotNull]
    public IDictionary? Register { get; set; }

    /// <summary>The order of bytes in the page tables.</summary>
    [Parameter(ParameterSetName = "Dump")]
    public ByteOrder? ByteOrder { get; set; }

    /// <summary>RISC-V, SUM: supervisor mode may use user pages.</summary>
    [Parameter(ParameterSetName = "Dump")]
    public SwitchParameter Sum { get; set; }

    /// <summary>RISC-V, MXR: what can be executed can be read.</summary>
    [Parameter(ParameterSetName = "Dump")]
    public SwitchParameter Mxr { get; set; }

    /// <summary>The root of a hypervisor's tables; the root is a guest's then.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? NestedRoot { get; set; }

    /// <summary>The mode of a hypervisor's tables.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [ArgumentCompleter(typeof(NestedModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? NestedMode { get; set; }

    /// <summary>The lowest virtual address wanted.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? MinimumAddress { get; set; }

    /// <summary>The highest virtual address wanted.</summary>
    [Parameter(ParameterSetName = "Dump")]
    [AddressTransformation]
    public ulong? MaximumAddress { get; set; }

    /// <summary>The addresses wanted.</summary>
    [Parameter]
    [RangeTransformation]
    [ValidateNotNullOrEmpty]
    public Interval[]? Range { get; set; }

    /// <summary>The privilege whose rights the segments get.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RightsCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Rights { get; set; }

    /// <summary>The order of the segments.</summary>
    [Parameter]
    public SegmentOrder SegmentOrder { get; set; }

    /// <summary>Replace a read-only file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Refuse to replace a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Emit the file written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private MappingFilter Filter { get; set; }

    private IntervalSet? Ranges { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Ranges = Range == null ? null : new IntervalSet(Range);
        Filter = ParseFilter(Rights, Privilege);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is { } mapping)
        {
            Gather(mapping);
        }
        else if (ParameterSetName == "Image")
        {
            GatherImages();
        }
        else
        {
            GatherDumps();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName is "Mapping" or "Image" && _pending.Count + _pendingImages.Count + _pendingDumps.Count == 0)
        {
            WriteError(ErrorRecords.From(
                new ElfMmuException(
                    "NothingToExport",
                    ErrorKind.InvalidData,
                    "Nothing to export came through the pipeline, so no core is written: no mapping, no image, no dump and no root. If something "
                    + "else came, an error before this one says so; if nothing did, check the filters of what stands before."),
                null));
        }

        foreach ((string path, PendingCore core) in _pending)
        {
            Try(path, () => ExportPending(path, core));
        }

        foreach ((string path, PendingImages core) in _pendingImages)
        {
            Try(path, () => ExportImages(path, core));
        }

        foreach ((string path, DumpArgument dump) in _pendingDumps)
        {
            Try(dump.ToString(), () => ExportDump(path, dump));
        }

        base.EndProcessing();
    }

    /// <summary>Puts a mapping to the core its path names; -Path may be a script block that gives each mapping another one.</summary>
    private void Gather(PageTableMapping mapping)
    {
        if (_lastPath != Path || _lastPending == null)
        {
            try
            {
                string path = ResolveFile(Path);
                if (!_pending.TryGetValue(path, out PendingCore? pending))
                {
                    pending = new PendingCore(mapping.Space, new CoreSegments(Filter));
                    _pending.Add(path, pending);
                }

                (_lastPath, _lastPending) = (Path, pending);
            }
            catch (ElfMmuException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, Path));
            }
        }

        CheckSpace(_lastPending!.Space, mapping.Space, mapping);
        if (Ranges == null)
        {
            _lastPending.Segments.Add(mapping.AsMapping());
        }
        else
        {
            new CutSegments(_lastPending.Segments, Ranges).Add(mapping.AsMapping());
        }
    }

    /// <summary>Puts dumps to the cores their paths name.</summary>
    private void GatherDumps()
    {
        foreach (DumpArgument dump in Dump)
        {
            Try(dump.ToString(), () =>
            {
                string path = ResolveFile(Path);
                if (!_pendingDumps.TryAdd(path, dump))
                {
                    ThrowTerminatingError(ErrorRecords.From(
                        new ElfMmuException(
                            "MixedSpaces",
                            ErrorKind.InvalidArgument,
                            $"A core holds one address space, but {Name(_pendingDumps[path])} and {Name(dump)} are both to go to '{Path}'. Take one "
                            + "of them, or pipe them and give each its own file: -Path { \"as-{0:x}.elf\" -f $_.Root }")
                        { Path = path },
                        dump.ToString()));
                }
            });
        }
    }

    private static string Name(DumpArgument dump) => (dump.Root?.Root ?? dump.Space?.Root) is { } root
        ? $"root 0x{root:x} of '{dump}'"
        : $"'{dump}'";

    /// <summary>Puts images to the core their path names.</summary>
    private void GatherImages()
    {
        foreach (MappedImage image in Image)
        {
            try
            {
                string path = ResolveFile(Path);
                if (!_pendingImages.TryGetValue(path, out PendingImages? pending))
                {
                    pending = new PendingImages(image.Space, []);
                    _pendingImages.Add(path, pending);
                }

                CheckSpace(pending.Space, image.Space, image);
                pending.Ranges.Add(Interval.FromStartAndSize(image.Address, image.Size));
            }
            catch (ElfMmuException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, Path));
            }
        }
    }

    private void CheckSpace(SpaceIdentity space, SpaceIdentity other, object item)
    {
        if (!ReferenceEquals(space, other) && space != other)
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ElfMmuException(
                    "MixedSpaces",
                    ErrorKind.InvalidArgument,
                    $"A core holds one address space, but parts of root 0x{space.Root:x} of '{space.Dump.Path}' and of root "
                    + $"0x{other.Root:x} of '{other.Dump.Path}' are to go to '{Path}'. Give each its own file: "
                    + "-Path { \"as-{0:x}.elf\" -f $_.Root }"),
                item));
        }
    }

    private void ExportImages(string path, PendingImages core)
    {
        if (!ShouldProcess(path, "Export ELF core"))
        {
            return;
        }

        // What there is to say about the dump was said when the images were found in it.
        using MemoryDump dump = core.Space.Dump.Reopen(Cancellation);
        Damage.Add(dump);
        AddressSpace space = AddressSpace.Open(dump, core.Space.Request, Cancellation);
        var images = new IntervalSet(core.Ranges);
        IntervalSet wanted = Ranges == null ? images : new IntervalSet(Ranges.Select(space.Untag).SelectMany(images.Within));
        ExportSpace(path, space, wanted.Count > 0 ? wanted : throw new ElfMmuException(
            "NothingToExport", ErrorKind.InvalidData, $"No part of the images that are to go to '{path}' is in -Range: {Ranges}."));
    }

    private void ExportPending(string path, PendingCore core)
    {
        if (!ShouldProcess(path, "Export ELF core"))
        {
            return;
        }

        // What there is to say about the dump was said when the mappings were read from it.
        using MemoryDump dump = core.Space.Dump.Reopen(Cancellation);
        Damage.Add(dump);
        Export(path, dump, core.Space, core.Segments, null, Ranges);
    }

    private void ExportDump(string path, DumpArgument dump)
    {
        if (!ShouldProcess(path, "Export ELF core"))
        {
            return;
        }

        var opener = new SpaceOpener(this);
        SpaceRequest asked = dump.Complete(((ISpaceParameters)this).ToRequest(), all: false);
        using SpaceSource source = opener.Choose(OpenDump(opener, dump), asked, all: false, Cancellation);
        AddressSpace space = opener.OpenSpace(source, source.Requests[0], Cancellation);
        ExportSpace(path, space, Ranges);
    }

    /// <summary>Exports a space, or what lies in some ranges of it.</summary>
    private void ExportSpace(string path, AddressSpace space, IntervalSet? ranges)
    {
        // Mappings have no tags, and what they are cut to mustn't have any either.
        ranges = ranges == null ? null : new IntervalSet(ranges.Select(space.Untag));
        var opener = new SpaceOpener(this);
        var segments = new CoreSegments(Filter);
        WalkRequest request = space.NewWalk() with
        {
            MinimumAddress = space.Untag(MinimumAddress ?? 0),
            MaximumAddress = space.Untag(MaximumAddress ?? ulong.MaxValue),
            Filter = Filter,
            Cancellation = Cancellation,
        };
        if (ranges == null)
        {
            var sink = new CoreSegmentSink(segments);
            opener.Walk(space, request, ref sink);
        }
        else if (CutSegments.Narrow(request, ranges) is var narrow && narrow.MinimumAddress <= narrow.MaximumAddress)
        {
            var sink = new CutSegments(segments, ranges);
            opener.Walk(space, narrow, ref sink);
        }

        Export(path, space.Dump, space.Identity, segments, request, ranges);
    }

    private MemoryDump OpenDump(SpaceOpener opener, DumpArgument dump)
    {
        if ((dump.File ?? dump.Path) is not { } path)
        {
            return dump.OpenObject(((IDumpParameters)this).IsDescribed, Cancellation);
        }

        // One core is of one dump, so its path is taken as it is.
        return opener.Open(ResolveFile(path), OptionsOf(this), Cancellation);
    }

    private void Export(
        string path, MemoryDump dump, SpaceIdentity space, CoreSegments segments, WalkRequest? walk, IntervalSet? ranges = null)
    {
        using var progress = new ByteProgress(this, $"Exporting {path}");
        ExportSummary summary = ElfCoreExporter.Export(dump, space, segments, new ExportOptions
        {
            Path = path,
            Order = SegmentOrder,
            NoClobber = NoClobber,
            Force = Force,
            Walk = walk,
            Ranges = ranges,
            Progress = progress.Report,
            Cancellation = Cancellation,
        });
        WriteVerbose($"'{summary.Path}': {summary.Class}, {summary.Segments} segments, {summary.DataSize} bytes of memory of which "
            + $"{summary.WrittenSize} aren't in pages of zeros, registers of {summary.Cpus.Count} processors.");
        foreach (string warning in summary.Warnings)
        {
            WriteWarning(warning);
        }

        if (PassThru)
        {
            WriteObject(InvokeProvider.Item.Get([summary.Path], force: false, literalPath: true), enumerateCollection: true);
        }
    }

    private sealed record PendingCore(SpaceIdentity Space, CoreSegments Segments);

    private sealed record PendingImages(SpaceIdentity Space, List<Interval> Ranges);
}
