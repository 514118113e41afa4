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

    /// <summary>The space that an object is of.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SpaceSet)]
    [ValidateNotNull]
    public SpaceIdentity? Space { get; set; }

    /// <summary>The root.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    public ulong? Root { get; set; }

    /// <summary>The paging mode.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(PagingModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Mode { get; set; }

    /// <summary>A machine description beside the dump.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public override string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    public override ulong? RamBase { get; set; }

    /// <summary>The processor whose registers give root and mode.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    public int? Cpu { get; set; }

    /// <summary>The root of the upper half.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    public ulong? Root1 { get; set; }

    /// <summary>The register that divides the addresses.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    [Alias("Ttbcr", "Vtcr")]
    public ulong? Tcr { get; set; }

    /// <summary>Other registers, by name.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [RegisterTransformation]
    [ValidateNotNull]
    public IDictionary? Register { get; set; }

    /// <summary>The order of bytes in the page tables.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public ByteOrder? ByteOrder { get; set; }

    /// <summary>RISC-V, SUM: supervisor mode may use user pages.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Sum { get; set; }

    /// <summary>RISC-V, MXR: what can be executed can be read.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Mxr { get; set; }

    /// <summary>The root of a hypervisor's tables; the root is a guest's then.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    public ulong? NestedRoot { get; set; }

    /// <summary>The mode of a hypervisor's tables.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(NestedModeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? NestedMode { get; set; }

    /// <summary>Whether every space that a search finds is wanted.</summary>
    protected virtual bool WantsAllRoots => false;

    /// <summary>
    /// Does something in each address space that the parameters mean. What goes wrong with one is written as an error, and the others
    /// follow. The spaces stay open until the pipeline ends, the last of them at least.
    /// </summary>
    protected void ForEachSpace(Action<AddressSpace> work)
    {
        SpaceRequest request = ParameterSetName == SpaceSet ? Space!.Request : ((ISpaceParameters)this).ToRequest();
        foreach (DumpInput input in Inputs())
        {
            Try(input.Target, () =>
            {
                foreach (Func<AddressSpace> space in Open.Spaces(input, () => Choose(input, request)))
                {
                    // An address space that doesn't work doesn't keep the others of its dump back.
                    Try(input.Target, () => work(space()));
                }
            });
        }
    }

    private protected override IEnumerable<DumpInput> Inputs() => ParameterSetName == SpaceSet && Space is { } space
        ? [new DumpInput(space, new SpaceKey(space, space.Request), () => space.Dump.Reopen(Cancellation))]
        : base.Inputs();

    private SpaceSource Choose(DumpInput input, SpaceRequest request)
    {
        bool all = WantsAllRoots && ParameterSetName != SpaceSet;
        request = input.Argument?.Complete(request, all) ?? request;
        return new SpaceOpener(this).Choose(input.Open(), request, all, Cancellation);
    }

    /// <summary>A space together with what its walk takes into account, which doesn't count when spaces are compared.</summary>
    private sealed record SpaceKey(SpaceIdentity Space, SpaceRequest Request);
}
