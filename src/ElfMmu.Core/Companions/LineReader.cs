namespace ElfMmu.Companions;

/// <summary>Tables of lines of source: CSV with the columns Address, File and Line, and Column if there is one.</summary>
public static class LineReader
{
    /// <summary>Reads a file. O(length).</summary>
    /// <param name="fullPath">Its full path.</param>
    /// <param name="notes">Takes what was odd.</param>
    /// <exception cref="ElfMmuException">What <see cref="TextFile.Read"/> and <see cref="Read"/> throw.</exception>
    public static IReadOnlyList<CompanionLine> ReadFile(string fullPath, SourceNotes notes) =>
        Read(TextFile.Read(fullPath), $"'{fullPath}'", notes);

    /// <summary>Reads a text. A row that can't be read is left out, and a note counts those. O(length).</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <param name="notes">Takes what was odd.</param>
    /// <exception cref="ElfMmuException"><c>LineColumnsMissing</c>: there is no column Address, File or Line.</exception>
    public static IReadOnlyList<CompanionLine> Read(string text, string source, SourceNotes notes)
    {
        int end = text.AsSpan().TrimStart().IndexOfAny('\r', '\n');
        ReadOnlySpan<char> header = text.AsSpan().TrimStart();
        char separator = CsvReader.SeparatorOf(end < 0 ? header : header[..end]);
        List<(int Line, string[] Fields)> rows = [.. CsvReader.Read(text, separator)
            .Where(r => !r.Fields[0].StartsWith("#TYPE", StringComparison.Ordinal)).Select(r => (r.Line, r.Fields))];
        string[] names = rows.Count > 0 ? rows[0].Fields : [];
        int address = Index(names, SymbolColumn.Address);
        int file = Index(names, SymbolColumn.File);
        int line = Index(names, SymbolColumn.Line);
        int column = Array.FindIndex(names, n => n.Trim().Equals("Column", StringComparison.OrdinalIgnoreCase));
        if (address < 0 || file < 0 || line < 0)
        {
            throw new ElfMmuException("LineColumnsMissing", ErrorKind.InvalidData,
                $"{source}: the first row has '{string.Join("', '", names)}'. A table of lines needs the columns Address, File and Line.");
        }

        bool isHexadecimal = rows.Skip(1).Any(r => NumberText.LooksHexadecimal(r.Fields.ElementAtOrDefault(address)));
        List<CompanionLine> lines = [];
        foreach ((int number, string[] fields) in rows.Skip(1))
        {
            if (fields.Length > Math.Max(address, Math.Max(file, line))
                && NumberText.TryParse(fields[address], isHexadecimal, out ulong at)
                && NumberText.TryParse(fields[line], false, out ulong where) && where <= int.MaxValue
                && fields[file].Trim() is { Length: > 0 } name)
            {
                bool has = column >= 0 && column < fields.Length && NumberText.TryParse(fields[column], false, out ulong c) && c <= ushort.MaxValue;
                lines.Add(new CompanionLine(at, name, (uint)where) { Column = has && NumberText.TryParse(fields[column], false, out c) ? (uint)c : 0 });
            }
            else
            {
                notes.Add(source, number, "isn't an address, a file and a line, and was left out", string.Join(separator, fields));
            }
        }

        return lines;
    }

    private static int Index(string[] names, SymbolColumn column) =>
        Array.FindIndex(names, n => SymbolColumns.NamesOf(column).Contains(n.Trim(), StringComparer.OrdinalIgnoreCase));
}
