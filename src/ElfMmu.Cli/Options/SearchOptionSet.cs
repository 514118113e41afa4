using System.CommandLine;
using System.CommandLine.Parsing;
using ElfMmu.Intervals;
using ElfMmu.Reading;
using ElfMmu.Searching;

namespace ElfMmu.Cli.Options;

/// <summary>The options of <c>elfmmu search</c>.</summary>
internal sealed class SearchOptionSet
{
    public Option<string[]?> Bytes { get; } = Value.Texts(
        "--bytes", "HEX", "Search for bytes in hexadecimal, ? for any digit (\"48 8b ?? 05\"); may be given several times.");

    public Option<string[]?> Text { get; } = Value.Texts("--text", "TEXT", "Search for text; may be given several times.");

    public Option<TextEncoding?> Encoding { get; } = Value.Encoding(
        "--encoding", "How the characters of --text are stored", "utf8");

    public Option<string[]?> Regex { get; } = Value.Texts(
        "--regex", "REGEX", "Search for a regular expression over bytes (\\x00 to \\xff); may be given several times.");

    public Option<ulong?> MaximumLength { get; } = Value.Number(
        "--maximum-length", "The most bytes that a hit of --regex has; 4096 by default.");

    public Option<bool> IgnoreCase { get; } = Value.Flag("--ignore-case", "Letters of --text and --regex may have either form.", "-i");

    public Option<string[]?> Values { get; } = Value.Texts("--value", "VALUE", "Search for a value of --type; may be given several times.");

    public Option<MemoryValueType?> Type { get; } = Value.ValueType("--type", "The type of --value");

    public Option<string[]?> PointerTo { get; } = Value.Texts(
        "--pointer-to",
        "RANGE",
        "Search for pointers to addresses, with their tags if they have any: 0xSTART-0xEND (without the end), 0xSTART+SIZE, or a single one; "
            + "may be given several times.");

    public Option<ulong?> Alignment { get; } = Value.Number(
        "--alignment", "What addresses of hits are multiples of; the size of values and pointers by default, else 1.");

    public Option<ulong?> Context { get; } = Value.Number(
        "--context", "How many bytes are shown before and behind a hit; 16 before it and 32 behind it by default.");

    public Option<ulong?> MaximumCount { get; } = Value.Count("--maximum-count", "Stop after so many hits of each address space.");

    public Option<bool> Physical { get; } = Value.Flag("--physical", "Search physical memory; addresses are physical.");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
    [
        Bytes, Text, Encoding, IgnoreCase, Regex, MaximumLength, Values, Type, PointerTo, Alignment, Context, MaximumCount, Physical,
    ];

    /// <summary>The patterns that the options say.</summary>
    /// <exception cref="ElfMmuException">What <see cref="SearchPattern"/> throws; <c>PatternRequired</c>, <c>ValueTypeRequired</c>.</exception>
    public IReadOnlyList<SearchPattern> Patterns(SymbolResult result)
    {
        int? alignment = result.GetValue(Alignment) is { } given ? (int)Math.Min(given, int.MaxValue) : null;
        bool ignoreCase = result.Has(IgnoreCase);
        int mostLength = (int)Math.Min(result.GetValue(MaximumLength) ?? RegexPattern.DefaultMostLength, int.MaxValue);
        MemoryValueType? type = result.GetValue(Type);
        string[] values = result.GetValue(Values) ?? [];
        if (values.Length > 0 && type == null)
        {
            throw new ElfMmuException(
                "ValueTypeRequired", ErrorKind.InvalidArgument, "--value can be stored in many ways; say which by --type.");
        }

        SearchPattern[] patterns =
        [
            .. (result.GetValue(Bytes) ?? []).Select(b => SearchPattern.Bytes(b, alignment)),
            .. (result.GetValue(Text) ?? []).Select(t =>
                SearchPattern.Text(t, result.GetValue(Encoding) ?? TextEncoding.Utf8, ignoreCase, alignment)),
            .. (result.GetValue(Regex) ?? []).Select(r => SearchPattern.Regex(r, ignoreCase, mostLength, alignment)),
            .. values.Select(v => SearchPattern.Value(v, type!, alignment)),
            .. (result.GetValue(PointerTo) ?? []).Select(r => SearchPattern.PointerTo(IntervalText.ParseTarget(r), alignment)),
        ];
        return patterns.Length > 0
            ? patterns
            : throw new ElfMmuException(
                "PatternRequired",
                ErrorKind.InvalidArgument,
                "There is nothing to search for. Give --bytes, --text, --regex, --value with --type, or --pointer-to.");
    }
}
