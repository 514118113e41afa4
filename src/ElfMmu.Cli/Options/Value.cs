using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Reading;

namespace ElfMmu.Cli.Options;

/// <summary>The kinds of options and arguments, and how their text is read. What can't be read is a usage error.</summary>
internal static class Value
{
    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A virtual or physical address.</summary>
    public static Option<ulong?> Address(string name, string description) => Make<ulong?>(
        name,
        "ADDR",
        description,
        text => ReadAddress(text));

    /// <summary>Addresses, each given by itself.</summary>
    public static Option<ulong[]?> Addresses(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDR",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadAddresses(result, name),
    };

    /// <summary>Addresses behind the names of files.</summary>
    public static Argument<ulong[]> AddressArguments(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadAddresses(result, name),
    };

    /// <summary>A number of bytes, or a byte.</summary>
    public static Option<ulong?> Number(string name, string description) => Make<ulong?>(
        name,
        "N",
        description,
        text => AddressText.TryParse(text, out ulong value)
            ? value
            : throw new FormatException("isn't a number; write decimal digits, or 0x and hexadecimal digits"));

    /// <summary>Something the engine reads, whose error says what is wrong.</summary>
    public static Option<T?> Parsed<T>(string name, string helpName, string description, Func<string, T> read)
        where T : class => Make<T?>(
        name,
        helpName,
        description,
        text =>
        {
            try
            {
                return read(text);
            }
            catch (ElfMmuException e)
            {
                throw new FormatException(e.Message, e);
            }
        });

