using System.Collections;
using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// A cmdlet that works in address spaces: of dumps, named by path or open already, of roots that were found, or of objects that came out of
/// one.
/// </summary>
public abstract class SpaceCommand : DumpCommand, ISpaceParameters
{
    /// <summary>The parameter set of spaces that other objects are of.</summary>
    protected const string SpaceSet = "Space";

    private static readonly string[] Choosing =
    [
        nameof(Root), nameof(Mode), nameof(Machine), nameof(RamBase), nameof(ZeroFill), nameof(Cpu), nameof(Root1), nameof(Tcr), nameof(Register),
        nameof(ByteOrder), nameof(Sum), nameof(Mxr), nameof(NestedRoot), nameof(NestedMode),
    ];

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override DumpArgument[] Dump { get; set; } = [];

    /// <summary>The space that an object is of; null for what is of physical memory.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SpaceSet)]
    [AllowNull]
    public SpaceIdentity? Space { get; set; }

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
    public override string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter]
    [AddressTransformation]
    public override ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    [Parameter]
    public override SwitchParameter ZeroFill { get; set; }

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

    /// <summary>Whether every space that a search finds is wanted.</summary>
    protected virtual bool WantsAllRoots => false;

    /// <summary>The dump of an object of the pipeline that is of no space, such as a place in physical memory.</summary>
    private protected virtual DumpIdentity? DumpOfObject => null;

    /// <summary>Whether the dumps are named beside the pipeline, whose objects are then something else.</summary>
    private protected bool IsDumpNamed { get; private set; }

    /// <summary>Whether an object says itself which space is meant.</summary>
    private protected bool HasSpace => ParameterSetName == SpaceSet && Space != null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        IsDumpNamed = MyInvocation.BoundParameters.ContainsKey(nameof(Dump)) || MyInvocation.BoundParameters.ContainsKey(nameof(LiteralPath));
    }

    /// <summary>
    /// Does something in each address space that the parameters mean. What goes wrong with one is written as an error, and the others
    /// follow. The spaces stay open until the pipeline ends, the last of them at least.
    /// </summary>
    protected void ForEachSpace(Action<AddressSpace> work)
    {
        CheckSpace();
        SpaceRequest request = HasSpace ? Space!.Request : ((ISpaceParameters)this).ToRequest();
        ForEachInput(input =>
        {
            foreach (Func<AddressSpace> space in Open.Spaces(input, () => Choose(input, request)))
            {
                // An address space that doesn't work doesn't keep the others of its dump back.
                Try(input.Target, () => work(space()));
            }
        });
    }

    private protected override IEnumerable<DumpInput> Inputs() => ParameterSetName != SpaceSet ? base.Inputs()
        : Space is { } space ? [new DumpInput(space, new SpaceKey(space, space.Request), () => space.Dump.Reopen(Cancellation))]
        : DumpOfObject is { } dump ? InputsOf(DumpArgument.From(dump))
        : throw new ElfMmuException(
            "SpaceMissing",
            ErrorKind.InvalidArgument,
            "The object is of no address space; what was read or found in physical memory is like that. Name the dump by -Dump, and the space "
            + "by -Root and -Mode where the dump doesn't say them.");

    /// <summary>Of an object of a space no other space can be asked for.</summary>
    private void CheckSpace()
    {
        if (HasSpace && Array.Find(Choosing, MyInvocation.BoundParameters.ContainsKey) is { } name)
        {
            ThrowTerminatingError(ErrorRecords.From(
                new ElfMmuException(
                    "RootConflict",
                    ErrorKind.InvalidArgument,
                    $"The object is of {Space}, and -{name} asks for something else. Leave it out, or name the dump as well: of the object only its "
                    + "address counts then.")
                { Path = Space!.Dump.Path },
                Space));
        }
    }

    private SpaceSource Choose(DumpInput input, SpaceRequest request)
    {
        bool all = WantsAllRoots && !HasSpace;
        request = input.Argument?.Complete(request, all) ?? request;
        return new SpaceOpener(this).Choose(input.Open(), request, all, Cancellation);
    }

    /// <summary>A space together with what its walk takes into account, which doesn't count when spaces are compared.</summary>
    private sealed record SpaceKey(SpaceIdentity Space, SpaceRequest Request);
}
