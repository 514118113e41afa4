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

    /// <summary>Refuses an option together with any of others.</summary>
    public static Command Refuse(this Command command, Option option, params IEnumerable<Option> others)
    {
        Option[] all = [.. others];
        command.Validators.Add(result =>
        {
            foreach (Option other in all)
            {
                if (result.Has(option) && result.Has(other))
                {
                    result.AddError($"{option.Name} and {other.Name} contradict each other.");
                }
            }
        });
        return command;
    }

    /// <summary>Refuses an option that says more about others, where none of these is given.</summary>
    public static Command Need(this Command command, Option option, params Option[] others)
    {
        command.Validators.Add(result =>
        {
            if (result.Has(option) && !Array.Exists(others, result.Has))
            {
                result.AddError($"{option.Name} needs {string.Join(" or ", others.Select(o => o.Name))}.");
            }
        });
        return command;
    }
}
