using System.Management.Automation;
using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>A cmdlet that works on dumps: named by path or open already, or those that objects came out of.</summary>
public abstract class DumpCommand : CancellableCmdlet, IDumpParameters
{
    /// <summary>The parameter set of dumps named by <see cref="Dump"/>.</summary>
    protected const string DumpSet = "Dump";

    /// <summary>The parameter set of dumps named by <see cref="LiteralPath"/>.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private OpenSpaces? _open;
    private (object? Of, DumpInput[] Inputs) _named;

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

    /// <summary>A machine description beside the dump.</summary>
    public abstract string? Machine { get; set; }

    /// <summary>The physical address of a raw image's first byte.</summary>
    public abstract ulong? RamBase { get; set; }

    /// <summary>Read what is damaged, or was left out of the dump, as zeros.</summary>
    public abstract SwitchParameter ZeroFill { get; set; }

    /// <summary>
    /// How many dumps stay open until the pipeline ends. One is enough for a cmdlet that takes its dumps from the pipeline and is done with
    /// one when the next comes.
    /// </summary>
    protected virtual int MostOpen => 4;

    /// <summary>Whether folders that come out of the pipeline or match a wildcard are passed over instead of being errors.</summary>
    private protected virtual bool SkipsFolders => false;

    /// <summary>Whether what opening a file has to say is said at once.</summary>
    private protected virtual bool TellsOpening => true;

    private protected OpenSpaces Open => _open ??= new OpenSpaces(new SpaceOpener(this), MostOpen, Cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _open?.Dispose();
        _open = null;
        base.Dispose(disposing);
    }

    /// <summary>
    /// Does something with each dump that the parameters mean. What goes wrong with one is written as an error, and the others follow. The
    /// dumps stay open until the pipeline ends, the last of them at least.
    /// </summary>
    protected void ForEachDump(Action<MemoryDump> work) => ForEachInput(input => work(Open.Dump(input)));

    /// <summary>Does something with what each dump is opened by; what goes wrong with one is written as an error.</summary>
    private protected void ForEachInput(Action<DumpInput> work) => Try(null, () =>
    {
        foreach (DumpInput input in Inputs())
        {
            Try(input.Target, () => work(input));
        }
    });

    /// <summary>The dumps that the parameters name.</summary>
    /// <remarks>
    /// What the parameters had for the last object of the pipeline too is looked up once: expanding a path costs far more than most
    /// objects do.
    /// </remarks>
    private protected virtual IEnumerable<DumpInput> Inputs()
    {
        object given = ParameterSetName == LiteralPathSet ? LiteralPath : Dump;
        if (!ReferenceEquals(_named.Of, given))
        {
            _named = (given, ParameterSetName == LiteralPathSet
                ? [.. ResolveFiles(LiteralPath, literal: true).Where(f => !IsSkipped(f, MyInvocation.ExpectingInput)).Select(NewFile)]
                : [.. Dump.SelectMany(InputsOf)]);
        }

        return _named.Inputs;
    }

    /// <summary>What an argument stands for; nothing where its path matches no file, which is an error of its own.</summary>
    private protected IEnumerable<DumpInput> InputsOf(DumpArgument argument) => argument switch
    {
        { Path: { } path } => ResolveFiles([path], literal: false)
            .Where(f => !IsSkipped(f, WildcardPattern.ContainsWildcardCharacters(path))).Select(NewFile),
        { File: { } file } => IsSkipped(file, MyInvocation.ExpectingInput) ? [] : [NewFile(file)],
        _ => [new DumpInput(
            argument.Root ?? argument.Space ?? (object)argument.ToString(), argument.Key, () => argument.OpenObject(((IDumpParameters)this).IsDescribed, Cancellation)) { Argument = argument }],
    };

    private bool IsSkipped(string file, bool isOneOfMany) => SkipsFolders && isOneOfMany && Directory.Exists(file);

    private DumpInput NewFile(string file) => new(file, file, () => OpenFile(file)) { IsFile = true };

    private MemoryDump OpenFile(string file) => TellsOpening
        ? new SpaceOpener(this).Open(file, OptionsOf(this), Cancellation)
        : this.OpenDump(file, OptionsOf(this), Cancellation);
}
