using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.PowerShell.Binding;

namespace ElfMmu.PowerShell.Commands;

/// <summary>Searches dumps for the roots of address spaces.</summary>
[Cmdlet(VerbsCommon.Find, "PageTableRoot", DefaultParameterSetName = DumpSet)]
[OutputType(typeof(PageTableRoot))]
public sealed class FindPageTableRootCommand : DumpCommand
{
    private RootFilter _filter = new();
    private RootSearchOptions _options = new();

    /// <summary>The dumps: paths, whose wildcards are expanded, or open dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>The modes to look for.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PagingModeFamilyCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Mode { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public override string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public override ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public override SwitchParameter ZeroFill { get; set; }

    /// <summary>Emit at most so many candidates of each dump.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = int.MaxValue;

    /// <summary>The least score.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double MinimumScore { get; set; } = RootSearch.DefaultMinimumScore;

    /// <summary>Emit every candidate.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override int MostOpen => 1;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _filter = new RootFilter { MinimumScore = All ? 0 : MinimumScore, MaximumCount = Top };
            _options = new RootSearchOptions { Modes = Mode == null ? null : PagingModes.NamedAny(Mode) };
            if (All && MyInvocation.BoundParameters.ContainsKey(nameof(MinimumScore)))
            {
                throw new ElfMmuException(
                    "ScoreConflict",
                    ErrorKind.InvalidArgument,
                    "-All emits every candidate, and -MinimumScore leaves some out. Give one or the other.");
            }
        }
        catch (ElfMmuException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Mode));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachDump(dump =>
    {
        RootSearch search = new SpaceOpener(this).Find(dump, _options, Cancellation);
        IReadOnlyList<PageTableRoot> roots = _filter.Choose(search);
        foreach (PageTableRoot root in roots)
        {
            WriteObject(root);
        }

        if (roots.Count == 0)
        {
            string all = search.Roots.Count == 0 ? "" : " -All emits all candidates.";
            WriteWarning(_filter.Nothing(search, _options) + all);
        }
    });
}
