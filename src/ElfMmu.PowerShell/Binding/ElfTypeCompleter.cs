using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes canonical names of types, with or without their prefix.</summary>
/// <param name="prefix">The prefix that most have, such as PT_.</param>
/// <param name="names">The names in full.</param>
public abstract class ElfTypeCompleter(string prefix, IEnumerable<string> names) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        bool full = typed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        return names.Select(n => (Text: full || !n.StartsWith(prefix, StringComparison.Ordinal) ? n : n[prefix.Length..], Name: n))
            .Where(n => n.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(n => new CompletionResult(n.Text, n.Text, CompletionResultType.ParameterValue, n.Name));
    }
}
