using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Cli.Options;

/// <summary>What options have to do with each other. What breaks a rule is a usage error that names both.</summary>
internal static class OptionRules
{
    /// <summary>Whether an option was given; false for one the command doesn't have.</summary>
    public static bool Has(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>The value of an option, if it was given and can be read. Of one that can't be read, the parser says so itself.</summary>
    public static bool TryGet<T>(this SymbolResult result, Option<T> option, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        try
        {
            return result.Has(option) && (value = result.GetValue(option)) is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
