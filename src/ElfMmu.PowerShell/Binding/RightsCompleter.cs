using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the rights that mappings can be asked for, with what each text means as a tooltip.</summary>
public sealed class RightsCompleter : IArgumentCompleter
{
    private static readonly (string Text, string Meaning)[] Known =
    [
        ("r", "readable; more is allowed"),
        ("w", "writable; more is allowed"),
        ("x", "executable; more is allowed"),
        ("rw", "readable and writable; more is allowed"),
        ("rx", "readable and executable; more is allowed"),
        ("wx", "writable and executable"),
        ("rwx", "readable, writable and executable"),
        ("!w", "not writable"),
        ("!x", "not executable"),
        ("r!w", "readable, not writable"),
        ("x!w", "executable, not writable"),
        ("r--", "readable, nothing else"),
        ("rw-", "readable and writable, not executable"),
        ("r-x", "readable and executable, not writable"),
        ("--x", "executable, nothing else"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        return Known
            .Where(k => k.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(k => new CompletionResult(Quoted(k.Text), k.Text, CompletionResultType.ParameterValue, k.Meaning));
    }

    /// <summary>A dash in front would make it the name of a parameter.</summary>
    private static string Quoted(string text) => text[0] == '-' ? $"'{text}'" : text;
}
