using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the names of paging modes, with what each one is as a tooltip.</summary>
public class PagingModeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        return Names()
            .Where(n => n.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(n => new CompletionResult(n.Name, n.Name, CompletionResultType.ParameterValue, n.Description));
    }

    /// <summary>The names that can stand here, with what each one is.</summary>
    protected virtual IEnumerable<(string Name, string Description)> Names() =>
        PagingModes.All.Where(IsWanted).Select(m => (m.Name, m.Description));

    /// <summary>Whether a mode can stand here at all.</summary>
    protected virtual bool IsWanted(PagingMode mode) => true;
}
