using System.CommandLine;
using ElfMmu.Cli.Options;

namespace ElfMmu.Cli.Commands;

/// <summary>Puts a command together from its options.</summary>
internal static class CommandFactory
{
    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="options">All options.</param>
    /// <param name="terminal">Where results and messages go.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="own">Its options apart from those every command has.</param>
    /// <param name="run">What it does, and the exit code.</param>
    public static Command Create(
        string name,
        string description,
        OptionSet options,
        Terminal terminal,
        IEnumerable<Argument> arguments,
        IEnumerable<Option> own,
        Func<ParseResult, int> run)
    {
        var command = new Command(name, description);
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        foreach (Option option in own.Concat(options.Common))
        {
            command.Options.Add(option);
        }

        foreach ((string one, string other) in OptionSet.Contradictions)
        {
            if (Named(one) is { } option && Named(other) is { } contradicted)
            {
                command.Refuse(option, contradicted);
            }
        }

        command.SetAction(parse =>
        {
            terminal.Verbosity = parse.GetValue(options.Quiet) ? Verbosity.Quiet
                : parse.GetValue(options.Verbose) ? Verbosity.Verbose
                : Verbosity.Normal;
            try
            {
                return run(parse);
            }
            finally
            {
                terminal.About([], terminal.Damage.Take());
            }
        });
        return command;

        Option? Named(string option)
        {
            foreach (Option candidate in command.Options)
            {
                if (candidate.Name == option)
                {
                    return candidate;
                }
            }

            return null;
        }
    }

    /// <summary>Refuses a range of addresses that holds nothing.</summary>
    public static Command WithAddressRange(this Command command, OptionSet options)
    {
        command.Validators.Add(result =>
        {
            if (result.TryGet(options.MinimumAddress, out ulong? lowest) && result.TryGet(options.MaximumAddress, out ulong? highest)
                && lowest > highest)
            {
                result.AddError($"{options.MinimumAddress.Name} lies above {options.MaximumAddress.Name}.");
            }
        });
        return command;
    }
}
