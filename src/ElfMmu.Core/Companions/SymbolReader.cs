namespace ElfMmu.Companions;

/// <summary>Texts that list symbols.</summary>
public static class SymbolReader
{
    // Enough to tell the formats apart, and to get over a few bad lines.
    private const int LinesJudged = 50;

    private delegate bool LineParser(string line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CompanionSymbol? symbol);

    /// <summary>Reads a file of symbols. O(length).</summary>
    /// <param name="fullPath">Its full path.</param>
    /// <param name="format">What it is.</param>
    /// <param name="notes">Takes what was odd.</param>
    /// <exception cref="ElfMmuException">What <see cref="TextFile.Read"/> and <see cref="Read"/> throw.</exception>
    public static IReadOnlyList<CompanionSymbol> ReadFile(string fullPath, SymbolFormat format, SourceNotes notes) =>
        Read(TextFile.Read(fullPath), $"'{fullPath}'", format, notes);

    /// <summary>Reads a text of symbols. A line that can't be read is left out, and a note counts those. O(length).</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <param name="format">What it is.</param>
    /// <param name="notes">Takes what was odd.</param>
    /// <exception cref="ElfMmuException">
    /// <c>SymbolFormatUnknown</c>: it is none of the formats. <c>SymbolColumnsMissing</c>: a table has no column of names or of addresses.
    /// </exception>
    public static IReadOnlyList<CompanionSymbol> Read(string text, string source, SymbolFormat format, SourceNotes notes)
    {
        if (format == SymbolFormat.Csv || (format == SymbolFormat.Auto && IsTable(text)))
        {
            return SymbolRows.Read(ReadTable(text, source, notes), notes);
        }

        LineParser parse = Judge(text, source, format);
        List<CompanionSymbol> symbols = ReadLines(text, source, parse, notes);
        bool isHidden = symbols.Count > 0 && symbols.TrueForAll(s => s.Address == 0 && s.Place != SymbolPlace.Undefined);
        if (isHidden && symbols.Count > 1)
        {
            notes.Add($"{source}: all addresses are 0, because the kernel hides them from whoever may not see them (kptr_restrict). None was "
                + "taken; read kallsyms as root.");
            return [];
        }

        return symbols;
    }

    private static List<SymbolRow> ReadTable(string text, string source, SourceNotes notes)
    {
        char separator = CsvReader.SeparatorOf(FirstLine(text));
        string?[]? names = null;
        List<SymbolRow> rows = [];
        foreach ((int line, string[] fields, bool isOpen) in CsvReader.Read(text, separator))
        {
            if (names == null)
            {
                // Older PowerShells write the type of what they export above the names.
                if (fields[0].StartsWith("#TYPE", StringComparison.Ordinal))
                {
                    continue;
                }

                names = [.. fields.Select(f => SymbolColumns.TryFind(f, out string? known) ? known : null)];
                if (!Has(names, SymbolColumn.Name) || !Has(names, SymbolColumn.Address))
                {
                    throw new ElfMmuException(
                        "SymbolColumnsMissing",
                        ErrorKind.InvalidData,
                        $"{source}, line {line}: the row of names has '{string.Join("', '", fields)}'. It needs one of "
                        + $"{string.Join(", ", SymbolColumns.NamesOf(SymbolColumn.Name))}, and one of "
                        + $"{string.Join(", ", SymbolColumns.NamesOf(SymbolColumn.Address))}.");
                }

                continue;
            }

            if (isOpen)
            {
                notes.Add(source, line, "has a quote that is never closed; what follows it was taken as one field", string.Join(separator, fields));
            }
            else if (fields.Length > names.Length)
            {
                notes.Add(source, line, "has more fields than there are names, and the rest was left out", string.Join(separator, fields));
            }

            var row = new SymbolRow(source, line);
            for (int i = 0; i < Math.Min(fields.Length, names.Length); i++)
            {
                if (names[i] is { } name)
                {
                    row.Set(name, fields[i]);
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    private static List<CompanionSymbol> ReadLines(string text, string source, LineParser parse, SourceNotes notes)
    {
        List<CompanionSymbol> symbols = [];
        int number = 0;
        foreach (ReadOnlySpan<char> span in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = span.ToString();
            if (parse(line, out CompanionSymbol? symbol))
            {
                symbols.Add(symbol);
            }
            else if (!SymbolLines.IsHeading(span))
            {
                notes.Add(source, number, "isn't a symbol, and was left out", line);
            }
        }

        return symbols;
    }

    /// <summary>Finds the way of reading lines that reads most of the first ones.</summary>
    private static LineParser Judge(string text, string source, SymbolFormat format)
    {
        LineParser[] parsers = format is SymbolFormat.SystemMap or SymbolFormat.Kallsyms
            ? [SymbolLines.TryParseBsd]
            : [SymbolLines.TryParseSysV, SymbolLines.TryParseBsd, SymbolLines.TryParsePosix];
        int[] hits = new int[parsers.Length];
        int lines = 0;
        string? first = null;
        foreach (ReadOnlySpan<char> span in text.AsSpan().EnumerateLines())
        {
            if (SymbolLines.IsHeading(span))
            {
                continue;
            }

            string line = span.ToString();
            first ??= line;

            // A line that several can read is the first one's: a name of POSIX's may look like an address, but no address like a name.
            int reader = Array.FindIndex(parsers, p => p(line, out _));
            if (reader >= 0)
            {
                hits[reader]++;
            }

            if (++lines == LinesJudged)
            {
                break;
            }
        }

        int best = Array.IndexOf(hits, hits.Max());
        if (hits[best] == 0 && format == SymbolFormat.Auto)
        {
            throw new ElfMmuException(
                "SymbolFormatUnknown",
                ErrorKind.InvalidData,
                first == null
                    ? $"{source} is empty: there is no symbol in it."
                    : $"{source} isn't a list of symbols as CSV, System.map, kallsyms or nm have it; it starts with '{Cut(first)}'. Name its format, "
                        + "or convert it to CSV with the columns Name and Address.");
        }

        return parsers[best];
    }

    private static bool IsTable(string text)
    {
        ReadOnlySpan<char> header = FirstLine(text);
        char separator = CsvReader.SeparatorOf(header);
        (int _, string[] fields, bool _) = CsvReader.Read(header.ToString(), separator).FirstOrDefault((0, [], false));
        return fields.Any(f => SymbolColumns.TryFind(f, out string? name) && SymbolColumns.NamesOf(SymbolColumn.Name).Contains(name))
            && fields.Length > 1;
    }

    private static ReadOnlySpan<char> FirstLine(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.Trim().IsEmpty && !line.StartsWith("#TYPE", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return [];
    }

    private static bool Has(string?[] names, SymbolColumn column) => SymbolColumns.NamesOf(column).Any(n => names.Contains(n));

    private static string Cut(string line)
    {
        const int MostShown = 60;
        return line.Length > MostShown ? line[..MostShown] + "..." : line;
    }
}
