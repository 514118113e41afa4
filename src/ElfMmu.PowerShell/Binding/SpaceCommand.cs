using System.Collections;
using System.Management.Automation;
using ElfMmu.Dumps;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// A cmdlet that works in address spaces: of dumps, named by path or open already, of roots that were found, or of objects that came out of
/// one.
/// </summary>
public abstract class SpaceCommand : CancellableCmdlet, ISpaceParameters
{
    /// <summary>The parameter set of dumps named by <see cref="Dump"/>.</summary>
    protected const string DumpSet = "Dump";

    /// <summary>The parameter set of dumps named by <see cref="LiteralPath"/>.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    /// <summary>The parameter set of spaces that other objects are of.</summary>
    protected const string SpaceSet = "Space";

    private OpenSpaces? _open;

    /// <summary>The dumps: paths, whose wildcards are expanded, open dumps, or roots found in dumps.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = DumpSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public virtual DumpArgument[] Dump { get; set; } = [];

    /// <summary>The dumps; nothing is expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

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
    public string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    [Parameter(ParameterSetName = DumpSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [AddressTransformation]
    public ulong? RamBase { get; set; }

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

    private OpenSpaces Open => _open ??= new OpenSpaces(new SpaceOpener(this), Cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _open?.Dispose();
        _open = null;
        base.Dispose(disposing);
    }

    /// <summary>
    /// Does something in each address space that the parameters mean. What goes wrong with one is written as an error, and the others
    /// follow. The spaces stay open until the pipeline ends.
    /// </summary>
    protected void ForEachSpace(Action<AddressSpace> work)
    {
        SpaceRequest request = ((ISpaceParameters)this).ToRequest();
        if (ParameterSetName == SpaceSet)
        {
            SpaceIdentity space = Space!;
            InSpaces(space, space, () => Choose(space.Dump.Reopen(Cancellation), space.Request), work);
            return;
        }

        foreach ((object target, object key, Func<MemoryDump> open, DumpArgument? dump) in Inputs())
        {
            SpaceRequest wanted = dump?.Root is { } root ? request.With(root) : request;
            InSpaces(target, key, () => Choose(open(), wanted, WantsAllRoots && dump?.Root == null), work);
        }
    }

    /// <summary>Does something with each dump that the parameters mean, without asking for an address space in it.</summary>
    protected void ForEachDump(Action<MemoryDump> work)
    {
        if (ParameterSetName == SpaceSet)
        {
            DumpIdentity identity = Space!.Dump;
            Try(identity, () => work(Open.Dump(identity, () => identity.Reopen(Cancellation))));
            return;
        }

        foreach ((object target, object key, Func<MemoryDump> open, _) in Inputs())
        {
            Try(target, () => work(Open.Dump(("dump", key), open)));
        }
    }

    private void InSpaces(object target, object key, Func<SpaceSource> open, Action<AddressSpace> work) => Try(target, () =>
    {
        foreach (Func<AddressSpace> space in Open.Spaces(key, open))
        {
            // An address space that doesn't work doesn't keep the others of its dump back.
            Try(target, () => work(space()));
        }
    });

    private SpaceSource Choose(MemoryDump dump, SpaceRequest request, bool all = false) =>
        new SpaceOpener(this).Choose(dump, request, all, Cancellation);

    /// <summary>The dumps that the parameters name: what an error is about, a key that stays the same, and how to open it.</summary>
    private IEnumerable<(object Target, object Key, Func<MemoryDump> Open, DumpArgument? Argument)> Inputs()
    {
        if (ParameterSetName == LiteralPathSet)
        {
            return ResolveFiles(LiteralPath, literal: true).Select(f => Input(f, null));
        }

        return Dump.SelectMany(d => d switch
        {
            { Opened: { } opened } => [(d, opened, opened.Lease, d)],
            { Root: { } root } => [(d, root, () => root.Dump.Reopen(Cancellation), d)],
            { File: { } file } => [Input(file, d)],
            _ => ResolveFiles([d.Path!], literal: false).Select(f => Input(f, d)),
        });

        (object, object, Func<MemoryDump>, DumpArgument?) Input(string file, DumpArgument? argument) => (file, file, () => OpenFile(file), argument);
    }

    private MemoryDump OpenFile(string file)
    {
        var options = new DumpOptions { RamBase = RamBase, MachinePath = Machine == null ? null : ResolveFile(Machine) };
        return new SpaceOpener(this).Open(file, options, Cancellation);
    }
}
