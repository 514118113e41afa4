using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the type that a field of a structure's layout begins with: the last word, where a type can stand.</summary>
public sealed class LayoutCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        string field = typed[(typed.LastIndexOfAny([';', '{']) + 1)..].TrimStart();
        if (field.Any(char.IsWhiteSpace))
        {
            // A type stands there already; its name is the user's.
            return [];
        }

        string before = typed[..^field.Length];
        return ValueTypeCompleter.Names(field)
            .Select(t => new CompletionResult($"'{before}{t.Name}", t.Name, CompletionResultType.ParameterValue, t.Meaning));
    }
}
