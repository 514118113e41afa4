using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text;
using ElfMmu.Cli.Commands;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;

namespace ElfMmu.Cli;

/// <summary>The whole of <c>elfmmu</c> apart from the process it runs in.</summary>
internal static class CommandLine
{
    /// <summary>The name it goes by in help and messages.</summary>
    public const string Name = "elfmmu";

    // An argument that starts with @ or [ is a file's name like any other.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private static readonly (string Name, Func<OptionSet, Terminal, Command> Create)[] Commands =
    [
        ("map", MapCommand.Create),
        ("export", ExportCommand.Create),
        ("convert", ConvertCommand.Create),
        ("expand", ExpandCommand.Create),
        ("export-symbols", ExportSymbolsCommand.Create),
        ("roots", RootsCommand.Create),
        ("show", ShowCommand.Create),
        ("read", ReadCommand.Create),
        ("search", SearchCommand.Create),
        ("header", HeaderCommand.Create),
        ("segments", SegmentsCommand.Create),
        ("sections", SectionsCommand.Create),
        ("strings", StringsCommand.Create),
        ("symbols", SymbolsCommand.Create),
        ("dynamic", DynamicCommand.Create),
        ("hashes", HashesCommand.Create),
        ("relocations", RelocationsCommand.Create),
        ("notes", NotesCommand.Create),
        ("check", CheckCommand.Create),
        ("info", InfoCommand.Create),
        ("modes", ModesCommand.Create),
        ("resolve", ResolveCommand.Create),
        ("diff", DiffCommand.Create),
        ("images", ImagesCommand.Create),
    ];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Takes the results, in UTF-8.</param>
    /// <param name="error">Takes messages and progress.</param>
    /// <param name="cancellation">Ends the work, which is <see cref="ExitCode.Cancelled"/> then.</param>
    /// <param name="errorIsTerminal">Whether somebody is looking at <paramref name="error"/>: progress is shown then.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(
        string[] args, Stream output, TextWriter error, CancellationToken cancellation = default, bool errorIsTerminal = false)
    {
        var terminal = new Terminal(new Utf8Output(output), error, cancellation, errorIsTerminal);
        try
        {
            int code = Run(args, terminal);
            terminal.Output.Flush();
            return code;
        }
        catch (OutputException e) when (e.IsClosed)
        {
            // Whoever read the results has seen enough (elfmmu map DUMP | head); that is no failure.
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            terminal.Fail(e);
            return e is OperationCanceledException ? ExitCode.Cancelled : ExitCode.Failed;
        }
    }

    private static int Run(string[] args, Terminal terminal)
    {
        Command root = Build(args.FirstOrDefault(), terminal);
        ParseResult parse = root.Parse(args, Parsing);
        using var text = new StringWriter();
        var invocation = new InvocationConfiguration
        {
            Output = text,
            Error = text,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        string[] errors = parse.Action is ParseErrorAction or null
            ? [.. parse.Errors.Select(e => e.Message)]
            : [.. UnknownOptions(parse)];
        if (errors.Length > 0)
        {
            return Refuse(parse, errors, terminal);
        }

        int code = parse.Invoke(invocation);
        terminal.Output.Write(text.ToString());
        return code;
    }

    /// <summary>The commands; of one that is named, nothing but it, for making all of them takes longer than many of them take to answer.</summary>
    private static Command Build(string? first, Terminal terminal)
    {
        var options = new OptionSet();
        var root = new Command(Name, "Walks the page tables in physical-memory dumps and exports address spaces as ELF cores.");
        bool isNamed = Array.Exists(Commands, c => c.Name == first);
        foreach ((string name, Func<OptionSet, Terminal, Command> create) in Commands)
        {
            if (!isNamed || name == first)
            {
                root.Subcommands.Add(create(options, terminal));
            }
        }

        root.Options.Add(Help.CreateOption());
        root.Options.Add(Help.CreateVersionOption());
        root.SetAction(parse =>
        {
            // Without a command there is nothing to do, and whoever typed that wants to know what there is.
            using var help = new StringWriter();
            root.Parse(["--help"], Parsing).Invoke(new InvocationConfiguration { Output = help });
            terminal.Error.Write(help.ToString());
            return ExitCode.Usage;
        });
        return root;
    }

    /// <summary>
    /// The parser takes an option it doesn't know for an argument, and a misspelt option would end up as the name of a dump.
    /// Behind <c>--</c> anything may be a name.
    /// </summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parse)
    {
        HashSet<Token> names = new(ReferenceEqualityComparer.Instance);
        foreach (Argument argument in parse.CommandResult.Command.Arguments)
        {
            names.UnionWith(parse.GetResult(argument)?.Tokens ?? []);
        }

        return parse.Tokens
            .TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Value.Length > 1 && t.Value[0] == '-' && names.Contains(t))
            .Select(t => $"There is no option '{t.Value}'.");
    }

    private static int Refuse(ParseResult parse, string[] errors, Terminal terminal)
    {
        foreach (string message in errors.Distinct())
        {
            terminal.Line(message);
        }

        Command command = parse.CommandResult.Command;
        string name = command.Name == Name ? Name : $"{Name} {command.Name}";
        terminal.Error.WriteLine($"Try '{name} --help'.");
        return ExitCode.Usage;
    }
}
