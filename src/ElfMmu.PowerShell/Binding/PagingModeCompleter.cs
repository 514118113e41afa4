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
        return PagingModes.All
            .Where(m => IsWanted(m) && m.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(m => new CompletionResult(m.Name, m.Name, CompletionResultType.ParameterValue, m.Description));
    }

    /// <summary>Whether a mode can stand here at all.</summary>
    protected virtual bool IsWanted(PagingMode mode) => true;
}
