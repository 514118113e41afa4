using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ElfMmu.Reading;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Completes the names of types of values.</summary>
public sealed class ValueTypeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        return Names(typed).Select(t => new CompletionResult(t.Name, t.Name, CompletionResultType.ParameterValue, t.Meaning));
    }

    /// <summary>The types whose names begin with a text, with what each one is.</summary>
    internal static IEnumerable<(string Name, string Meaning)> Names(string typed) => MemoryValueType.Names
        .SelectMany(n => MemoryValueType.Parse(n).Size == 1 ? (string[])[n] : [n, n + "le", n + "be"])
        .Where(n => n.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
        .Select(n => (n, Describe(MemoryValueType.Parse(n))));

    private static string Describe(MemoryValueType type)
    {
        string order = type.ByteOrder switch
        {
            ByteOrder.Little => ", the lowest byte first",
            ByteOrder.Big => ", the highest byte first",
            _ => "",
        };
        return (type.Size is { } size ? $"{type.Kind}, {size * 8} bits" : "an address, as wide as the machine's word") + order;
    }
}
