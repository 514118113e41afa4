using System.Collections;
using System.Management.Automation;
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
    private MemoryDump? _dump;

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

    /// <summary>The root.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? Root { get; set; }

    /// <summary>The paging mode.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

    /// <summary>The processor whose registers give root and mode.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Cpu { get; set; }

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
        bool literal = ParameterSetName == "LiteralPath";
        foreach (string file in ResolveFiles(literal ? LiteralPath : Dump, literal))
        {
            Try(file, () => Walk(file));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _dump?.Dispose();
        _dump = null;
        base.Dispose(disposing);
    }

    private void Walk(string file)
    {
        var opener = new SpaceOpener(WriteVerbose, WriteWarning);
        var options = new DumpOptions { RamBase = RamBase, MachinePath = Machine == null ? null : ResolveFile(Machine) };
        _dump?.Dispose();
        _dump = null;
        MemoryDump dump = _dump = opener.Open(file, options, Cancellation);
        AddressSpace space = opener.Choose(dump, ((ISpaceParameters)this).ToRequest(), Cancellation);
        var sink = new PipelineSink(this, space.Identity, MaximumCount);
        WalkRequest request = space.NewWalk() with
        {
            MinimumAddress = MinimumAddress ?? 0,
            MaximumAddress = MaximumAddress ?? ulong.MaxValue,
            PerPage = PerPage,
            IncludeAbsent = IncludeAbsent,
            Filter = Filter,
            Cancellation = Cancellation,
        };
        opener.Walk(space, request, ref sink);
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
