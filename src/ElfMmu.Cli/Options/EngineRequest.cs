using System.CommandLine;
using ElfMmu.Cli.Output;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Options;

/// <summary>What the options say, in the engine's terms.</summary>
internal sealed class EngineRequest(OptionSet options, ParseResult parse)
{
    /// <summary>How dumps are opened.</summary>
    public DumpOptions Dump => new()
    {
        RamBase = parse.GetValue(options.RamBase),
        MachinePath = parse.GetValue(options.Machine),
        ZeroFill = Has(options.ZeroFill),
    };

    /// <summary>Which address space is wanted.</summary>
    public SpaceRequest Space => new()
    {
        Root = parse.GetValue(options.Root),
        Root1 = parse.GetValue(options.Root1),
        Control = parse.GetValue(options.Tcr),
        Mode = parse.GetValue(options.Mode),
        Cpu = parse.GetValue(options.Cpu),
        Registers = new RegisterSet(parse.GetValue(options.Registers) ?? []),
        ByteOrder = parse.GetValue(options.ByteOrder),
        SupervisorUserAccess = Has(options.Sum),
        ExecutableReadable = Has(options.Mxr),
        NestedRoot = parse.GetValue(options.NestedRoot),
        NestedMode = parse.GetValue(options.NestedMode),
    };

    /// <summary>The same for each of several roots, where the command takes them.</summary>
    public IReadOnlyList<SpaceRequest> Spaces => parse.GetValue(options.Roots) is { Length: > 0 } roots
        ? [.. roots.Distinct().Select(r => Space with { Root = r })]
        : [Space];

    /// <summary>The second of two that are compared: what names a root for it counts instead of what names one for both.</summary>
    public SpaceRequest Other(SpaceRequest request) => (parse.GetValue(options.OtherRoot), parse.GetValue(options.OtherCpu)) switch
    {
        ({ } root, var cpu) => request with { Root = root, Cpu = cpu ?? request.Cpu, Found = null },
        (null, { } cpu) => request with { Root = null, Cpu = cpu, Found = null },
        _ => request,
    };

    /// <summary>How two spaces are compared; the first one says what of a limit is a tag.</summary>
    public ComparisonOptions Comparison(AddressSpace space) => new()
    {
        Filter = Filter,
        MinimumAddress = space.Untag(parse.GetValue(options.MinimumAddress) ?? 0),
        MaximumAddress = space.Untag(parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue),
        IncludeEqual = Has(options.IncludeEqual),
        Attributes = Has(options.IncludeAttributes),
    };

    /// <summary>Whether what leads to nothing known counts too.</summary>
    public bool IncludeAbsent => Has(options.IncludeAbsent);

    /// <summary>Whether all address spaces are wanted.</summary>
    public bool AllRoots => Has(options.AllRoots);

    /// <summary>Which roots are looked for.</summary>
    public RootSearchOptions Search => new()
    {
        Modes = parse.GetValue(options.Modes) is { Length: > 0 } names ? PagingModes.NamedAny(names) : null,
    };

    /// <summary>Which of those that are found are wanted.</summary>
    public RootFilter Roots => new()
    {
        MinimumScore = Has(options.All) ? 0 : parse.GetValue(options.MinimumScore) ?? RootSearch.DefaultMinimumScore,
        MaximumCount = parse.GetValue(options.Top) ?? int.MaxValue,
    };

    /// <summary>Which rights are wanted.</summary>
    public MappingFilter Filter => parse.GetValue(options.Rights) with { Privilege = parse.GetValue(options.Privilege) };

    /// <summary>A walk over what is wanted of a space.</summary>
    public WalkRequest Walk(AddressSpace space, CancellationToken cancellation) => space.NewWalk() with
    {
        MinimumAddress = space.Untag(parse.GetValue(options.MinimumAddress) ?? 0),
        MaximumAddress = space.Untag(parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue),
        Filter = Filter,
        PerPage = Has(options.PerPage),
        IncludeAbsent = Has(options.IncludeAbsent),
        Cancellation = cancellation,
    };

    /// <summary>Whether a flag is given; false for one the command doesn't have.</summary>
    private bool Has(Option<bool> flag) => parse.CommandResult.Has(flag);
}
