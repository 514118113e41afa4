using System.Collections;
using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Walks the page tables in dumps and emits what they map.</summary>
[Cmdlet(VerbsCommon.Get, "PageTableMapping", DefaultParameterSetName = "Path")]
[OutputType(typeof(PageTableMapping))]
public sealed class GetPageTableMappingCommand : CancellableCmdlet, ISpaceParameters
{
    // The last dump stays open until the pipeline ends, so that its sink needn't open, and perhaps unpack, it again.
    private SpaceSource? _source;

    /// <summary>The dumps; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Dump { get; set; } = [];

    /// <summary>The dumps; nothing is expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Roots that a search found.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Root")]
    public PageTableRoot? InputObject { get; set; }

    /// <summary>The root.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [AddressTransformation]
    public ulong? Root { get; set; }

    /// <summary>The paging mode.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

    /// <summary>The processor whose registers give root and mode.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateRange(0, int.MaxValue)]
    public int? Cpu { get; set; }

    /// <summary>Walk every address space that a search finds.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter AllRoots { get; set; }

    /// <summary>The root of the upper half.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
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
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [AddressTransformation]
    public ulong? NestedRoot { get; set; }

    /// <summary>The mode of a hypervisor's tables.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ArgumentCompleter(typeof(NestedModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? NestedMode { get; set; }

    /// <summary>The privilege that must have any right.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted.</summary>
    [Parameter]
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

    /// <summary>Emit every leaf by itself.</summary>
    [Parameter]
    public SwitchParameter PerPage { get; set; }

    /// <summary>Emit leaves too that lead to nothing known.</summary>
    [Parameter]
    public SwitchParameter IncludeAbsent { get; set; }

    /// <summary>Emit at most so many mappings of each address space.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaximumCount { get; set; } = long.MaxValue;

    private MappingFilter Filter { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Filter = ParseFilter(Rights, Privilege);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is { } root)
        {
            Try(root, () => Walk(root));
            return;
        }

        bool literal = ParameterSetName == "LiteralPath";
        foreach (string file in ResolveFiles(literal ? LiteralPath : Dump, literal))
        {
            Try(file, () => Walk(file));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _source?.Dispose();
        _source = null;
        base.Dispose(disposing);
    }

    private void Walk(string file)
    {
        var opener = new SpaceOpener(this);
        var options = new DumpOptions { RamBase = RamBase, MachinePath = Machine == null ? null : ResolveFile(Machine) };
        _source?.Dispose();
        _source = null;
        MemoryDump dump = opener.Open(file, options, Cancellation);
        SpaceSource source = _source = opener.Choose(dump, ((ISpaceParameters)this).ToRequest(), AllRoots, Cancellation);
        foreach (SpaceRequest request in source.Requests)
        {
            // An address space that can't be walked doesn't keep the others of its dump back.
            Try(file, () => Walk(opener, source, request));
        }
    }

    private void Walk(PageTableRoot root)
    {
        // What there is to say about the dump was said when the root was found in it. The last dump is closed after this one is
        // opened, for it is usually the same one.
        var opener = new SpaceOpener(this);
        SpaceSource source = opener.Choose(
            root.Dump.Reopen(Cancellation), ((ISpaceParameters)this).ToRequest().With(root), all: false, Cancellation);
        _source?.Dispose();
        _source = source;
        Walk(opener, source, source.Requests[0]);
    }

    private void Walk(SpaceOpener opener, SpaceSource source, SpaceRequest request)
    {
        AddressSpace space = opener.OpenSpace(source, request, Cancellation);
        var sink = new PipelineSink(this, space.Identity, MaximumCount);
        opener.Walk(
            space,
            space.NewWalk() with
            {
                MinimumAddress = MinimumAddress ?? 0,
                MaximumAddress = MaximumAddress ?? ulong.MaxValue,
                PerPage = PerPage,
                IncludeAbsent = IncludeAbsent,
                Filter = Filter,
                Cancellation = Cancellation,
            },
            ref sink);
    }

    /// <summary>Emits mappings one by one: the first one is out before the second one is found.</summary>
    private struct PipelineSink(Cmdlet cmdlet, SpaceIdentity space, long left) : IMappingSink
    {
        public bool Add(in Mapping mapping)
        {
            cmdlet.WriteObject(new PageTableMapping(mapping, space));
            return --left > 0;
        }
    }
}
