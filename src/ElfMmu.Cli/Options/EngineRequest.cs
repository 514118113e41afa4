using System.CommandLine;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Options;

/// <summary>What the options say, in the engine's terms.</summary>
internal sealed class EngineRequest(OptionSet options, ParseResult parse)
{
    /// <summary>How dumps are opened.</summary>
    public DumpOptions Dump => new() { RamBase = parse.GetValue(options.RamBase), MachinePath = parse.GetValue(options.Machine) };

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

    /// <summary>Which rights are wanted.</summary>
    public MappingFilter Filter => parse.GetValue(options.Rights) with { Privilege = parse.GetValue(options.Privilege) };

    /// <summary>A walk over what is wanted of a space.</summary>
    public WalkRequest Walk(AddressSpace space, CancellationToken cancellation) => space.NewWalk() with
    {
        MinimumAddress = parse.GetValue(options.MinimumAddress) ?? 0,
        MaximumAddress = parse.GetValue(options.MaximumAddress) ?? ulong.MaxValue,
        Filter = Filter,
        PerPage = Has(options.PerPage),
        IncludeAbsent = Has(options.IncludeAbsent),
        Cancellation = cancellation,
    };

    /// <summary>Whether a flag is given; false for one the command doesn't have.</summary>
    private bool Has(Option<bool> flag) => parse.GetResult(flag) != null && parse.GetValue(flag);
}
