namespace ElfMmu.Help.Cmdlets;

/// <summary>A parameter as it is declared.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The full name of its type; of a nullable type, the type itself.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="TakesWildcards">Whether it says that it expands wildcards.</param>
/// <param name="Values">The names of the values, if the type is an enumeration.</param>
/// <param name="Sets">How it binds in each parameter set.</param>
public sealed record CmdletParameter(
    string Name,
    string Type,
    IReadOnlyList<string> Aliases,
    bool TakesWildcards,
    IReadOnlyList<string> Values,
    IReadOnlyDictionary<string, ParameterBinding> Sets)
{
    /// <summary>PowerShell's name for every parameter set.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Whether it is a switch, which takes no value.</summary>
    public bool IsSwitch => Type == "System.Management.Automation.SwitchParameter";

    /// <summary>The type as people write it.</summary>
    public string ShortType => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>How it binds in a set; null when it isn't part of it.</summary>
    public ParameterBinding? BindingIn(string set) => Sets.GetValueOrDefault(set) ?? Sets.GetValueOrDefault(AllSets);
}
