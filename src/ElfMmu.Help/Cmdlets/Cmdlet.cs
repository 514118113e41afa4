namespace ElfMmu.Help.Cmdlets;

/// <summary>A cmdlet as its compiled class declares it.</summary>
/// <param name="Name">Verb and noun.</param>
/// <param name="DefaultParameterSet">The parameter set taken in doubt; null when it names none.</param>
/// <param name="Parameters">The parameters in the order of their declaration, -WhatIf and -Confirm last.</param>
/// <param name="OutputTypes">The full names of the types it says it emits.</param>
public sealed record Cmdlet(
    string Name, string? DefaultParameterSet, IReadOnlyList<CmdletParameter> Parameters, IReadOnlyList<string> OutputTypes)
{
    /// <summary>The parameter sets, the default one first; a single unnamed one when none is named.</summary>
    public IReadOnlyList<string> ParameterSets
    {
        get
        {
            string[] named = [.. Parameters.SelectMany(p => p.Sets.Keys).Distinct().Where(n => n != CmdletParameter.AllSets)];
            return named.Length == 0 ? [CmdletParameter.AllSets] : [.. named.OrderByDescending(n => n == DefaultParameterSet)];
        }
    }

    /// <summary>
    /// A set's parameters as PowerShell lists them: those with a position in its order, then those that are required, then the
    /// rest as declared.
    /// </summary>
    public IEnumerable<(CmdletParameter Parameter, ParameterBinding Binding)> ParametersOf(string set) => Parameters
        .Select(p => (Parameter: p, Binding: p.BindingIn(set)))
        .Where(p => p.Binding != null)
        .Select(p => (p.Parameter, Binding: p.Binding!))
        .OrderBy(p => p.Binding.Position ?? int.MaxValue)
        .ThenByDescending(p => p.Binding.IsMandatory);
}
