using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>What the user gave on the command line, for cmdlets to refuse what couldn't have any effect.</summary>
internal static class GivenParameters
{
    /// <summary>The parameters that say how addresses are translated, which means nothing where none is.</summary>
    public static readonly IReadOnlyList<string> OfSpaces =
    [
        nameof(ISpaceParameters.Root), nameof(ISpaceParameters.Mode), nameof(ISpaceParameters.Cpu), nameof(ISpaceParameters.Root1),
        nameof(ISpaceParameters.Tcr), nameof(ISpaceParameters.Register), nameof(ISpaceParameters.ByteOrder), nameof(ISpaceParameters.Sum),
        nameof(ISpaceParameters.Mxr), nameof(ISpaceParameters.NestedRoot), nameof(ISpaceParameters.NestedMode),
    ];

    /// <summary>Whether a parameter was given.</summary>
    public static bool IsGiven(this PSCmdlet cmdlet, string name) => cmdlet.MyInvocation.BoundParameters.ContainsKey(name);

    /// <summary>Those of some parameters that were given, as they are written: <c>-Root and -Mode</c>; null for none of them.</summary>
    public static string? Given(this PSCmdlet cmdlet, params IEnumerable<string> names)
    {
        string[] given = [.. names.Where(cmdlet.IsGiven).Select(static n => "-" + n)];
        return given switch
        {
            [] => null,
            [var one] => one,
            _ => $"{string.Join(", ", given[..^1])} and {given[^1]}",
        };
    }
}
