using System.Management.Automation;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Walks the page tables in dumps and emits what they map.</summary>
[Cmdlet(VerbsCommon.Get, "PageTableMapping", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(PageTableMapping))]
public sealed class GetPageTableMappingCommand : SpaceCommand
{
    private readonly HashSet<(SpaceIdentity Space, SpaceRequest Request)> _walked = [];

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path", "InputObject")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>Walk every address space that a search finds.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter AllRoots { get; set; }

    /// <summary>The privilege that must have any right.</summary>
    [Parameter]
    public Privilege Privilege { get; set; }

    /// <summary>The rights wanted.</summary>
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

    /// <inheritdoc/>
    protected override bool WantsAllRoots => AllRoots;

    /// <inheritdoc/>
    protected override int MostOpen => 1;

    private MappingFilter Filter { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Filter = ParseFilter(Rights, Privilege);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachSpace(space =>
    {
        // Many objects of a pipeline can be of one space.
        if (HasSpace && !_walked.Add((space.Identity, space.Identity.Request)))
        {
            return;
        }

        var sink = new PipelineSink(this, space.Identity, MaximumCount);
        new SpaceOpener(this).Walk(
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
    });

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