    /// <summary>Ranges of addresses, each given by itself.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What they are for.</param>
    /// <param name="single">Whether an address by itself is a range too.</param>
    public static Option<Interval[]?> Ranges(string name, string description, bool single = false) => new(name)
    {
        Description = description,
        HelpName = "RANGE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token =>
        {
            try
            {
                return single ? IntervalText.ParseTarget(token.Value) : IntervalText.Parse(token.Value);
            }
            catch (ElfMmuException e)
            {
                result.AddError($"{name}: {e.Message}");
                return default;
            }
        })],
    };

    /// <summary>How many of something.</summary>
    public static Option<ulong?> Count(string name, string description) => Make<ulong?>(
        name,
        "N",
        description,
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new FormatException("isn't a count; write decimal digits"));

    /// <summary>The number of a thing, from 0.</summary>
    public static Option<int?> Index(string name, string description) => Make<int?>(
        name,
        "N",
        description,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException("isn't a number from 0 on"));

    /// <summary>The numbers of things, from 0, each given by itself.</summary>
    public static Option<int[]?> Indexes(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token =>
        {
            if (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                result.AddError($"{name}: '{token.Value}' isn't a number from 0 on.");
            }

            return value;
        })],
    };

    /// <summary>How many of something, at least one.</summary>
    public static Option<int?> Some(string name, string description) => Make<int?>(
        name,
        "N",
        description,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new FormatException("isn't a count from 1 on"));

    /// <summary>A number from 0 to 1.</summary>
    public static Option<double?> Share(string name, string helpName, string description) => Make<double?>(
        name,
        helpName,
        description,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= 1
            ? value
            : throw new FormatException("isn't a number from 0 to 1, such as 0.5"));

    /// <summary>A file's name.</summary>
    public static Option<string?> Path(string name, string helpName, string description) => Make<string?>(
        name, helpName, description, text => text.Length > 0 ? text : throw new FormatException("isn't a file's name"));

    /// <summary>A file's name that must be given.</summary>
    public static Option<string?> RequiredPath(string name, string helpName, string description, string alias)
    {
        Option<string?> option = Path(name, helpName, description);
        option.Aliases.Add(alias);
        option.Required = true;
        return option;
    }

    /// <summary>Any text.</summary>
    public static Option<string?> Text(string name, string helpName, string description) => Make<string?>(
        name, helpName, description, text => text);

    /// <summary>Texts, each given by itself.</summary>
    public static Option<string[]?> Texts(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(t => t.Value)],
    };

    /// <summary>A paging mode the engine knows, or a name that stands for a family of them.</summary>
    public static Option<string?> Mode(string name, string description, Func<PagingMode, bool> wanted)
    {
        PagingMode[] modes = [.. PagingModes.All.Where(wanted)];
        string names = string.Join(", ", modes.Select(m => m.Name));
        Option<string?> option = Make<string?>(
            name,
            "NAME",
            $"{description}: {names}.",
            text => PagingModes.Named(text).Any(wanted)
                ? text
                : throw new FormatException($"isn't a paging mode; the modes are {names}"));
        option.CompletionSources.Add(_ => modes.Select(m => new System.CommandLine.Completions.CompletionItem(m.Name)));
        return option;
    }

    /// <summary>Paging modes and names that stand for families of them, each given by itself.</summary>
    public static Option<string[]?> Modes(string name, string description)
    {
        var option = new Option<string[]?>(name)
        {
            Description = description,
            HelpName = "NAME",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token =>
            {
                if (PagingModes.Named(token.Value).Count == 0)
                {
                    result.AddError($"{name}: {PagingModes.Unknown(token.Value).Message}");
                }

                return token.Value;
            })],
        };
        option.CompletionSources.Add(_ => PagingModes.All.Select(m => new System.CommandLine.Completions.CompletionItem(m.Name)));
        return option;
    }

    /// <summary>Registers with their values, each given by itself.</summary>
    public static Option<KeyValuePair<string, ulong>[]?> Registers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token =>
        {
            string[] parts = token.Value.Split('=', 2);
            if (parts is not [{ Length: > 0 }, _] || !AddressText.TryParse(parts[1], out ulong value))
            {
                result.AddError($"{name}: '{token.Value}' isn't a register's name, '=' and its value.");
                return default;
            }

            return KeyValuePair.Create(parts[0], value);
        })],
    };

    /// <summary>Rights in the engine's notation.</summary>
    public static Option<MappingFilter> Rights(string name, string description) => Make(
        name,
        "TEXT",
        description,
        text =>
        {
            try
            {
                return MappingFilter.Parse(text);
            }
            catch (ElfMmuException e)
            {
                throw new FormatException(e.Message, e);
            }
        });

    /// <summary>One of a few words; the first one, which must be the type's default, holds if none is given.</summary>
    public static Option<T> Choice<T>(string name, string helpName, string description, params (string Word, T Value)[] choices) =>
        OneOf(name, helpName, description, choices[0].Word, choices);

    /// <summary>One of a few words; something else says which one holds if none is given.</summary>
    public static Option<T?> OptionalChoice<T>(
        string name, string helpName, string description, string fallback, params (string Word, T Value)[] choices)
        where T : struct =>
        OneOf<T?>(name, helpName, description, fallback, [.. choices.Select(c => (c.Word, (T?)c.Value))]);

    /// <summary>How characters are stored.</summary>
    public static Option<TextEncoding?> Encoding(string name, string description, string fallback) => OptionalChoice<TextEncoding>(
        name,
        "ENCODING",
        description,
        fallback,
        ("ascii", TextEncoding.Ascii),
        ("latin1", TextEncoding.Latin1),
        ("utf8", TextEncoding.Utf8),
        ("utf16", TextEncoding.Utf16),
        ("utf16le", TextEncoding.Utf16LE),
        ("utf16be", TextEncoding.Utf16BE));

    /// <summary>The type of a value in memory.</summary>
    public static Option<MemoryValueType?> ValueType(string name, string description) => Parsed<MemoryValueType>(
        name,
        "TYPE",
        $"{description}: {string.Join(", ", MemoryValueType.Names)}; le or be behind it is the order of bytes (u32be).",
        MemoryValueType.Parse);

    /// <summary>The names of one or several files.</summary>
    public static Argument<T> Files<T>(string name, string description)
    {
        var argument = new Argument<T>(name) { Description = description };
        if (typeof(T).IsArray)
        {
            argument.Arity = ArgumentArity.OneOrMore;
        }

        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.Length == 0))
            {
                result.AddError($"{name} is empty; give a file's name.");
            }
        });
        return argument;
    }

    private static ulong[] ReadAddresses(ArgumentResult result, string name) => [.. result.Tokens.Select(token =>
    {
        try
        {
            return ReadAddress(token.Value);
        }
        catch (FormatException e)
        {
            result.AddError($"{name}: '{token.Value}' {e.Message}.");
            return default;
        }
    })];

    private static ulong ReadAddress(string text) => AddressText.TryParse(text, out ulong value)
        ? value
        : throw new FormatException("isn't an address; write 0x and hexadecimal digits, or decimal digits");

    private static Option<T> OneOf<T>(
        string name, string helpName, string description, string fallback, (string Word, T Value)[] choices)
    {
        string words = string.Join(", ", choices.Select(c => c.Word));
        Option<T> option = Make(
            name,
            helpName,
            $"{description}: {words}; {fallback} by default.",
            text =>
            {
                int found = Array.FindIndex(choices, c => c.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
                return found >= 0 ? choices[found].Value : throw new FormatException($"isn't one of {words}");
            });
        option.CompletionSources.Add([.. choices.Select(c => c.Word)]);
        return option;
    }

    private static Option<T> Make<T>(string name, string helpName, string description, Func<string, T> read) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string text = result.Tokens.Single().Value;
            try
            {
                return read(text);
            }
            catch (FormatException e)
            {
                result.AddError(e.InnerException is ElfMmuException ? $"{name}: {e.Message}" : $"{name}: '{text}' {e.Message}.");
                return default;
            }
        },
    };
}
